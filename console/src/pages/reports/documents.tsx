/** The reports that were made and kept, page by page. */
import { useEffect, useState } from 'preact/hooks';
import { get } from '../../api/client.ts';
import { PATHS } from '../../api/paths.ts';
import { type Trouble, troubleFrom } from '../../api/problem.ts';
import { useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton, TroubleNote } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useRowKeys } from '../../components/use-row-keys.ts';
import { go } from '../../state/location.ts';
import { linkTo } from '../../state/range.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';
import type { DocumentHead, DocumentPage } from './answers.ts';

const ROWS = 50;

export function Documents() {
  const first = useQuery<DocumentPage>(PATHS.report_documents, { limit: ROWS });
  const [more, setMore] = useState<
    { readonly documents: readonly DocumentHead[]; readonly next: string | null } | undefined
  >(undefined);
  const [isLoading, setLoading] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  useEffect(() => setMore(undefined), [first.data]);
  const documents = [...(first.data?.documents ?? []), ...(more?.documents ?? [])];
  const next = more === undefined ? (first.data?.next ?? null) : more.next;
  const load = async (): Promise<void> => {
    if (next === null) return;
    setLoading(true);
    try {
      const page = await get<DocumentPage>(PATHS.report_documents, { limit: ROWS, cursor: next });
      setMore({ documents: [...(more?.documents ?? []), ...page.documents], next: page.next });
    } catch (error) {
      setTrouble(troubleFrom(error));
    } finally {
      setLoading(false);
    }
  };
  const selected = useRowKeys(documents.length, {
    group: 'Reports',
    open: (at) => documents[at] !== undefined && go(linkTo(`/reports/${documents[at].id}`)),
  });
  return (
    <Panel title="Made and kept" more={<span class="muted">the latest first</span>} isFlush>
      <Answer of={first} skeleton={<Skeleton lines={6} height={20} />}>
        {() => (
          <>
            <Table<DocumentHead>
              label="Reports that were made"
              rows={documents}
              selected={selected}
              keyOf={({ id }) => id}
              empty={
                <Empty title="No report was made yet">
                  <p class="muted">
                    One that is made here is kept, and can be read, downloaded and sent. At the terminal:
                  </p>
                  <pre>keytrail report run key-usage --period 2026-10</pre>
                </Empty>
              }
              columns={[
                {
                  name: 'title',
                  title: 'report',
                  cell: ({ id, title, period }) => (
                    <a href={linkTo(`/reports/${id}`)}>
                      <bdi>{title}</bdi>, {period}
                    </a>
                  ),
                },
                {
                  name: 'summary',
                  title: 'in short',
                  isWrapped: true,
                  cell: ({ summary }) => <bdi>{summary.slice(0, 300)}</bdi>,
                },
                {
                  name: 'account',
                  title: 'of',
                  cell: ({ account, owner }) =>
                    owner !== '' ? (
                      <Handle field="owner" value={owner} />
                    ) : (
                      <Handle field="account_id" value={account} empty="all accounts" />
                    ),
                },
                {
                  name: 'author',
                  title: 'asked for by',
                  cell: ({ author, schedule }) => <bdi>{author || schedule || '–'}</bdi>,
                },
                {
                  name: 'stored_at',
                  title: 'made',
                  cell: ({ stored_at: time }) => <span title={formatTime(msOf(time))}>{formatAgo(msOf(time))}</span>,
                },
                {
                  name: 'sections_failed',
                  title: 'state',
                  cell: ({ sections_failed: failed, provisional }) =>
                    failed > 0 ? (
                      <span class="state-word" data-state="bad">
                        {failed} sections failed
                      </span>
                    ) : provisional ? (
                      <span class="state-word" data-state="waiting">
                        period still running
                      </span>
                    ) : (
                      <span class="state-word" data-state="good">
                        whole
                      </span>
                    ),
                },
              ]}
            />
            {documents.length > 0 && (
              <Pager
                shown={documents.length}
                hasMore={next !== null}
                isLoading={isLoading}
                onMore={() => void load()}
              />
            )}
            {trouble !== undefined && <TroubleNote trouble={trouble} />}
          </>
        )}
      </Answer>
    </Panel>
  );
}
