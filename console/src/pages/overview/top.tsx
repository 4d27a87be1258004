/** The busiest values of a field, with their course. */
import type { TopDocument } from '../../../../schemas/api/overview.ts';
import { JUDGEMENTS } from '../../../../schemas/judgement.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { JudgementMark } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { filterParams } from '../../state/filters.ts';
import { rangeParams } from '../../state/range.ts';

type Row = TopDocument['rows'][number];

const ROWS = 6;

export function Top({ field, title }: { readonly field: TopDocument['field']; readonly title: string }) {
  const top = useQuery<TopDocument>(PATHS.top, { ...rangeParams(), ...filterParams(), field, limit: ROWS });
  return (
    <Panel title={title} more={<span class="muted">busiest</span>} isFlush>
      <Answer of={top} skeleton={<Skeleton lines={ROWS} height={20} />}>
        {({ rows }) => (
          <Table
            label={title}
            rows={rows}
            keyOf={({ value }) => value}
            empty={<Empty title="None in this time" />}
            columns={[
              {
                name: 'value',
                title: title.toLowerCase().replace(/e?s$/, ''),
                cell: (row) => (
                  <>
                    <Gravest of={row} />{' '}
                    <Handle
                      field={field}
                      value={row.value}
                      account={row.account_id || undefined}
                      known={field === 'app' ? 'resolved' : 'recorded'}
                      {...(field === 'app' ? { because: 'from the registry' } : {})}
                    />
                  </>
                ),
              },
              {
                name: 'course',
                title: 'over time',
                sortBy: false,
                cell: ({ course, value }) => <Sparkline values={course} label={`Requests of ${value} over time`} />,
              },
              { name: 'events', title: 'requests', isNumber: true, hasBar: true },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}

/** Only what is not as it should be is marked: the eye finds it by itself. */
function Gravest({ of }: { readonly of: Row }) {
  const wrong = JUDGEMENTS.find((word) => word.startsWith('should') && of[word] > 0);
  return wrong === undefined ? null : <JudgementMark of={wrong} isShort />;
}
