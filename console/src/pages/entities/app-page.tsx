/** One app: its keys, its normal places and hours, and what left the normal. */
import type { RowsDocument } from '../../../../schemas/api/questions.ts';
import { at, PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Count, Sentence } from '../../components/sentence.tsx';
import { rangeParams } from '../../state/range.ts';
import type { PageProps } from '../page.ts';
import { AppKeys, type AppKeysRow } from './app-keys.tsx';
import { entityOf } from './entity.ts';
import { EntityPage } from './entity-page.tsx';
import { knownBy } from './unknown.tsx';
import { useProfile } from './use-profile.ts';
import { Newly, Requests, Wrong } from './words.tsx';

export function AppPage({ params: { app = '' } }: PageProps) {
  const entity = entityOf('app', app);
  const profile = useProfile(entity);
  const keys = useQuery<RowsDocument>(at(PATHS.app, { app }), rangeParams(), { after: profile });
  const rows = (keys.data?.rows ?? []) as unknown as readonly AppKeysRow[];
  return (
    <EntityPage
      entity={entity}
      profile={profile}
      isKnown={knownBy(keys, rows.length > 0)}
      sentence={({ profile, newcomers }) => (
        <Sentence>
          {keys.data !== undefined && (
            <>
              The app has <Count of={rows.length} one="key" href="#keys" /> of{' '}
              {new Set(rows.map(({ owner }) => owner)).size === 1 ? 'one owner' : `${profile.owners} owners`}.{' '}
            </>
          )}
          It <Requests entity={entity} profile={profile} />
          <Newly newcomers={newcomers} kinds={['source_ip', 'key_id', 'country', 'user_agent']} />.{' '}
          <Wrong entity={entity} of={profile} />
        </Sentence>
      )}
      first={<AppKeys entity={entity} of={keys} />}
    />
  );
}
