/** What the registry learned, change by change, and how far detections have looked at it again. */
import { z } from 'zod';
import type { Dependency } from '../../schemas/detections.ts';
import { timeParameter } from '../ask/time-range.ts';
import { LATE_APP_RULES_DAYS, LATE_DAYS_MAX, LATE_KEY_ENTRIES_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

/** A place in the order of changes: behind `done`, within the next one. Times are ms since 1970, UTC. */
export interface Place {
  /** When the last change was recorded that was looked at whole. */
  readonly done: number;
  /** What is said of networks and apps is asked of everything, before what is said of keys. */
  readonly stage: 'wide' | 'keys';
  /** The keys up to this one were looked at, by name. */
  readonly after: string;
  /** Of the keys behind it the days before this one. */
  readonly day: number;
  /** How often the place was moved. */
  readonly moved: number;
}

export interface RegistryChange {
  /** When it was recorded. */
  readonly at: number;
  /** From what it was learned. */
  readonly origin: string;
  readonly states_app_rules: boolean;
  readonly networks_since: number | null;
}

/** A piece of what a change may have changed, and the place behind it. */
export interface Chunk {
  /** None: all. */
  readonly keys: readonly string[];
  /** Whole days, half-open. */
  readonly from: number;
  readonly to: number;
  readonly next: Place;
}

/** How a detection is asked again: which parts of a change are about it, and whether it asks of days. */
export interface Interest {
  readonly of: readonly Dependency[];
  readonly isOfDays: boolean;
  /** Only keys that turned out to be another one, or that of another account. */
  readonly isOfLives: boolean;
}

const DAY_MS = 86_400_000;
/** How exactly a time is known may move a change a little before it. */
const UNSURE_MS = 3_600_000;
const beginning = (done: number, moved: number): Place => ({
  done,
  stage: 'wide',
  after: '',
  day: 0,
  moved: moved + 1,
});

const placeRow = z.object({
  rule: z.string(),
  ...{ done: z.number(), stage: z.enum(['wide', 'keys']), after: z.string(), day: z.number(), moved: z.number() },
});

export async function readPlaces(store: Store): Promise<Map<string, Place>> {
  const rows = z.array(placeRow).parse(await store.rows(statement('knowledge-places')));
  return new Map(rows.map(({ rule, ...place }) => [rule, place]));
}

export async function movePlaces(store: Store, rules: readonly string[], place: Place): Promise<void> {
  if (rules.length === 0) return;
  const { done, stage, after, day, moved } = place;
  const parameters = { rules, stage, after, moved, done: timeParameter(done), day: timeParameter(day) };
  await store.command(statement('knowledge-move'), { parameters });
}

/** The place behind all that is known. */
export async function lastPlace(store: Store, moved = 0): Promise<Place> {
  const [row] = z.array(z.object({ at: z.number() })).parse(await store.rows(statement('knowledge-last')));
  return beginning(row?.at ?? 0, moved);
}

const changeRow = z.object({
  ...{ at: z.number(), origin: z.string(), states_app_rules: z.boolean(), networks_since: z.number().nullable() },
});

export async function changeBehind(store: Store, { done }: Place): Promise<RegistryChange | undefined> {
  const rows = await store.rows(statement('knowledge-next'), { parameters: { after: timeParameter(done) } });
  return z.array(changeRow).parse(rows)[0];
}

/** @returns the next piece of a change, or the place behind all of it */
export async function chunkOf(
  store: Store,
  change: RegistryChange,
  place: Place,
  interest: Interest,
  now: number,
): Promise<Chunk | Place> {
  const moved = place.moved + 1;
  let { stage, after, day } = place;
  const until = Math.max(now, change.at) + DAY_MS;
  if (stage === 'wide') {
    const since = wideSince(change, interest.of);
    const days = since === undefined ? undefined : await daysOf(store, [], Math.max(dayOf(since), day), until);
    if (days !== undefined) return { keys: [], ...days, next: { ...place, day: days.to, moved } };
    ({ stage, after, day } = { stage: 'keys', after: '', day: 0 });
  }
  for (;;) {
    const keys = interest.of.includes('keys') ? await keysOf(store, change, after, interest.isOfLives) : [];
    const last = keys.at(-1);
    if (last === undefined) return beginning(change.at, moved);
    const names = keys.map(({ key_id }) => key_id);
    const next = { done: place.done, stage, moved } as const;
    if (!interest.isOfDays) return { keys: names, from: 0, to: 0, next: { ...next, after: last.key_id, day: 0 } };
    const from = Math.max(dayOf(Math.min(...keys.map(({ since }) => since))), day);
    const to = Math.min(Math.max(...keys.map((one) => one.until)) + DAY_MS, until);
    const days = await daysOf(store, names, from, to);
    if (days !== undefined) {
      const touched = keys.filter((one) => dayOf(one.since) < days.to && one.until >= days.from);
      return { keys: touched.map(({ key_id }) => key_id), ...days, next: { ...next, after, day: days.to } };
    }
    ({ after, day } = { after: last.key_id, day: 0 });
  }
}

/** The beginning of the day of UTC in which a time may lie, ms since 1970. */
export function dayOf(ms: number): number {
  const sure = Math.max(0, ms - UNSURE_MS);
  return sure - (sure % DAY_MS);
}

/** Since when a change says something that is asked of everything. */
function wideSince(change: RegistryChange, of: readonly Dependency[]): number | undefined {
  const networks = of.includes('networks') || of.includes('apps') ? change.networks_since : null;
  const apps = of.includes('apps') && change.states_app_rules ? change.at - LATE_APP_RULES_DAYS * DAY_MS : null;
  const times = [networks, apps].filter((time) => time !== null);
  return times.length === 0 ? undefined : Math.min(...times);
}

const touchedRow = z.object({ key_id: z.string(), since: z.number(), until: z.number() });
type TouchedKey = z.infer<typeof touchedRow>;

async function keysOf(store: Store, change: RegistryChange, after: string, livesOnly: boolean): Promise<TouchedKey[]> {
  const parameters = {
    change: timeParameter(change.at),
    after,
    relives_only: livesOnly,
    keys_max: LATE_KEY_ENTRIES_MAX,
  };
  return z.array(touchedRow).parse(await store.rows(statement('knowledge-keys'), { parameters }));
}

const dayRow = z.object({ day: z.number() });

/** The first days on which something is stored, at most LATE_DAYS_MAX. */
async function daysOf(store: Store, keys: readonly string[], from: number, to: number) {
  if (from >= to) return undefined;
  const parameters = { keys, from: timeParameter(from), to: timeParameter(to) };
  const days = z.array(dayRow).parse(await store.rows(statement('knowledge-days'), { parameters }));
  const [first] = days;
  if (first === undefined) return undefined;
  const some = days.filter(({ day }) => day < first.day + LATE_DAYS_MAX * DAY_MS);
  return { from: first.day, to: (some.at(-1)?.day ?? first.day) + DAY_MS };
}
