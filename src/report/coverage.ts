/** How far the record can be relied on for a period: what the head of each report says. */
import type { ReportDocument } from '../../schemas/reports.ts';
import { askDoubts, askFreshness, type Counted, countWithin } from '../ask/footer.ts';
import { REPORT_COUNT_SECONDS_MAX } from '../core/limits.ts';
import { coverageSentence } from '../core/reports/coverage.ts';
import type { Period } from '../core/reports/period.ts';
import type { Store } from '../store/store.ts';

export async function askCoverage(store: Store, period: Period, now: Date): Promise<ReportDocument['coverage']> {
  const { fromMs, toMs } = period;
  const counted = (name: string) => countWithin(store, name, { fromMs, toMs }, REPORT_COUNT_SECONDS_MAX);
  const [fresh, doubts, late, gaps] = await Promise.all([
    askFreshness(store, now.getTime()),
    askDoubts(store, { fromMs, toMs }, REPORT_COUNT_SECONDS_MAX),
    counted('report-late-events'),
    counted('report-gaps'),
  ]);
  const found = {
    data_until: iso(fresh.dataUntilMs),
    stored_until: iso(fresh.storedUntilMs),
    late_events: known(late),
    dead_letters: known(doubts.deadLetters),
    gaps: known(gaps),
    conflicts: known(doubts.conflicts),
  };
  return { sentence: coverageSentence(found, toMs), ...found };
}

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** Null where it took too long, or is not for this reader to see: a wrong number is never told. */
const known = (counted: Counted | undefined): number | null => (typeof counted === 'number' ? counted : null);
