/** Who may ask, and who asked what. */
import { chosenTab, type Tab, Tabs } from '../../components/tabs.tsx';
import { Asked } from './asked.tsx';
import { Tokens } from './tokens.tsx';

type Word = 'tokens' | 'asked';

const TABS: readonly Tab<Word>[] = [
  { word: 'tokens', name: 'Tokens' },
  { word: 'asked', name: 'Who asked what' },
];

export function AccessPage() {
  const tab = chosenTab(TABS);
  return (
    <div class="page">
      <h1>Access</h1>
      <Tabs label="Access" tabs={TABS} />
      {tab === 'tokens' ? <Tokens /> : <Asked />}
    </div>
  );
}
