/** One network of the registry: its ranges over time, and who comes from there. */
import type { RowsDocument } from '../../../../schemas/api/questions.ts';
import { at, PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { formatTime, msOf } from '../../state/time.ts';
import type { PageProps } from '../page.ts';
import { entityOf } from './entity.ts';
import { EntityPage } from './entity-page.tsx';
import { knownBy } from './unknown.tsx';
import { useProfile } from './use-profile.ts';
import { Newly, Requests, Wrong } from './words.tsx';

interface Version {
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly state: string;
  readonly kind: string;
  readonly owner: string;
  readonly description: string;
  readonly cidrs: readonly string[];
  readonly origin: string;
}

export function NetworkPage({ params: { network = '' } }: PageProps) {
  const entity = entityOf('network', network);
  const profile = useProfile(entity);
  const history = useQuery<RowsDocument>(at(PATHS.network_history, { network }));
  const versions = (history.data?.rows ?? []) as unknown as readonly Version[];
  const now = versions.at(-1);
  return (
    <EntityPage
      entity={entity}
      profile={profile}
      isKnown={knownBy(history, versions.length > 0)}
      sentence={({ profile, newcomers }) => (
        <Sentence>
          {now !== undefined && (
            <>
              A network {now.kind !== '' && <>of the kind {now.kind} </>}of{' '}
              <Handle
                field="owner"
                value={now.owner}
                known="resolved"
                because="registry"
                empty="nobody that is known"
              />
              : {now.cidrs.join(', ')}.{' '}
            </>
          )}
          From there <Requests entity={entity} profile={profile} />
          <Newly newcomers={newcomers} kinds={['key_id', 'source_ip']} />. <Wrong entity={entity} of={profile} />
        </Sentence>
      )}
      more={<History of={history} />}
    />
  );
}

function History({ of }: { readonly of: Query<RowsDocument> }) {
  return (
    <Panel title="What the registry says" isFlush>
      <Answer of={of} skeleton={<Skeleton lines={2} />}>
        {({ rows }) => (
          <Table
            label="Versions of the network"
            rows={(rows as unknown as readonly Version[]).toReversed()}
            keyOf={({ valid_from }) => valid_from}
            empty={<Empty title="The registry has no network of this name" />}
            columns={[
              {
                name: 'valid_from',
                title: 'valid from',
                cell: ({ valid_from }) => formatTime(msOf(valid_from), 'minute'),
              },
              {
                name: 'valid_to',
                title: 'to',
                cell: ({ valid_to }) => (valid_to === null ? 'now' : formatTime(msOf(valid_to), 'minute')),
              },
              { name: 'cidrs', title: 'ranges', isWrapped: true, cell: ({ cidrs }) => <code>{cidrs.join(', ')}</code> },
              { name: 'kind', title: 'kind' },
              { name: 'owner', title: 'owner', cell: ({ owner }) => <Handle field="owner" value={owner} /> },
              { name: 'description', title: 'description', isWrapped: true },
              { name: 'origin', title: 'learned from' },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}
