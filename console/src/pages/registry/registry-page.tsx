/** What is known of accounts, people, keys, apps and networks; since when, and from what. */
import type { FoundKeys } from '../../../../schemas/api/registry.ts';
import { isHeldToAccounts } from '../../api/may.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { chosenTab, type Tab, Tabs } from '../../components/tabs.tsx';
import { change, changed, value } from '../../state/location.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { Accounts, Users } from './accounts.tsx';
import { Apps } from './apps.tsx';
import { Changes } from './changes.tsx';
import { HistoryDrawer } from './history-drawer.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { Keys, keyParams } from './keys.tsx';
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
  const keys = useQuery<FoundKeys>(PATHS.found_keys, keyParams());
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
        {({ figures }) => <Summary of={figures} />}
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

function Summary({ of }: { readonly of: FoundKeys['figures'] }) {
  const { keys, active, without_owner: ownerless, without_app: unassigned, without_list: open } = of;
  const to = (find: string) => changed({ tab: undefined, open: undefined, state: 'active', find });
  if (keys === 0)
    return <Sentence>No key is registered yet: the record names keys, and nothing says whose they are.</Sentence>;
  return (
    <Sentence>
      {plural(keys, 'key')} {keys === 1 ? 'is' : 'are'} known,{' '}
      <a href={changed({ tab: undefined, open: undefined, find: undefined, state: 'active' })}>
        {formatNumber(active)} active
      </a>
      {ownerless > 0 && (
        <>
          ; <a href={to('owner:none')}>{plural(ownerless, 'active key')}</a> without a known owner
        </>
      )}
      {unassigned > 0 && (
        <>
          ; <a href={to('app:none')}>{formatNumber(unassigned)} assigned to no app</a>
        </>
      )}
      {open > 0 && (
        <>
          ; <a href={to('list:none')}>{formatNumber(open)} may be used from anywhere</a>
        </>
      )}
      .
    </Sentence>
  );
}
