/**
 * What is learned late: when the registry changes what it says of the past, detections are asked again about the keys
 * and times that it says something of. What they find now is entered, and what they do not find any more is withdrawn.
 */
import type { Finding } from '../core/findings/finding.ts';
import { LATE_PART_ENTRIES_MAX } from '../core/limits.ts';
import type { Store } from '../store/store.ts';
import { type Detection, dependenciesOf } from './detections.ts';
import { type FindOptions, findIn } from './find.ts';
import { feedAnew } from './habits.ts';
import {
  type Chunk,
  changeBehind,
  chunkOf,
  type Interest,
  lastPlace,
  movePlaces,
  type Place,
  type RegistryChange,
  readPlaces,
} from './knowledge.ts';
import { withdrawMissing } from './withdraw.ts';

export interface LateOptions {
  readonly store: Store;
  readonly detections: readonly Detection[];
  readonly optionsOf: (detection: Detection) => FindOptions;
  readonly now: number;
  /** Who looked at events before: the others have judged nothing by what was known then. */
  readonly looked: ReadonlySet<string>;
  /** The name under which the place of what is usual is kept. */
  readonly habits: string;
}

export interface LateRule {
  readonly rule: string;
  readonly added: readonly Finding[];
  readonly shown: number;
  readonly reopened: readonly Finding[];
  readonly withdrawn: number;
  readonly capped: boolean;
  readonly ms: number;
  readonly error?: unknown;
}

export interface LateReport {
  readonly rules: readonly LateRule[];
  /** When the change was recorded that is being looked at, ms since 1970 UTC; absent when all were. */
  readonly behind: number | undefined;
}

/** One of those that stand at a place: a detection, or what is usual. */
interface Member {
  readonly rule: string;
  readonly interest: Interest;
  readonly ask: (chunk: Chunk, change: RegistryChange) => Promise<Omit<LateRule, 'rule' | 'ms'>>;
}

const NOTHING = { added: [], shown: 0, reopened: [], withdrawn: 0, capped: false } as const;

export async function lookAgain(options: LateOptions): Promise<LateReport> {
  const { store, habits } = options;
  const places = await readPlaces(store);
  const members = [habitsOf(options), ...options.detections.flatMap((one) => memberOf(one, options))];
  const strangers = members.filter(({ rule }) => !places.has(rule));
  if (strangers.length > 0) await settle(options, strangers, places);
  const budget = { chunks: LATE_PART_ENTRIES_MAX };
  const rules: LateRule[] = [];
  let behind: number | undefined;
  // What is usual comes first: detections read it.
  for (const some of [members.filter(({ rule }) => rule === habits), members.filter(({ rule }) => rule !== habits)]) {
    for (const group of grouped(some, places)) behind ??= await advance(group, options, budget, rules);
    if (behind !== undefined) break;
  }
  return { rules, behind };
}

/** What a detection has never looked at it sees for the first time with what is known now. */
async function settle(
  { store, detections, looked }: LateOptions,
  strangers: readonly Member[],
  places: Map<string, Place>,
) {
  const last = await lastPlace(store);
  const isOld = (rule: string) =>
    looked.has(rule) || detections.find(({ id }) => id === rule)?.detection.trigger === 'registry';
  const fresh = strangers.filter(({ rule }) => !isOld(rule)).map(({ rule }) => rule);
  await movePlaces(store, fresh, last);
  for (const rule of fresh) places.set(rule, last);
  const start: Place = { done: 0, stage: 'wide', after: '', day: 0, moved: 0 };
  for (const { rule } of strangers) if (!places.has(rule)) places.set(rule, start);
}

function habitsOf({ store, habits, now }: LateOptions): Member {
  return {
    rule: habits,
    interest: { of: ['keys'], isOfDays: true, isOfLives: true },
    ask: async ({ keys, from, to }) => {
      await feedAnew(store, { from, to, blocks: [], keys }, now);
      return NOTHING;
    },
  };
}

function memberOf(detection: Detection, { optionsOf }: LateOptions): Member[] {
  const of = dependenciesOf(detection);
  const { trigger } = detection.detection;
  if (of.length === 0 && trigger !== 'registry') return [];
  const interest = {
    of: trigger === 'registry' ? (['keys'] as const) : of,
    isOfDays: trigger === 'events',
    isOfLives: false,
  };
  return [
    { rule: detection.id, interest, ask: (chunk, change) => askAgain(detection, chunk, change, optionsOf(detection)) },
  ];
}

async function askAgain(detection: Detection, { keys, from, to }: Chunk, change: RegistryChange, options: FindOptions) {
  const span = { from, to, blocks: [], keys };
  // What the registry itself shows is no older than what it says.
  const known = detection.detection.trigger === 'events' ? { knownSince: change.at } : {};
  const { added, shown, reopened, fingerprints, capped } = await findIn(detection, span, { ...options, ...known });
  const withdrawn = capped ? 0 : await withdrawMissing(detection, span, new Set(fingerprints), change, options);
  return { added, shown: shown.length, reopened, withdrawn, capped };
}

interface Group {
  readonly place: Place;
  readonly interest: Interest;
  readonly members: readonly Member[];
}

/** Those that stand at the same place and are asked alike ask for the pieces of a change once. */
function grouped(members: readonly Member[], places: ReadonlyMap<string, Place>): Group[] {
  const groups = new Map<string, { place: Place; interest: Interest; members: Member[] }>();
  for (const member of members) {
    const place = places.get(member.rule);
    if (place === undefined) continue;
    const name = JSON.stringify([place.done, place.stage, place.after, place.day, member.interest]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { place, interest: member.interest, members: [member] });
    else group.members.push(member);
  }
  return [...groups.values()];
}

/** @returns when the change was recorded that some of it is left of */
async function advance(
  group: Group,
  { store, now, habits }: LateOptions,
  budget: { chunks: number },
  rules: LateRule[],
): Promise<number | undefined> {
  let { place, members } = group;
  for (;;) {
    const change = await changeBehind(store, place);
    if (change === undefined || members.length === 0) return undefined;
    const chunk = await chunkOf(store, change, place, group.interest, now);
    if ('next' in chunk) {
      if (budget.chunks === 0) return change.at;
      budget.chunks--;
      const failed = new Set<string>();
      for (const member of members) {
        const asked = await askOne(member, chunk, change);
        // Of what is usual there is nothing to tell but that it could not be told.
        if (member.rule !== habits || asked.error !== undefined) rules.push(asked);
        if (asked.error !== undefined) failed.add(asked.rule);
      }
      // Who could not look keeps its place, and the others go on.
      members = members.filter(({ rule }) => !failed.has(rule));
    }
    place = 'next' in chunk ? chunk.next : chunk;
    await movePlaces(
      store,
      members.map(({ rule }) => rule),
      place,
    );
  }
}

async function askOne({ rule, ask }: Member, chunk: Chunk, change: RegistryChange): Promise<LateRule> {
  const started = performance.now();
  try {
    return { rule, ...(await ask(chunk, change)), ms: performance.now() - started };
  } catch (error) {
    return { rule, ...NOTHING, ms: performance.now() - started, error };
  }
}
