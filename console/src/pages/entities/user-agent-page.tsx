/** One user agent: which keys come with it, and from where. It is what a client says of itself, and proves nothing. */
import { Count, Sentence } from '../../components/sentence.tsx';
import type { PageProps } from '../page.ts';
import { entityOf, eventsOf } from './entity.ts';
import { EntityPage } from './entity-page.tsx';
import { useProfile } from './use-profile.ts';
import { Newly, Requests, Wrong } from './words.tsx';

export function UserAgentPage({ params: { agent = '' } }: PageProps) {
  const entity = entityOf('user-agent', agent);
  const profile = useProfile(entity);
  return (
    <EntityPage
      entity={entity}
      profile={profile}
      sentence={({ profile, newcomers }) => (
        <Sentence>
          Clients of this name <Requests entity={entity} profile={profile} />, with{' '}
          <Count of={profile.keys} one="key" href={eventsOf(entity)} /> of{' '}
          {profile.apps === 1 ? 'one app' : `${profile.apps} apps`}
          <Newly newcomers={newcomers} kinds={['key_id', 'source_ip']} />. <Wrong entity={entity} of={profile} />
        </Sentence>
      )}
    />
  );
}
