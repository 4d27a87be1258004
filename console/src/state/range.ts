/**
 * The one range of time of the whole console, half-open. It stands in the address as two absolute times: a link shows
 * tomorrow what it shows today; `last` says besides which length was asked for, so that it can be asked anew.
 */
import { computed } from '@preact/signals';
import { change, changed, query, search } from './location.ts';

export const MS_PER_MINUTE = 60_000;
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;

export interface Preset {
  readonly name: string;
  readonly ms: number;
  readonly title: string;
}

export const PRESETS: readonly Preset[] = [
  { name: '15m', ms: 15 * MS_PER_MINUTE, title: 'the last 15 minutes' },
  { name: '1h', ms: MS_PER_HOUR, title: 'the last hour' },
  { name: '24h', ms: MS_PER_DAY, title: 'the last 24 hours' },
  { name: '7d', ms: 7 * MS_PER_DAY, title: 'the last 7 days' },
  { name: '30d', ms: 30 * MS_PER_DAY, title: 'the last 30 days' },
  { name: '90d', ms: 90 * MS_PER_DAY, title: 'the last 90 days' },
];
const DEFAULT_PRESET = '24h';

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  /** Name of the preset that it was set by; `''` for none. */
  readonly last: string;
}

export const range = computed<Range>(() => rangeOf(new URLSearchParams(search.value), openedMs));

/** What an address without a range means must not change with each look at the clock. */
const openedMs = upToNow();

/** The next whole second: what happens just now belongs to it. */
function upToNow(): number {
  return Math.ceil(Date.now() / 1_000) * 1_000;
}

function rangeOf(of: URLSearchParams, nowMs: number): Range {
  const fromMs = Date.parse(of.get('from') ?? '');
  const toMs = Date.parse(of.get('to') ?? '');
  const last = of.get('last') ?? '';
  if (Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs < toMs) return { fromMs, toMs, last };
  const name = PRESETS.some((preset) => preset.name === last) ? last : DEFAULT_PRESET;
  const length = PRESETS.find((preset) => preset.name === name)?.ms ?? MS_PER_DAY;
  return { fromMs: nowMs - length, toMs: nowMs, last: name };
}

/** As parameters of the API and of the address. */
export function rangeParams({ fromMs, toMs }: Pick<Range, 'fromMs' | 'toMs'> = range.value): {
  from: string;
  to: string;
} {
  return { from: instant(fromMs), to: instant(toMs) };
}

/** ISO 8601 in UTC, no longer than it must be. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

export function setRange(fromMs: number, toMs: number): void {
  change({ from: instant(fromMs), to: instant(toMs), last: undefined, cursor: undefined });
}

export function setPreset({ name, ms }: Preset): void {
  const toMs = upToNow();
  change({ from: instant(toMs - ms), to: instant(toMs), last: name });
}

/** The same length, up to now. */
export function renewRange(): void {
  const { fromMs, toMs, last } = range.value;
  const nowMs = upToNow();
  change({ from: instant(nowMs - (toMs - fromMs)), to: instant(nowMs), last });
}

/** The same length, before or behind. */
export function moveRange(steps: -1 | 1): void {
  const { fromMs, toMs } = range.value;
  setRange(fromMs + steps * (toMs - fromMs), toMs + steps * (toMs - fromMs));
}

/** An address without a range gets the one that it means: what is copied from the browser's own line is whole. */
export function completeAddress(): void {
  const of = query();
  const { fromMs, toMs, last } = range.value;
  if (of.get('from') === instant(fromMs) && of.get('to') === instant(toMs)) return;
  change({ from: instant(fromMs), to: instant(toMs), last }, { isReplacing: true });
}

/** What every page shares, for a link to another one. */
export function sharedParams(): Record<string, string> {
  const of = query();
  const shared: Record<string, string> = { ...rangeParams() };
  for (const name of ['last', 'tz']) {
    const given = of.get(name);
    if (given !== null) shared[name] = given;
  }
  return shared;
}

export type LinkParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The address of another page, of the same time. */
export function linkTo(pathname: string, params: LinkParams = {}): string {
  return changed({ ...sharedParams(), ...params }, new URL(pathname, window.location.origin));
}
