/** Findings: their identity, their span of time, and the sentence that tells them. Pure. */
import { createHash } from 'node:crypto';
import type { Anchor, DetectionSection, Severity } from '../../../schemas/detections.ts';
import { plural } from '../words.ts';

/** What a detection found, as one row of its answer told it. */
export interface Found {
  /** Columns of the entity with their values, in the order of the detection. */
  readonly entity: readonly (readonly [column: string, value: string])[];
  /** ms since 1970, UTC; 0 where the anchor is `once`. */
  readonly anchorAt: number;
  /** Times of the events that show it, ms since 1970, UTC; when the last of them was stored. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly storedUntil: number;
  readonly events: number;
  /** Some of them, earliest first. */
  readonly eventIds: readonly string[];
  /** All columns of the row, as JSON. */
  readonly facts: string;
  readonly summary: string;
}

export interface Finding extends Found {
  readonly fingerprint: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly severity: Severity;
  readonly raises: DetectionSection['raises'];
  /** Its events were too old to be acted on when they were stored. */
  readonly backfill: boolean;
  /** What it was asked with, as JSON. */
  readonly parameters: string;
  /** Id of the suppression that keeps it from being an alert; `''` without one. */
  readonly suppression: string;
  /** ms since 1970, UTC */
  readonly foundAt: number;
}

/**
 * The identity of a finding: rule, entity and anchor, and nothing that may be learned later.
 *
 * @returns 32 hex digits
 */
export function fingerprintOf(rule: string, { entity, anchorAt }: Pick<Found, 'entity' | 'anchorAt'>): string {
  const text = JSON.stringify([rule, entity, anchorAt]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** @returns the beginning of the span of UTC that a time falls into, ms since 1970; 0 for `once` */
export function bucketOf(anchor: Anchor, ms: number): number {
  switch (anchor) {
    case 'once':
      return 0;
    case 'hour':
      return ms - (ms % HOUR_MS);
    case 'day':
      return ms - (ms % DAY_MS);
    case 'week':
      return Math.max(0, ms - ((ms - FIRST_MONDAY_MS + WEEK_MS) % WEEK_MS));
    case 'month': {
      const date = new Date(ms);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    }
  }
}

const PLACEHOLDER = /\{([a-z][a-z0-9_]*)(?::([a-z ]+))?\}/g;

/** The columns that a summary names. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/**
 * A sentence with the values of a row in the places of its columns: `{column}` is its value, `{column:request}` a
 * count with its unit (`1 request`, `2 requests`), and what stands in `[…]` is left out where one of its columns has
 * no value.
 */
export function summaryOf(template: string, values: Readonly<Record<string, unknown>>): string {
  const isTold = (part: string) => placeholders(part).every((column) => shownValue(values[column]) !== '');
  const kept = template.replace(/\[([^\]]*)\]/g, (_, part: string) => (isTold(part) ? part : ''));
  return kept.replace(PLACEHOLDER, (_, column: string, unit: string | undefined) => {
    const shown = shownValue(values[column]);
    if (unit !== undefined) return `${shown} ${shown === '1' ? unit : plural(unit)}`;
    return shown === '' ? '(none)' : shown;
  });
}

function shownValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(shownValue).join(', ');
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value);
}

/**
 * Several rows of one finding as one: windows that overlap tell of the same thing. The fullest row speaks for them.
 *
 * @param rows at least one
 */
export function merged(rows: readonly Found[]): Found {
  const fullest = rows.reduce((best, row) => (row.events > best.events ? row : best));
  return {
    ...fullest,
    firstSeen: Math.min(...rows.map((row) => row.firstSeen)),
    lastSeen: Math.max(...rows.map((row) => row.lastSeen)),
    storedUntil: Math.max(...rows.map((row) => row.storedUntil)),
  };
}
