/** Times as people give them: ISO 8601, or relative to the moment of asking. */
import { EVENT_TIME_MS_MAX, EVENT_TIME_MS_MIN } from '../../schemas/audit-event.ts';
import { UsageError } from '../core/errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const RELATIVE = /^-(\d{1,9})([smhdw])$/;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Half-open: an event at `toMs` is outside. All time ends one past the last instant that an event may have. */
export const ALL_TIME = { fromMs: EVENT_TIME_MS_MIN, toMs: EVENT_TIME_MS_MAX + 1 } as const;

/**
 * @param text `now`, `-24h` (units s, m, h, d, w), a date, or a date with a time; without a zone it is read as UTC
 * @param nowMs the moment of asking, ms since 1970
 * @returns ms since 1970 UTC, `undefined` when the text is no time
 */
export function parseTime(text: string, nowMs: number): number | undefined {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === 'now') return nowMs;
  const relative = RELATIVE.exec(trimmed);
  if (relative !== null) {
    const [, count = '', unit = ''] = relative;
    return Math.max(EVENT_TIME_MS_MIN, nowMs - Number(count) * (UNIT_MS[unit] ?? 0));
  }
  return parseIso(trimmed);
}

function parseIso(text: string): number | undefined {
  const parts = ISO.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const ms = fraction.padEnd(3, '0').slice(0, 3);
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
  const utc = Date.parse(wall);
  // Date rolls 31 February over into March: what does not print as it was written is no date.
  if (Number.isNaN(utc) || new Date(utc).toISOString() !== wall) return undefined;
  const offsetMs = zoneOffsetMs(zone);
  if (offsetMs === undefined) return undefined;
  const time = utc - offsetMs;
  return time < EVENT_TIME_MS_MIN || time > ALL_TIME.toMs ? undefined : time;
}

function zoneOffsetMs(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

export const TIME_EXPECTED = 'an ISO 8601 time (2026-11-23T10:00:00Z, 2026-11-23), a relative one (-24h, -7d) or now';

/** @throws UsageError RANGE_EMPTY when the range ends before it begins */
export function checkRange(fromMs: number, toMs: number): void {
  if (fromMs <= toMs) return;
  throw new UsageError('RANGE_EMPTY', 'the range ends before it begins', {
    got: `from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`,
    expected: 'a --from that is not after --to',
  });
}

/** Text of a `DateTime64(3, 'UTC')` parameter. */
export function timeParameter(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** @returns ms since 1970 UTC, NaN when the text is none that `timeParameter` gives */
export function timeOfParameter(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
