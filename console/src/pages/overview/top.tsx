/** The busiest values of a field, with their course. */
import type { OverviewDocument, TopDocument } from '../../../../schemas/api/overview.ts';
import { JUDGEMENTS } from '../../../../schemas/judgement.ts';
import type { Query } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { JudgementMark } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { AnswerPart, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';

type Row = TopDocument['rows'][number];

const ROWS = 6;

export interface TopProps {
  readonly of: Query<OverviewDocument>;
  readonly field: keyof OverviewDocument['top'];
  readonly title: string;
}

export function Top({ of, field, title }: TopProps) {
  return (
    <Panel title={title} more={<span class="muted">busiest</span>} isFlush>
      <AnswerPart of={of} skeleton={<Skeleton lines={ROWS} height={20} />}>
        {({ top }) => (
          <Table
            label={title}
            rows={top[field].rows.slice(0, ROWS)}
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
      </AnswerPart>
    </Panel>
  );
}

/** Only what is not as it should be is marked: the eye finds it by itself. */
function Gravest({ of }: { readonly of: Row }) {
  const wrong = JUDGEMENTS.find((word) => word.startsWith('should') && of[word] > 0);
  return wrong === undefined ? null : <JudgementMark of={wrong} isShort />;
}
