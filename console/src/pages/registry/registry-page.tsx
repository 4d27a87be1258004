/** What is known of accounts, people, keys, apps and networks; since when, and from what. */
import { isHeldToAccounts } from '../../api/may.ts';
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { chosenTab, type Tab, Tabs } from '../../components/tabs.tsx';
import { change, changed, value } from '../../state/location.ts';
import { plural } from '../../state/number.ts';
import { Accounts, Users } from './accounts.tsx';
import { Apps } from './apps.tsx';
import { Changes } from './changes.tsx';
import { HistoryDrawer } from './history-drawer.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { Keys, type KnownKey } from './keys.tsx';
import { Networks } from './networks.tsx';
import { Unregistered } from './unregistered.tsx';

type Word = 'keys' | 'apps' | 'networks' | 'accounts' | 'users' | 'unregistered' | 'changes';

const TABS: readonly Tab<Word>[] = [
  { word: 'keys', name: 'Keys' },
  { word: 'apps', name: 'Apps' },
  { word: 'networks', name: 'Networks' },
  { word: 'accounts', name: 'Accounts' },
  { word: 'users', name: 'Users' },
  { word: 'unregistered', name: 'Not registered' },
  { word: 'changes', name: 'Changes' },
];

export function RegistryPage() {
  const keys = useQuery<Rows<KnownKey>>(PATHS.known_keys);
  const tab = chosenTab(TABS);
  const opened = value('open');
  // A dialog that changes something stands in the address: its link leads to it, and back leads out of it.
  const front = value('do');
  const close = (): void => change({ do: undefined });
  return (
    <div class="page">
      <div class="row spread">
        <h1>Registry</h1>
        <Button onClick={() => change({ do: 'import' })}>Import a file …</Button>
      </div>
      <Answer of={keys} skeleton={<Skeleton lines={2} height={22} />}>
        {({ rows }) => <Summary of={rows} />}
      </Answer>
      <Tabs label="Registry" tabs={TABS} />
      <div class="beside" data-has-drawer={opened !== ''}>
        <div>
          {tab === 'keys' && <Keys of={keys} />}
          {tab === 'apps' && <Apps />}
          {tab === 'networks' && <Networks />}
          {tab === 'accounts' && <Accounts />}
          {tab === 'users' && <Users />}
          {tab === 'unregistered' && <Unregistered />}
          {tab === 'changes' && <Changes isHeld={isHeldToAccounts()} />}
        </div>
        {opened !== '' && <HistoryDrawer of={opened} onClose={() => change({ open: undefined })} />}
      </div>
      {front === 'import' && (
        <ImportDialog
          onClose={() => {
            close();
            keys.retry();
          }}
        />
      )}
    </div>
  );
}

function Summary({ of }: { readonly of: readonly KnownKey[] }) {
  const active = of.filter(({ state }) => state === 'active');
  const ownerless = active.filter(({ owner }) => owner === '');
  const unassigned = active.filter(({ app }) => app === '');
  const open = active.filter(({ allow_list_state: state }) => state === 'none');
  const to = (find: string) => changed({ tab: undefined, open: undefined, state: 'active', find });
  if (of.length === 0)
    return <Sentence>No key is registered yet: the record names keys, and nothing says whose they are.</Sentence>;
  return (
    <Sentence>
      {plural(of.length, 'key')} {of.length === 1 ? 'is' : 'are'} known,{' '}
      <a href={changed({ tab: undefined, open: undefined, find: undefined, state: 'active' })}>
        {active.length} active
      </a>
      {ownerless.length > 0 && (
        <>
          ; <a href={to('owner:none')}>{plural(ownerless.length, 'active key')}</a> without a known owner
        </>
      )}
      {unassigned.length > 0 && (
        <>
          ; <a href={to('app:none')}>{unassigned.length} assigned to no app</a>
        </>
      )}
      {open.length > 0 && (
        <>
          ; <a href={to('list:none')}>{open.length} may be used from anywhere</a>
        </>
      )}
      .
    </Sentence>
  );
}
