/**
 * Numbers as people read them, where a column says what its numbers are: bytes, a duration or a share. Only for people:
 * what a program reads stays the number itself.
 */
import type { AnswerColumn, Cell } from '../answer.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './milliseconds.ts';

export type Scale =
  | { readonly kind: 'bytes' }
  | { readonly kind: 'share' }
  /** `ms`: how many of them one of the unit is. */
  | { readonly kind: 'duration'; readonly ms: number };

const SCALES: Readonly<Record<string, Scale>> = {
  bytes: { kind: 'bytes' },
  share: { kind: 'share' },
  ms: { kind: 'duration', ms: 1 },
  s: { kind: 'duration', ms: SECOND_MS },
  seconds: { kind: 'duration', ms: SECOND_MS },
  minutes: { kind: 'duration', ms: MINUTE_MS },
  hours: { kind: 'duration', ms: HOUR_MS },
  days: { kind: 'duration', ms: DAY_MS },
};

/** @returns `undefined` for a unit that only says what is counted, such as `requests` */
export function scaleOf(unit: string | undefined): Scale | undefined {
  return unit === undefined || !Object.hasOwn(SCALES, unit) ? undefined : SCALES[unit];
}

/** @returns `undefined` where the cell is to be shown as it is */
export function humanCell(cell: Cell, column: AnswerColumn): string | undefined {
  const scale = column.kind === 'number' ? scaleOf(column.unit) : undefined;
  if (scale === undefined || (typeof cell !== 'number' && typeof cell !== 'string')) return undefined;
  const value = Number(cell);
  return cell === '' || !Number.isFinite(value) ? undefined : humanNumber(value, scale);
}

/** `1.2 MiB`, `3 d 4 h`, `12.5 %` */
export function humanNumber(value: number, scale: Scale): string {
  const text = textOf(Math.abs(value), scale);
  if (value >= 0 || !/[1-9]/.test(text)) return text;
  // What is less than a hundredth below zero is more than minus a hundredth.
  if (text.startsWith('<')) return `>-${text.slice(1)}`;
  return text.startsWith('>') ? `<-${text.slice(1)}` : `-${text}`;
}

function textOf(value: number, scale: Scale): string {
  switch (scale.kind) {
    case 'bytes':
      return bytesText(value);
    case 'share':
      return shareText(value);
    case 'duration':
      return durationText(finite(value * scale.ms));
  }
}

const finite = (value: number): number => Math.min(value, Number.MAX_VALUE);

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'] as const;

function bytesText(bytes: number): string {
  let value = bytes;
  for (const unit of BYTE_UNITS) {
    const shown = rounded(value);
    // What is rounded up to the next unit is one of that.
    if (shown < 1024 || unit === 'YiB') return `${plain(shown)} ${unit}`;
    value /= 1024;
  }
  return `${bytes} B`;
}

/** Neither nothing nor everything unless it is exactly that. */
function shareText(share: number): string {
  const percent = finite(share * 100);
  for (const digits of [1, 2]) {
    const shown = Number(percent.toFixed(digits));
    if ((shown !== 0 || percent === 0) && (shown !== 100 || percent === 100)) return `${plain(shown)} %`;
  }
  return percent < 1 ? '<0.01 %' : percent < 100 ? '>99.99 %' : '>100 %';
}

/** The larger unit with the smaller one below it, and how many of the larger make one of the next. */
const PAIRS = [
  { large: 'min', largeMs: MINUTE_MS, small: 's', smallMs: SECOND_MS, next: 60 },
  { large: 'h', largeMs: HOUR_MS, small: 'min', smallMs: MINUTE_MS, next: 24 },
  { large: 'd', largeMs: DAY_MS, small: 'h', smallMs: HOUR_MS, next: 1_000 },
] as const;

function durationText(ms: number): string {
  if (ms < 1) return `${plain(Number(ms.toPrecision(2)))} ms`;
  if (rounded(ms) < SECOND_MS) return `${plain(rounded(ms))} ms`;
  const seconds = Number((ms / SECOND_MS).toFixed(1));
  if (seconds < 60) return `${plain(seconds)} s`;
  for (const { large, largeMs, small, smallMs, next } of PAIRS) {
    const whole = Math.round(ms / smallMs);
    const perLarge = largeMs / smallMs;
    const [count, rest] = [Math.floor(whole / perLarge), whole % perLarge];
    if (count < next) return rest === 0 ? `${count} ${large}` : `${count} ${large} ${rest} ${small}`;
  }
  return `${plain(Math.round(ms / DAY_MS))} d`;
}

/** One decimal where there are few digits, none where there are many. */
function rounded(value: number): number {
  return value < 100 ? Number(value.toFixed(1)) : Math.round(value);
}

/** Digits as they are, and those that are too many in short: `1.2e+21`. */
function plain(value: number): string {
  return value < 1e9 ? String(value) : value.toExponential(2).replace(/\.?0+e/, 'e');
}
