/** What detections found of it in this time: open ones first, the gravest of them first. */
import type { FacetsDocument } from '../../../../schemas/api/events.ts';
import type { FindingPage } from '../../../../schemas/api/findings.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Severity } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { cut } from '../../state/cut.ts';
import { linkTo, rangeParams } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { byGravity, STATE_WORDS, severityRank } from '../findings/finding.ts';
import type { Entity } from './entity.ts';

const ROWS_MAX = 100;
/** The API takes no more of them at once. */
const KEYS_MAX = 50;

/** Findings are of keys and addresses; those of an app are those of its keys. */
function askedBy({ kind, value }: Entity, facets: FacetsDocument['facets'] | undefined) {
  if (kind.name === 'key') return { key: [value] };
  if (kind.name === 'address') return { address: value };
  const keys = facets?.key_id?.map(({ value: key }) => key).filter((key) => key !== '') ?? [];
  return keys.length === 0 ? undefined : { key: keys.slice(0, KEYS_MAX) };
}

export function FindingsOf({
  entity,
  facets,
}: {
  readonly entity: Entity;
  readonly facets: FacetsDocument['facets'] | undefined;
}) {
  const asked = askedBy(entity, facets);
  const path = asked === undefined ? undefined : PATHS.findings;
  const found = useQuery<FindingPage>(path, { ...rangeParams(), ...asked, limit: ROWS_MAX });
  if (asked === undefined) return null;
  const isOfKeys = entity.kind.name !== 'key' && entity.kind.name !== 'address';
  return (
    <Panel
      title="What was found of it"
      more={
        <>
          <span class="muted">
            {isOfKeys ? 'findings of the keys that it goes with' : ''}
            {found.data !== undefined && found.data.next !== null ? ` the latest ${ROWS_MAX}` : ''}
          </span>
          <a class="push small" href={linkTo('/findings', asked)}>
            In the queue
          </a>
        </>
      }
      isFlush
    >
      <Answer
        of={found}
        skeleton={
          <div class="panel-body">
            <Skeleton lines={4} height={20} />
          </div>
        }
      >
        {({ findings }) => (
          <div class="short-scroll">
            <Table
              label="What was found of it"
              rows={byGravity(findings)}
              keyOf={({ id }) => id}
              empty={<Empty title="Nothing was found of it in this time" />}
              columns={[
                {
                  name: 'severity',
                  title: 'severity',
                  cell: ({ severity }) => <Severity of={severity} />,
                  sortBy: ({ severity }) => severityRank(severity),
                },
                {
                  name: 'summary',
                  title: 'finding',
                  isWrapped: true,
                  cell: ({ id, summary, rule }) => (
                    <a class="handle" href={linkTo(`/findings/${id}`)}>
                      <bdi>{cut(summary || rule)}</bdi>
                    </a>
                  ),
                },
                { name: 'state', title: 'state', cell: ({ state }) => STATE_WORDS[state] ?? state },
                {
                  name: 'last_seen',
                  title: 'last seen',
                  cell: ({ last_seen }) => formatTime(msOf(last_seen), 'minute'),
                },
              ]}
            />
          </div>
        )}
      </Answer>
    </Panel>
  );
}
