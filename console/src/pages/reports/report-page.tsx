/** One report, to read: in short, how far it can be relied on, and section by section with what changed. */
import type { ReportDocument } from '../../../../schemas/reports.ts';
import { at, PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { refusal } from '../../components/refusal.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { linkTo } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';
import type { PageProps } from '../page.ts';
import type { Delivery, DeliveryList } from './answers.ts';
import { RESULT_STATES } from './deliveries.tsx';
import { ReportSection } from './report-section.tsx';

const FILES = [
  ['pdf', 'PDF'],
  ['xlsx', 'Excel'],
  ['csv', 'CSV'],
  ['markdown', 'Markdown'],
  ['html', 'HTML'],
  ['json', 'JSON'],
] as const;

export function ReportPage({ params: { document: id = '' } }: PageProps) {
  const isId = /^[0-9a-f]{32}$/.test(id);
  const report = useQuery<ReportDocument>(
    isId ? at(PATHS.report_document, { document: id }) : undefined,
    {},
    { isFresh: true },
  );
  const deliveries = useQuery<DeliveryList>(isId ? PATHS.report_deliveries : undefined, { document: id });
  if (!isId || report.trouble?.status === 404) {
    return (
      <Empty title="There is no such report" isWhole>
        <p>It may be of another store, or of an account that your token does not see.</p>
        <a class="button" href={linkTo('/reports')}>
          All reports
        </a>
      </Empty>
    );
  }
  return (
    <div class="page">
      <Answer of={report} skeleton={<Skeleton lines={16} height={22} />}>
        {(data) => (
          <div class="page">
            <Head of={data} id={id} />
            {data.sections.map((section) => (
              <ReportSection key={section.id} of={section} />
            ))}
          </div>
        )}
      </Answer>
      {(deliveries.data?.deliveries.length ?? 0) > 0 && <Sent of={deliveries.data?.deliveries ?? []} />}
    </div>
  );
}

function Head({ of, id }: { readonly of: ReportDocument; readonly id: string }) {
  const { title, period, scope, summary, coverage, generated_at: made, totals } = of;
  const why = refusal('export');
  return (
    <header class="stack" style={{ gap: '8px' }}>
      <div class="row small">
        <a href={linkTo('/reports')}>Reports</a>
        <span class="muted">› {of.kind}</span>
      </div>
      <div class="row spread">
        <h1>
          {title}, {period.name}
        </h1>
        <div class="row">
          <a class="button" href={at(PATHS.report_page, { document: id })} target="_blank" rel="noreferrer">
            As a page
          </a>
          {why === undefined ? (
            FILES.map(([format, name]) => (
              <a key={format} class="button" href={at(PATHS.report_file, { document: id, format })} download>
                {name}
              </a>
            ))
          ) : (
            <span class="small muted" title={why}>
              files: with the role analyst
            </span>
          )}
        </div>
      </div>
      <Sentence>
        <bdi>{summary}</bdi>
      </Sentence>
      <p class="small muted">
        {formatTime(msOf(period.from), 'minute')} → {formatTime(msOf(period.to), 'minute')}, a period of {period.zone}
        {period.is_provisional && ' that was still running'}; of{' '}
        {scope.account === null ? 'all accounts' : <Handle field="account_id" value={scope.account} />}
        {scope.owner !== null && (
          <>
            , <Handle field="owner" value={scope.owner} />
          </>
        )}
        ; made {formatTime(msOf(made))}
      </p>
      <p class={totals.sections_failed > 0 ? 'note' : 'small muted'}>
        <bdi>{coverage.sentence}</bdi>
        {totals.sections_failed > 0 && ` ${totals.sections_failed} of ${totals.sections} sections could not be asked.`}
      </p>
    </header>
  );
}

function Sent({ of }: { readonly of: readonly Delivery[] }) {
  return (
    <Panel title="Where it was sent" isFlush>
      <Table<Delivery>
        label="Where it was sent"
        rows={of}
        keyOf={({ channel, at: time }) => `${channel} ${time}`}
        columns={[
          { name: 'channel', title: 'to', cell: ({ channel }) => <bdi>{channel}</bdi> },
          {
            name: 'result',
            title: 'state',
            cell: ({ result }) => (
              <span class="state-word" data-state={RESULT_STATES[result]}>
                {result}
              </span>
            ),
          },
          { name: 'attempts', title: 'tries', isNumber: true },
          { name: 'at', title: 'last', cell: ({ at: time }) => formatTime(msOf(time)) },
          {
            name: 'detail',
            title: 'why',
            isWrapped: true,
            cell: ({ detail }) => <bdi>{detail.slice(0, 400) || '–'}</bdi>,
          },
        ]}
      />
    </Panel>
  );
}
