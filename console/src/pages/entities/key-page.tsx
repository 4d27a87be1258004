/** One key: whose it is, what for, from where it is used, whether that fits its list, and what changed. */
import type { AddressesDocument } from '../../../../schemas/api/entities.ts';
import type { RowsDocument } from '../../../../schemas/api/questions.ts';
import { at, PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Choices } from '../../components/button.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { change, value } from '../../state/location.ts';
import { rangeParams } from '../../state/range.ts';
import type { PageProps } from '../page.ts';
import { AllowList } from './allow-list.tsx';
import { entityOf } from './entity.ts';
import { EntityPage } from './entity-page.tsx';
import { KeyHistory } from './key-history.tsx';
import { KeySentence } from './key-sentence.tsx';
import { versionsOf } from './registry-keys.ts';
import { knownBy } from './unknown.tsx';
import { useProfile } from './use-profile.ts';

/** What the registry knows of it and what its events say are asked for at once: neither waits for the other. */
export function KeyPage({ params: { key: name = '' } }: PageProps) {
  const history = useQuery<RowsDocument>(at(PATHS.key_history, { key: name }));
  const all = history.data === undefined ? [] : versionsOf(history.data);
  const accounts = [...new Set(all.map(({ account }) => account))];
  const wanted = value('account');
  // The account of an event need not be the key's own: where the name is known once, it is that one.
  const account = accounts.length === 1 ? accounts[0] : accounts.includes(wanted) ? wanted : undefined;
  const versions = all.filter((version) => account === undefined || version.account === account);
  const narrowedTo = accounts.length > 1 ? account : undefined;
  const entity = entityOf('key', name, narrowedTo === undefined ? {} : { 'only.account_id': narrowedTo });
  const profile = useProfile(entity);
  const used = useQuery<AddressesDocument>(PATHS.addresses, { ...rangeParams(), ...entity.only }, { after: profile });
  return (
    <EntityPage
      key={narrowedTo ?? ''}
      addresses={used}
      entity={entity}
      profile={profile}
      isKnown={knownBy(history, versions.length > 0)}
      note={
        accounts.length > 1 && (
          <div class="note">
            <p>
              <b>{accounts.length} keys have this name</b>, each in an account of its own.
            </p>
            <Choices
              label="Which account"
              chosen={account ?? ''}
              choices={[{ word: '', shown: 'all' }, ...accounts.map((word) => ({ word, shown: word }))]}
              onChoose={(word) => change({ account: word })}
            />
          </div>
        )
      }
      sentence={(told) => (
        <Answer of={history} skeleton={<Skeleton lines={2} height={22} />}>
          {() => <KeySentence entity={entity} versions={versions} told={told} />}
        </Answer>
      )}
      first={<AllowList entity={entity} versions={versions} used={used} />}
      more={history.data !== undefined && <KeyHistory name={name} versions={versions} />}
    />
  );
}
