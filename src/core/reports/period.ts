/**
 * Periods that reports tell of: a day, an ISO week, a month, a quarter, a year, or any range of time; in a time zone,
 * whose days may be 23 or 25 hours long, begin later than midnight, or be left out altogether. Pure.
 *
 * Arithmetic is done on days of the calendar, and only their beginnings become instants: so a shifted clock changes how
 * long a period is, and never which one it is.
 */
import { TZDate, tz } from '@date-fns/tz';
import {
  addDays,
  addMonths,
  addQuarters,
  addWeeks,
  addYears,
  differenceInCalendarDays,
  format,
  startOfDay,
  startOfISOWeek,
  startOfMonth,
  startOfQuarter,
  startOfYear,
} from 'date-fns';
import { invariant, UsageError } from '../errors.ts';
import { REPORT_PERIOD_DAYS_MAX } from '../limits.ts';

export const GRAINS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Grain = (typeof GRAINS)[number];

export interface Period {
  /** As people write it, and as `parsePeriod` reads it: `2026-11-25`, `2026-W47`, `2026-10`, `2026-Q4`, `2026`. */
  readonly name: string;
  /** ms since 1970, UTC; the first instant of it. */
  readonly fromMs: number;
  /** ms since 1970, UTC; the first instant after it. */
  readonly toMs: number;
  /** IANA name of the time zone whose days it is made of. */
  readonly zone: string;
}

/** A day of the calendar, as the date that it is in UTC. */
type Day = Date;

interface Unit {
  readonly pattern: RegExp;
  /** The first day of what the text names; `undefined` where there is no such day, week, month or quarter. */
  readonly parse: (text: string) => Day | undefined;
  readonly name: (first: Day) => string;
  readonly start: (day: Day) => Day;
  readonly add: (first: Day, count: number) => Day;
}

const inUtc = { in: tz('UTC') };

/** Years outside are typing errors, or outside of what the store can hold. */
const YEAR = '(?:19[7-9]\\d|2[01]\\d\\d)';

const UNITS: Readonly<Record<Grain, Unit>> = {
  day: {
    pattern: new RegExp(`^${YEAR}-\\d\\d-\\d\\d$`),
    parse: (text) => day(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))),
    name: (first) => format(first, 'yyyy-MM-dd', inUtc),
    start: (one) => startOfDay(one, inUtc),
    add: (first, count) => addDays(first, count, inUtc),
  },
  week: {
    pattern: new RegExp(`^${YEAR}-W\\d\\d$`),
    parse: (text) => {
      // The fourth of January is in the first week of its year, whatever day of the week it is.
      const first = startOfISOWeek(day(Number(text.slice(0, 4)), 1, 4) as Day, inUtc);
      return addWeeks(first, Number(text.slice(6)) - 1, inUtc);
    },
    name: (first) => format(first, "RRRR-'W'II", inUtc),
    start: (one) => startOfISOWeek(one, inUtc),
    add: (first, count) => addWeeks(first, count, inUtc),
  },
  month: {
    pattern: new RegExp(`^${YEAR}-\\d\\d$`),
    parse: (text) => day(Number(text.slice(0, 4)), Number(text.slice(5)), 1),
    name: (first) => format(first, 'yyyy-MM', inUtc),
    start: (one) => startOfMonth(one, inUtc),
    add: (first, count) => addMonths(first, count, inUtc),
  },
  quarter: {
    pattern: new RegExp(`^${YEAR}-Q[1-4]$`),
    parse: (text) => day(Number(text.slice(0, 4)), Number(text.slice(6)) * 3 - 2, 1),
    name: (first) => format(first, "yyyy-'Q'Q", inUtc),
    start: (one) => startOfQuarter(one, inUtc),
    add: (first, count) => addQuarters(first, count, inUtc),
  },
  year: {
    pattern: new RegExp(`^${YEAR}$`),
    parse: (text) => day(Number(text), 1, 1),
    name: (first) => format(first, 'yyyy', inUtc),
    start: (one) => startOfYear(one, inUtc),
    add: (first, count) => addYears(first, count, inUtc),
  },
};

/** Whether this names a time zone. Links (`US/Eastern`) do; offsets (`+02:00`) know no summer, and do not. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * @param text `2026-11-25`, `2026-W47`, `2026-10`, `2026-Q4`, `2026`, or `from..to`: two days or instants, of which the
 *   second is the first that does not belong to it any more
 * @param zone IANA name of a time zone
 * @throws UsageError PERIOD_INVALID
 */
export function parsePeriod(text: string, zone: string): Period {
  const period = text.includes('..') ? rangeOf(text, zone) : unitOf(text, zone);
  if (period === undefined) throw invalid(text, FORMS);
  if (period.toMs <= period.fromMs) throw invalid(text, 'a period that is not empty');
  if (period.toMs - period.fromMs > REPORT_PERIOD_DAYS_MAX * DAY_MS) {
    throw invalid(text, `a period of at most ${REPORT_PERIOD_DAYS_MAX} days`);
  }
  return period;
}

/** The period of this grain in which an instant lies. */
export function periodAt(grain: Grain, atMs: number, zone: string): Period {
  return periodOf(grain, UNITS[grain].start(dayAt(atMs, zone)), zone);
}

/** The last period of this grain that is over at an instant; one that ends at that instant is. */
export function endedPeriod(grain: Grain, atMs: number, zone: string): Period {
  return previousPeriod(periodAt(grain, atMs, zone));
}

/**
 * The period before, which ends where this one begins: of the same grain, or as many days or milliseconds as the range
 * has.
 */
export function previousPeriod(period: Period): Period {
  const grain = grainOf(period.name);
  if (grain !== undefined) return besides(grain, period, -1);
  const { fromMs, toMs, zone } = period;
  const [from, to] = [dayAt(fromMs, zone), dayAt(toMs, zone)];
  const isDays = instantOf(from, zone) === fromMs && instantOf(to, zone) === toMs;
  const before = isDays
    ? instantOf(addDays(from, -differenceInCalendarDays(to, from, inUtc), inUtc), zone)
    : fromMs - (toMs - fromMs);
  return { name: `${placeName(before, zone)}..${placeName(fromMs, zone)}`, fromMs: before, toMs: fromMs, zone };
}

/** The period of the same grain that begins where this one ends. A range has none. */
export function nextPeriod(period: Period): Period {
  const grain = grainOf(period.name);
  invariant(grain, 'only periods of a grain follow one another');
  return besides(grain, period, 1);
}

/** @returns `undefined` for a range */
export function grainOf(name: string): Grain | undefined {
  return GRAINS.find((grain) => UNITS[grain].pattern.test(name));
}

/** What is told of a period that still runs is provisional. */
export function stillRuns(period: Period, nowMs: number): boolean {
  return nowMs < period.toMs;
}

const DAY_MS = 86_400_000;
const FORMS = '2026-11-25, 2026-W47, 2026-10, 2026-Q4, 2026, or 2026-11-01..2026-11-15';

function unitOf(text: string, zone: string): Period | undefined {
  const grain = grainOf(text);
  if (grain === undefined) return undefined;
  const first = UNITS[grain].parse(text);
  // The thirtieth of February and the week 60 are others when they are written again.
  return first !== undefined && UNITS[grain].name(first) === text ? periodOf(grain, first, zone) : undefined;
}

function rangeOf(text: string, zone: string): Period | undefined {
  const [fromMs, toMs, ...more] = text.split('..').map((place) => placeOf(place, zone));
  if (fromMs === undefined || toMs === undefined || more.length > 0) return undefined;
  // An empty or reversed range is named as it was written.
  const name = toMs > fromMs ? `${placeName(fromMs, zone)}..${placeName(toMs, zone)}` : text;
  return { name, fromMs, toMs, zone };
}

const INSTANT = new RegExp(`^${YEAR}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,3})?)?(?:Z|[+-]\\d\\d:\\d\\d)$`);

function placeOf(text: string, zone: string): number | undefined {
  if (UNITS.day.pattern.test(text)) return unitOf(text, zone)?.fromMs;
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** A day where a day begins, else the instant: what was written in two ways has one name. */
function placeName(ms: number, zone: string): string {
  const one = dayAt(ms, zone);
  return instantOf(one, zone) === ms ? UNITS.day.name(one) : new Date(ms).toISOString();
}

function periodOf(grain: Grain, first: Day, zone: string): Period {
  const { name, add } = UNITS[grain];
  return { name: name(first), fromMs: instantOf(first, zone), toMs: instantOf(add(first, 1), zone), zone };
}

/** The next one of a grain in a direction that is not empty: a zone that changed sides of the date line lost a day. */
function besides(grain: Grain, { name, zone }: Period, step: 1 | -1): Period {
  const { parse, add } = UNITS[grain];
  let first = parse(name);
  invariant(first, 'a period is named as it can be read');
  for (;;) {
    first = add(first, step);
    const period = periodOf(grain, first, zone);
    if (period.toMs > period.fromMs) return period;
  }
}

/** @returns `undefined` for a day that the calendar does not have */
function day(year: number, month: number, date: number): Day | undefined {
  const one = new Date(Date.UTC(year, month - 1, date));
  return one.getUTCMonth() === month - 1 && one.getUTCDate() === date ? one : undefined;
}

/** The day that the calendar of a zone shows at an instant. */
function dayAt(ms: number, zone: string): Day {
  const local = new TZDate(ms, zone);
  return new Date(Date.UTC(local.getFullYear(), local.getMonth(), local.getDate()));
}

/** The first instant of a day in a zone; of a day that was left out there, the first of the day after it. */
function instantOf(one: Day, zone: string): number {
  return new TZDate(one.getUTCFullYear(), one.getUTCMonth(), one.getUTCDate(), zone).getTime();
}

function invalid(text: string, expected: string): UsageError {
  return new UsageError('PERIOD_INVALID', 'this is no period', { got: text, expected });
}
