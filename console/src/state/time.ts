/** Times as people read them: UTC, or this machine's zone on a switch; which one is always said. */
import { computed } from '@preact/signals';
import { search } from './location.ts';
import { clockOf } from './ticks.ts';

export const isLocal = computed(() => new URLSearchParams(search.value).get('tz') === 'local');

export const zoneName = computed(() => (isLocal.value ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC'));

const two = (number: number): string => String(number).padStart(2, '0');

interface Parts {
  readonly day: string;
  readonly minutes: string;
  readonly seconds: string;
  readonly ms: string;
}

function partsOf(ms: number, local: boolean): Parts {
  const at = new Date(clockOf(ms, local));
  return {
    day: `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`,
    minutes: `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
    seconds: two(at.getUTCSeconds()),
    ms: String(at.getUTCMilliseconds()).padStart(3, '0'),
  };
}

/** @param text as the API gives it: ISO 8601 in UTC */
export function msOf(text: string): number {
  return Date.parse(text);
}

export type Precision = 'day' | 'minute' | 'second' | 'ms';

/** `2026-11-22 12:01:07.214`, in the zone that is shown. */
export function formatTime(ms: number, precision: Precision = 'second'): string {
  if (!Number.isFinite(ms)) return '';
  const { day, minutes, seconds, ms: fraction } = partsOf(ms, isLocal.value);
  if (precision === 'day') return day;
  if (precision === 'minute') return `${day} ${minutes}`;
  return precision === 'second' ? `${day} ${minutes}:${seconds}` : `${day} ${minutes}:${seconds}.${fraction}`;
}

/** `2026-11-22 12:00 → 13:00`: the day is said again where it is another one. */
export function formatRange(fromMs: number, toMs: number, precision: Precision): string {
  const [from, to] = [formatTime(fromMs, precision), formatTime(toMs, precision)];
  return `${from} → ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}

/** `12:01:07.214`, for lists that say the day elsewhere. */
export function formatClock(ms: number): string {
  const { minutes, seconds, ms: fraction } = partsOf(ms, isLocal.value);
  return `${minutes}:${seconds}.${fraction}`;
}

/** A point on an axis, as short as the step allows. */
export function formatTick(ms: number, stepMs: number, local = isLocal.value): string {
  const { day, minutes, seconds } = partsOf(ms, local);
  if (stepMs >= 28 * 86_400_000) return day.slice(0, 7);
  if (stepMs >= 86_400_000) return day.slice(5);
  if (stepMs < 60_000) return `${minutes}:${seconds}`;
  return minutes === '00:00' ? day.slice(5) : minutes;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
];

/** `3 days`, `1 hour`: the largest unit that is whole, or nearly. */
export function formatSpan(ms: number): string {
  for (const [size, name] of UNITS) {
    if (ms < size * 1.5 && size !== 1_000 && ms !== size) continue;
    const count = Math.round(ms / size);
    return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return '0 seconds';
}

export function formatAgo(ms: number, nowMs = Date.now()): string {
  const span = nowMs - ms;
  if (!Number.isFinite(span)) return '';
  if (Math.abs(span) < 1_500) return 'now';
  return span > 0 ? `${formatSpan(span)} ago` : `in ${formatSpan(-span)}`;
}

/** What somebody typed as a time, in the zone that is shown; relative to now as on the command line. */
export function parseTyped(text: string, nowMs = Date.now()): number | undefined {
  const typed = text.trim();
  if (typed === 'now') return nowMs;
  const [, count = '', unit = ''] = /^-(\d{1,6})\s*([smhdw])$/.exec(typed) ?? [];
  const sizes: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
  if (count !== '') return nowMs - Number(count) * (sizes[unit] ?? 0);
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?\s*(Z|[+-]\d{2}:\d{2})?$/.exec(typed);
  if (iso === null) return undefined;
  const [, day, clock = '00:00', zone = isLocal.value ? '' : 'Z'] = iso;
  const ms = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}
