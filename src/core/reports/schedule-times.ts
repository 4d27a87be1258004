/**
 * When a schedule runs: a cron pattern, or a few words that stand for one, in a time zone. Pure.
 *
 * A time that a shifted clock leaves out is run when the clock has been shifted, one that comes twice is run the first
 * time; a pattern of every so many minutes or hours goes on evenly through both.
 */
import { Cron } from 'croner';
import { isZone } from './period.ts';

export interface ScheduleTimes {
  /** The first run after an instant; ms since 1970, UTC. `undefined` when there is none any more. */
  next(afterMs: number): number | undefined;
  /** The last run before an instant. */
  last(beforeMs: number): number | undefined;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** What may be written in place of a pattern. */
export const TIME_WORDS =
  'daily 07:00, weekdays 07:00, monday 07:00, monthly 07:00, monthly 15 07:00, quarterly 07:00, yearly 07:00, ' +
  'or a cron pattern of five fields such as 0 7 * * 1';

/** @returns the cron pattern that the words stand for; a text that is none of them as it is */
export function cronPattern(text: string): string {
  const [, word = '', date = '1', hour = '', minute = ''] =
    /^([a-z]+)(?: (\d{1,2}))? (\d{1,2}):(\d\d)$/.exec(text.trim().toLowerCase()) ?? [];
  const isDated = text.trim().split(/\s+/).length === 3;
  const weekday = WEEKDAYS.indexOf(word as (typeof WEEKDAYS)[number]);
  const time = `${Number(minute)} ${Number(hour)}`;
  if (word === 'monthly') return `${time} ${Number(date)} * *`;
  if (isDated || word === '') return text.trim();
  if (weekday >= 0) return `${time} * * ${weekday}`;
  return { daily: `${time} * * *`, weekdays: `${time} * * 1-5`, ...YEARLY(time) }[word] ?? text.trim();
}

const YEARLY = (time: string): Readonly<Record<string, string>> => ({
  quarterly: `${time} 1 1,4,7,10 *`,
  yearly: `${time} 1 1 *`,
});

/** Any instant will do to see whether a pattern ever comes: leap days are at most eight years apart. */
const SOME_INSTANT = Date.UTC(2026, 0, 1);

/** @returns `undefined` for what is no pattern, no zone, or a time that never comes (the thirtieth of February) */
export function scheduleTimes(at: string, zone: string): ScheduleTimes | undefined {
  // What stands for a question mark is the time at which the pattern was read: it would be another after each start.
  if (!isZone(zone) || at.includes('?')) return undefined;
  try {
    const cron = new Cron(cronPattern(at), { timezone: zone, mode: '5-part', paused: true });
    const times = {
      next: (afterMs: number) => cron.nextRun(new Date(afterMs))?.getTime(),
      last: (beforeMs: number) => cron.previousRuns(1, new Date(beforeMs))[0]?.getTime(),
    };
    return times.next(SOME_INSTANT) === undefined ? undefined : times;
  } catch {
    return undefined;
  }
}
