/** The list of findings with the keys that move in it. */
import { Severity } from '../../components/judgement.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { cut } from '../../state/cut.ts';
import { useKeys } from '../../state/keyboard.ts';
import { density } from '../../state/preferences.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';
import { type Finding, STATE_WORDS } from './finding.ts';
import { NoFindings } from './no-findings.tsx';

/** Below this a summary takes two lines. */
const NARROW_PX = 600;

export interface QueueProps {
  readonly findings: readonly Finding[];
  readonly selected: number;
  readonly onSelect: (at: number) => void;
  readonly onOpen: (finding: Finding) => void;
}

export function Queue({ findings, selected, onSelect, onOpen }: QueueProps) {
  const step = (by: number): void => onSelect(Math.max(0, Math.min(findings.length - 1, selected + by)));
  const open = (at: number): void => {
    const finding = findings[at];
    if (finding === undefined) return;
    onSelect(at);
    onOpen(finding);
  };
  const group = 'Findings';
  useKeys([
    { keys: 'j', does: 'next finding', group, run: () => step(1) },
    { keys: 'k', does: 'finding before', group, run: () => step(-1) },
    { keys: 'o', does: 'open it', group, run: () => open(Math.max(0, selected)) },
  ]);
  if (findings.length === 0) return <NoFindings />;
  return (
    <div class="panel queue">
      <VirtualList
        label="Findings"
        items={findings}
        rowHeight={(window.innerWidth < NARROW_PX ? 22 : 0) + (density.value === 'dense' ? 42 : 50)}
        selected={selected}
        onSelect={onSelect}
        // What else a key does here is done to the finding that is selected: each step is drawn.
        steps={{ at: () => selected, to: onSelect }}
        onOpen={open}
        keyOf={({ id }) => id}
        row={(finding) => <Line of={finding} />}
      />
    </div>
  );
}

/** A line is taken hold of as a whole; its values are handles once it is open. */
function Line({ of }: { readonly of: Finding }) {
  const { severity, summary, rule, key_id, state, last_seen, events, suppression } = of;
  return (
    <div class="queue-line">
      <Severity of={severity} />
      <span class="queue-summary">
        <bdi>{cut(summary || rule)}</bdi>
      </span>
      <span class="queue-more small muted">
        {rule}
        {key_id !== '' && (
          <>
            {' · '}
            <bdi>{cut(key_id)}</bdi>
          </>
        )}
        {' · '}
        {events === 1 ? '1 event' : `${events} events`}
        {state !== 'open' && ` · ${STATE_WORDS[state] ?? state}`}
        {suppression !== '' && ' · suppressed'}
      </span>
      <time class="queue-time small muted" dateTime={last_seen} title={formatTime(msOf(last_seen))}>
        {formatAgo(msOf(last_seen))}
      </time>
    </div>
  );
}
