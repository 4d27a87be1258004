/** What the time before does not have: the first place to look for what has changed. */
import type { NewcomersDocument, OverviewDocument } from '../../../../schemas/api/overview.ts';
import { PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { fieldName } from '../../components/entities.ts';
import { Handle } from '../../components/handle.tsx';
import { isJudgement, JudgementMark } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { filterParams } from '../../state/filters.ts';
import { range, rangeParams } from '../../state/range.ts';
import { formatSpan, formatTime, msOf } from '../../state/time.ts';

export function Newcomers({ after }: { readonly after: Query<OverviewDocument> }) {
  const found = useQuery<NewcomersDocument>(PATHS.newcomers, { ...rangeParams(), ...filterParams() }, { after });
  const span = formatSpan(range.value.toMs - range.value.fromMs);
  return (
    <Panel title="New" more={<span class="muted">not seen in the {span} before</span>} isFlush>
      <Answer of={found} skeleton={<Skeleton lines={6} height={20} />}>
        {({ rows }) => (
          <div class="short-scroll">
            <Table
              label="New since the time before"
              rows={rows}
              keyOf={({ kind, value }) => `${kind} ${value}`}
              empty={<Empty title="Nothing new: every key, app, address, country and user agent was there before" />}
              columns={[
                { name: 'kind', title: 'what', cell: ({ kind }) => <span class="muted">{fieldName(kind)}</span> },
                {
                  name: 'value',
                  title: 'value',
                  cell: ({ kind, value, judgement }) => (
                    <>
                      {isJudgement(judgement) && judgement.startsWith('should') && (
                        <>
                          <JudgementMark of={judgement} isShort />{' '}
                        </>
                      )}
                      <Handle field={kind} value={value} />
                    </>
                  ),
                },
                {
                  name: 'first_seen',
                  title: 'first seen',
                  cell: ({ first_seen }) => formatTime(msOf(first_seen), 'minute'),
                },
                { name: 'events', title: 'requests', isNumber: true, hasBar: true },
              ]}
            />
          </div>
        )}
      </Answer>
    </Panel>
  );
}
