/** The numbers of a chart: round steps for its axis, and short texts for its labels. */
import { humanNumber, type Scale } from './human.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './milliseconds.ts';

/** Ticks `step * -down` to `step * up`; zero is always one of them. */
export interface Axis {
  readonly step: number;
  readonly up: number;
  readonly down: number;
}

const TICKS_MAX = 5;
/** Below this, steps can no longer be told from zero. */
const SPAN_MIN = 1e-250;
/** Round in the units in which durations are read. */
const DURATION_STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR_MS),
];

/**
 * @param min the least value, at most 0
 * @param max the greatest value, at least 0
 * @param whole all values are whole numbers: no step is a fraction of one
 */
export function axisFor(min: number, max: number, scale: Scale | undefined, whole: boolean): Axis {
  const span = Math.min(max - min, Number.MAX_VALUE);
  if (span < SPAN_MIN) return { step: 1, up: 1, down: 0 };
  for (const step of stepsFrom(span / TICKS_MAX, scale)) {
    if (whole && scale === undefined && !Number.isInteger(step)) continue;
    const [up, down] = [ticksTo(max, step), ticksTo(-min, step)];
    if (up + down <= TICKS_MAX) return { step, up, down };
  }
  // The steps of a value near the greatest number end before its axis does.
  return { step: span, up: ticksTo(max, span), down: ticksTo(-min, span) };
}

/** The small deduction keeps 0.30000000000000004 from needing a tick more than 0.3. */
const ticksTo = (value: number, step: number): number => Math.max(0, Math.ceil(value / step - 1e-9));

/** Round steps, from one that is not greater than the least that is looked for. */
function* stepsFrom(least: number, scale: Scale | undefined): Iterable<number> {
  if (scale?.kind === 'bytes') {
    for (let power = Math.floor(Math.log2(least)); power < 1_023; power++) yield 2 ** power;
    return;
  }
  if (scale?.kind === 'duration') {
    const { ms } = scale;
    const leastMs = least * ms;
    if (leastMs < SECOND_MS) for (const step of decimals(leastMs)) if (step < SECOND_MS) yield step / ms;
    if (leastMs < DAY_MS) for (const step of DURATION_STEPS_MS) yield step / ms;
    for (const days of decimals(Math.max(1, leastMs / DAY_MS), [1, 2, 5])) yield (days * DAY_MS) / ms;
    return;
  }
  yield* decimals(least);
}

function* decimals(least: number, digits: readonly number[] = [1, 2, 2.5, 5]): Iterable<number> {
  for (let power = Math.floor(Math.log10(least)); power < 308; power++) {
    for (const digit of digits) yield Number(`${digit}e${power}`);
  }
}

/** At most six characters or so: `1.25k`, `256 KiB`. */
export function axisLabel(value: number, scale: Scale | undefined): string {
  return scale === undefined ? shortNumber(value) : humanNumber(value, scale);
}

/** All digits where they are certain, and few of those that are not. */
export function valueLabel(value: number, scale: Scale | undefined): string {
  if (scale !== undefined) return humanNumber(value, scale);
  if (Number.isSafeInteger(value)) return String(value);
  return Math.abs(value) < 2 ** 53
    ? String(Number(value.toPrecision(6)))
    : value.toExponential(5).replace(/\.?0+e/, 'e');
}

const SUFFIXES = ['k', 'M', 'G', 'T', 'P', 'E'] as const;
const SHORT_FROM = 10_000;
const SHORT_DOWN_TO = 0.001;

export function shortNumber(value: number): string {
  let shown = Number(value.toPrecision(4));
  const size = Math.abs(shown);
  if (size === 0 || (size >= SHORT_DOWN_TO && size < SHORT_FROM)) return String(shown);
  for (const suffix of size < SHORT_FROM ? [] : SUFFIXES) {
    shown /= 1_000;
    if (Math.abs(shown) < 1_000) return `${Number(shown.toPrecision(4))}${suffix}`;
  }
  return value.toExponential(1).replace('.0e', 'e');
}
