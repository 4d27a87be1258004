/** One finding: what was expected, what was seen, how sure that is, what to do, and whether it was noise before. */
import type { FindingContext } from '../../../../schemas/api/findings.ts';
import { at, PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { Severity } from '../../components/judgement.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { plural } from '../../state/number.ts';
import { formatAgo, formatTime, msOf, zoneName } from '../../state/time.ts';
import { CaseOf } from './case-of.tsx';
import { Evidence } from './evidence.tsx';
import { type Finding, type FindingDocument, STATE_WORDS } from './finding.ts';
import { FindingActions } from './finding-actions.tsx';
import { HowSure } from './how-sure.tsx';
import { Notes } from './notes.tsx';
import { WhatToDo } from './what-to-do.tsx';

export interface FindingViewProps {
  readonly id: string;
  /** What the list says of it already: it can be judged before the rest is there. */
  readonly known?: Finding | undefined;
  readonly like: readonly Finding[];
  readonly isWide?: boolean;
  readonly onDone: () => void;
}

export function FindingView({ id, known, like, isWide = false, onDone }: FindingViewProps) {
  const finding = useQuery<FindingDocument>(at(PATHS.finding, { id }), {}, { isFresh: true });
  const context = useQuery<FindingContext>(at(PATHS.finding_context, { id }), {}, { isFresh: true });
  const done = (): void => {
    finding.retry();
    context.retry();
    onDone();
  };
  const shown = finding.data ?? known;
  return (
    <article class="finding" data-is-wide={isWide}>
      {shown !== undefined && <Head of={shown} context={context.data} />}
      {shown !== undefined && <FindingActions of={shown} like={like} onDone={done} />}
      <Answer of={finding} skeleton={<Skeleton lines={14} height={20} />}>
        {(data) => (
          <div class="finding-parts">
            <div class="stack">
              <Explained of={data} context={context} />
              <WhatToDo of={data} context={context.data} />
            </div>
            <div class="stack">
              <Evidence of={data} />
              <CaseOf of={data} context={context.data} />
              <Notes of={data} />
            </div>
          </div>
        )}
      </Answer>
    </article>
  );
}

function Head({ of, context }: { readonly of: Finding; readonly context: FindingContext | undefined }) {
  const { severity, state, rule, summary, first_seen, last_seen, events, backfill, suppression } = of;
  return (
    <header class="finding-head">
      <p class="row small">
        <Severity of={severity} />
        <b>{STATE_WORDS[state] ?? state}</b>
        <span class="muted">{context?.detection?.title ?? rule}</span>
        {suppression !== '' && <span class="tag">suppressed</span>}
        {backfill && (
          <span class="tag" title="Its events were old when they were stored">
            old when stored
          </span>
        )}
      </p>
      <h2 class="sentence foreign">
        {summary || 'What the detection says of it names more than your token may see; the evidence shows what it may.'}
      </h2>
      <p class="small muted">
        {plural(events, 'event')}, {formatTime(msOf(first_seen))} → {formatTime(msOf(last_seen))} {zoneName.value} (
        {formatAgo(msOf(last_seen))})
      </p>
    </header>
  );
}

function Explained({ of, context }: { readonly of: FindingDocument; readonly context: Query<FindingContext> }) {
  return (
    <Answer of={context} skeleton={<Skeleton lines={6} />}>
      {({ detection, before }) => (
        <div class="stack">
          <section>
            <h3>What was expected</h3>
            {detection === null ? (
              <p>This daemon does not have the detection any more that found it.</p>
            ) : (
              <>
                <p>
                  That the answer to this is none: <q>{detection.question}</q>
                </p>
                {detection.description !== '' && <p class="muted">{detection.description}</p>}
                {detection.thresholds.length > 0 && (
                  <details class="fold">
                    <summary>From when on it is said</summary>
                    <ul class="thresholds">
                      {detection.thresholds.map(({ name, value, description, reason }) => (
                        <li key={name}>
                          <b>{String(value)}</b> {description} <span class="muted">({reason})</span>
                        </li>
                      ))}
                    </ul>
                  </details>
                )}
              </>
            )}
          </section>
          <HowSure of={of} basis={detection?.basis} before={before} />
        </div>
      )}
    </Answer>
  );
}
