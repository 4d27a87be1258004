/** How far the record can be relied on for a period: what the head of each report says. */
import type { ReportDocument } from '../../schemas/reports.ts';
import { askDoubts, askFreshness } from '../ask/footer.ts';
import { timeParameter } from '../ask/time-range.ts';
import { REPORT_COUNT_SECONDS_MAX } from '../core/limits.ts';
import { coverageSentence } from '../core/reports/coverage.ts';
import type { Period } from '../core/reports/period.ts';
import { statement } from '../store/statements.ts';
import { type Store, StoreError } from '../store/store.ts';

type Coverage = ReportDocument['coverage'];

export async function askCoverage(store: Store, period: Period, now: Date): Promise<Coverage> {
  const { fromMs, toMs } = period;
  const [fresh, doubts, late, gaps] = await Promise.all([
    askFreshness(store, now.getTime()),
    askDoubts(store, { fromMs, toMs }, REPORT_COUNT_SECONDS_MAX),
    counted(store, 'report-late-events', period),
    counted(store, 'report-gaps', period),
  ]);
  const found = {
    data_until: iso(fresh.dataUntilMs),
    stored_until: iso(fresh.storedUntilMs),
    late_events: late,
    dead_letters: typeof doubts.deadLetters === 'number' ? doubts.deadLetters : null,
    gaps,
    conflicts: typeof doubts.conflicts === 'number' ? doubts.conflicts : null,
  };
  return { sentence: coverageSentence(found, toMs), ...found };
}

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** What the store says when a statement takes longer, would take longer, or needs more memory than it may. */
const BEYOND = [159, 160, 241];

/** @returns null where it took too long, or is not for this reader to see: a wrong number is never told */
async function counted(store: Store, name: string, { fromMs, toMs }: Period): Promise<number | null> {
  const parameters = { from: timeParameter(fromMs), to: timeParameter(toMs) };
  const settings = { max_execution_time: REPORT_COUNT_SECONDS_MAX };
  try {
    const options = { role: 'reader', parameters, settings } as const;
    const [row] = await store.rows<{ found: string | null }>(statement(name), options);
    return row?.found == null ? null : Number(row.found);
  } catch (cause) {
    if (cause instanceof StoreError && BEYOND.includes(cause.code)) return null;
    throw cause;
  }
}
