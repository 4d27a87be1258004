/** One finding: what was expected, what was seen, how sure that is, what to do, and whether it was noise before. */
import type { FindingContext, FindingPage } from '../../../../schemas/api/findings.ts';
import { at, PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { Severity } from '../../components/judgement.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { cut } from '../../state/cut.ts';
import { plural } from '../../state/number.ts';
import { formatAgo, formatTime, msOf, zoneName } from '../../state/time.ts';
import { CaseGraph } from './case-graph.tsx';
import { CaseOf } from './case-of.tsx';
import { Evidence } from './evidence.tsx';
import { type Finding, type FindingDocument, isLike, STATE_WORDS } from './finding.ts';
import { FindingActions } from './finding-actions.tsx';
import { HowSure } from './how-sure.tsx';
import { Notes } from './notes.tsx';
import { WhatToDo } from './what-to-do.tsx';

/** As many as one request may judge. */
const ALIKE_MAX = 100;

export interface FindingViewProps {
  readonly id: string;
  /** What the list says of it already: it can be judged before the rest is there. */
  readonly known?: Finding | undefined;
  /** Other open ones that one judgement can be of as well; where nobody has listed them, they are asked for. */
  readonly like?: readonly Finding[];
  readonly isWide?: boolean;
  readonly onDone: () => void;
}

export function FindingView({ id, known, like: listed, isWide = false, onDone }: FindingViewProps) {
  const finding = useQuery<FindingDocument>(at(PATHS.finding, { id }), {}, { isFresh: true });
  const context = useQuery<FindingContext>(at(PATHS.finding_context, { id }), {}, { isFresh: true });
  const shown = finding.data ?? known;
  const alike = useAlike(listed === undefined ? shown : undefined);
  const like = listed ?? alike.findings;
  const done = (): void => {
    finding.retry();
    context.retry();
    alike.retry();
    onDone();
  };
  return (
    <article class="finding" data-is-wide={isWide}>
      {shown !== undefined && <Head of={shown} context={context.data} />}
      {shown !== undefined && <FindingActions of={shown} like={like} onDone={done} />}
      <Answer of={finding} skeleton={<Skeleton lines={14} height={20} />}>
        {(data) => (
          <>
            <CaseGraph of={data} context={context.data} />
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
          </>
        )}
      </Answer>
    </article>
  );
}

/** @param of `undefined`: nothing is asked */
function useAlike(of: Finding | undefined): { readonly findings: readonly Finding[]; readonly retry: () => void } {
  const found = useQuery<FindingPage>(of === undefined ? undefined : PATHS.findings, {
    ...{ state: 'open', rule: of?.rule, account: of?.account_id, limit: ALIKE_MAX },
    ...(of === undefined || of.key_id === '' ? {} : { key: of.key_id }),
  });
  const all = of === undefined ? [] : (found.data?.findings ?? []);
  return { findings: all.filter((one) => of !== undefined && one.id !== of.id && isLike(of, one)), retry: found.retry };
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
        {cut(summary) ||
          'What the detection says of it names more than your token may see; the evidence shows what it may.'}
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
