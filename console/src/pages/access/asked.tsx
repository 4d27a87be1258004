/** What was asked of keytrail itself: read, exported, changed, signed in to. */
import type { AnswerDocument } from '../../../../schemas/api/questions.ts';
import { at, PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { FacetCounts } from '../../components/facet-counts.tsx';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { change, changed, value } from '../../state/location.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { linkTo, rangeParams } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';

interface Entry {
  readonly event_time: string;
  readonly token: string;
  readonly action: string;
  readonly target: string;
  readonly status_code: number;
  readonly source_ip: string;
  readonly detail: string;
  readonly request_id: string;
}

const SHOWN_MAX = 300;

export function Asked() {
  const [token, action] = [value('token'), value('action')];
  const answer = useQuery<AnswerDocument>(at(PATHS.answer, { id: 'access-log' }), {
    ...rangeParams(),
    ...(token === '' ? {} : { 'param.token': token }),
    ...(action === '' ? {} : { 'param.action': action }),
  });
  return (
    <Answer of={answer} skeleton={<Skeleton lines={14} height={20} />}>
      {({ rows }) => <Entries of={rows as unknown as readonly Entry[]} token={token} action={action} />}
    </Answer>
  );
}

interface EntriesProps {
  readonly of: readonly Entry[];
  readonly token: string;
  readonly action: string;
}

function Entries({ of, token, action }: EntriesProps) {
  const refused = of.filter(({ status_code: status }) => status === 401 || status === 403).length;
  const shown = of.slice(0, SHOWN_MAX);
  return (
    <div class="page">
      <Sentence>
        {of.length === 0 ? (
          'Nothing was asked of keytrail in this time.'
        ) : (
          <>
            {plural(of.length, 'request')} in this time, of {plural(new Set(of.map((one) => one.token)).size, 'token')}
            {refused > 0 && (
              <>
                ; <b class="is-bad">{formatNumber(refused)}</b> {refused === 1 ? 'was' : 'were'} refused
              </>
            )}
            .
          </>
        )}
      </Sentence>
      <Panel
        title="Who asked what"
        more={
          <>
            <span class="muted">in the time in the head, the latest first</span>
            {[
              ['token', token],
              ['action', action],
            ].map(
              ([name = '', word = '']) =>
                word !== '' && (
                  <Button key={name} kind="plain" onClick={() => change({ [name]: undefined })}>
                    only {name} <bdi>{word.slice(0, 60)}</bdi> ✕
                  </Button>
                ),
            )}
            <a class="push small" href={linkTo('/questions/access-log')}>
              As a question
            </a>
          </>
        }
        isFlush
      >
        {of.length > 0 && (
          <div class="filters">
            <FacetCounts name="token" values={of.map((one) => one.token)} />
            <FacetCounts name="action" values={of.map((one) => one.action)} />
          </div>
        )}
        <Table<Entry>
          label="Who asked what"
          rows={shown}
          keyOf={({ request_id: id, event_time: time, target }) => `${id} ${time} ${target}`}
          empty={
            <Empty title="Nothing was asked in this time">
              <p class="muted">
                What is asked over HTTP is kept from the first request on; commands on the machine itself are not.
              </p>
            </Empty>
          }
          columns={[
            { name: 'event_time', title: 'when', cell: ({ event_time: time }) => formatTime(msOf(time)) },
            {
              name: 'token',
              title: 'token',
              cell: ({ token: name }) => (
                <a class="handle" href={changed({ token: name })}>
                  <bdi>{name}</bdi>
                </a>
              ),
            },
            {
              name: 'action',
              title: 'did',
              cell: ({ action: word }) => (
                <a class="handle" href={changed({ action: word })}>
                  {word}
                </a>
              ),
            },
            { name: 'target', title: 'what', cell: ({ target }) => <bdi>{target}</bdi> },
            {
              name: 'status_code',
              title: 'status',
              isNumber: true,
              cell: ({ status_code: status }) => <span class={status >= 400 ? 'is-bad' : undefined}>{status}</span>,
            },
            {
              name: 'source_ip',
              title: 'from',
              cell: ({ source_ip: address }) => <Handle field="source_ip" value={address} />,
            },
            {
              name: 'detail',
              title: 'asked for',
              isWrapped: true,
              sortBy: false,
              cell: ({ detail }) => <bdi class="mono small">{readable(detail)}</bdi>,
            },
          ]}
        />
        {of.length > shown.length && (
          <p class="muted small panel-body">
            The latest {formatNumber(SHOWN_MAX)} of {formatNumber(of.length)} are shown; the question has them all.
          </p>
        )}
      </Panel>
    </div>
  );
}

const DETAIL_CHARS = 220;

function readable(detail: string): string {
  let text = detail;
  try {
    text = decodeURIComponent(detail.replace(/\+/g, ' '));
  } catch {
    // What is no encoded text is shown as it is.
  }
  return text.length > DETAIL_CHARS ? `${text.slice(0, DETAIL_CHARS)}…` : text;
}
