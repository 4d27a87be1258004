/** One address: whose network it is in, who uses it and since when, and what was refused. */
import type { RowsDocument } from '../../../../schemas/api/questions.ts';
import { at, PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Count, Sentence } from '../../components/sentence.tsx';
import { rangeParams } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';
import type { PageProps } from '../page.ts';
import { entityOf } from './entity.ts';
import { EntityPage, type Told } from './entity-page.tsx';
import { NoAddress } from './no-address.tsx';
import { useProfile } from './use-profile.ts';
import { Users, type UsersRow } from './users.tsx';
import { Newly, Requests, Wrong } from './words.tsx';

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\d{1,3}(?:\.\d{1,3}){3})?)$/i;

export function AddressPage({ params: { address = '' } }: PageProps) {
  return ADDRESS.test(address) ? <Address address={address} /> : <NoAddress text={address} />;
}

function Address({ address }: { readonly address: string }) {
  const entity = entityOf('address', address);
  const profile = useProfile(entity);
  const users = useQuery<RowsDocument>(at(PATHS.address, { address }), rangeParams());
  const rows = (users.data?.rows ?? []) as unknown as readonly UsersRow[];
  return (
    <EntityPage
      entity={entity}
      profile={profile}
      hasPlaces={false}
      sentence={(told) => <AddressSentence address={address} rows={rows} told={told} />}
      first={(users.data === undefined || rows.length > 0) && <Users entity={entity} of={users} />}
    />
  );
}

interface SentenceProps {
  readonly address: string;
  readonly rows: readonly UsersRow[];
  readonly told: Told;
}

function AddressSentence({ address, rows, told: { profile, newcomers } }: SentenceProps) {
  const entity = entityOf('address', address);
  const [first] = rows;
  const owners = [...new Set(rows.map(({ owner }) => owner))].filter((owner) => owner !== '');
  return (
    <Sentence>
      {first !== undefined && <Place of={first} />} It <Requests entity={entity} profile={profile} />, with{' '}
      <Count of={profile.keys} one="key" href="#users" />
      {owners.length > 0 && (
        <>
          {' '}
          of{' '}
          {owners.slice(0, 2).map((owner, place) => (
            <>
              {place > 0 && ' and '}
              <Handle field="owner" value={owner} known="resolved" because="registry, at the time of the requests" />
            </>
          ))}
          {owners.length > 2 && <> and {owners.length - 2} others</>}
        </>
      )}
      {profile.first_seen !== null && <>, since {formatTime(msOf(profile.first_seen), 'minute')}</>}
      <Newly newcomers={newcomers} kinds={['key_id', 'app']} />. <Wrong entity={entity} of={profile} />
    </Sentence>
  );
}

/** Whose network: the registry's word before that of the data of addresses. */
function Place({ of: { network, asn, as_name, country } }: { readonly of: UsersRow }) {
  const provider = Number(asn) !== 0;
  if (network === '' && !provider) {
    return (
      <strong class="wrong">
        No network that is known holds this address{country !== '' && `; it is in ${country}`}.
      </strong>
    );
  }
  return (
    <>
      An address of{' '}
      {network !== '' && (
        <Handle field="network" value={network} known="resolved" because="a network of the registry" />
      )}
      {network !== '' && provider && ', '}
      {provider && (
        <Handle field="asn" value={asn} known="resolved" because="network data, by address">
          AS{asn} {as_name}
        </Handle>
      )}
      {country !== '' && (
        <>
          {' '}
          in <Handle field="country" value={country} known="resolved" because="network data, by address" />
        </>
      )}
      .
    </>
  );
}
