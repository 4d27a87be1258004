/** Is the record complete, up to when; what is stuck; what was refused, and why? */

import type { PartsDocument } from '../../../../schemas/api/operations.ts';
import { isHeldToAccounts } from '../../api/may.ts';
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Answer, Skeleton } from '../../components/states.tsx';
import { chosenTab, type Tab, Tabs } from '../../components/tabs.tsx';
import { Collectors } from './collectors.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Ledger } from './ledger.tsx';
import type { Letter } from './letter.ts';
import { Parts } from './parts.tsx';
import { Streams } from './streams.tsx';
import { type IngestRow, Summary } from './summary.tsx';

type Word = 'streams' | 'letters' | 'collectors' | 'ledger' | 'parts';

export function IngestPage() {
  const isHeld = isHeldToAccounts();
  // Of all time: what was lost last year is missing today.
  const streams = useQuery<Rows<IngestRow>>(PATHS.ingest);
  const letters = useQuery<Rows<Letter>>(PATHS.dead_letters, { state: 'open', limit: 1_000 });
  const parts = useQuery<PartsDocument>(isHeld ? undefined : PATHS.parts);
  const rows = streams.data?.rows ?? [];
  const open = letters.data?.rows.length ?? 0;
  const down = parts.data?.parts.filter(({ status }) => status !== 'running').length ?? 0;
  const tabs: readonly Tab<Word>[] = [
    { word: 'streams', name: 'Streams', more: rows.length },
    { word: 'letters', name: 'Dead letters', more: open === 0 ? undefined : open >= 1_000 ? '1,000+' : open },
    { word: 'collectors', name: 'Collectors' },
    { word: 'ledger', name: 'Ledger' },
    { word: 'parts', name: 'Parts of the daemon', more: down === 0 ? undefined : down },
  ];
  const tab = chosenTab(tabs);
  const renew = (): void => {
    streams.retry();
    letters.retry();
  };
  return (
    <div class="page">
      <h1>Ingest</h1>
      <Answer of={streams} skeleton={<Skeleton lines={2} height={22} />}>
        {() => <Summary streams={rows} letters={letters.data?.rows} parts={parts.data?.parts} />}
      </Answer>
      <Tabs label="Ingest" tabs={tabs} />
      {tab === 'streams' && <Streams of={streams} />}
      {tab === 'letters' && <DeadLetters onChanged={renew} />}
      {tab === 'collectors' && <Collectors />}
      {tab === 'ledger' && <Ledger isHeld={isHeld} />}
      {tab === 'parts' && <Parts of={parts} isHeld={isHeld} />}
    </div>
  );
}
