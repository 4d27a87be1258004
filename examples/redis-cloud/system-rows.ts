/** Plausible entries of the system log: each is made from seed and number alone, so any of them without the others. */
import { type Random, seededRandom, seedOf } from '../random.ts';
import type { Account } from './accounts.ts';
import { type About, DESCRIPTIONS, type Description } from './descriptions.ts';
import type { Run } from './growing-log.ts';
import { isoSeconds, type SystemLogEntry } from './rows.ts';

/** Who acts in generated rows. A copy, so that a row stays what it was when users and keys change. */
export interface Cast {
  readonly people: readonly string[];
  readonly keys: readonly { readonly name: string; readonly owner: string }[];
}

export function castOf({ users, keys }: Account): Cast {
  const nameOf = (email: string) => {
    const user = users.find((one) => one.email === email);
    return user === undefined ? email : `${user.name} (${email})`;
  };
  return {
    people: users.map(({ email }) => nameOf(email)),
    // A key changes what its owner may change: that of a viewer is not in a log of changes.
    keys: keys
      .filter(({ ownerEmail }) => users.some(({ email, role }) => email === ownerEmail && role === 'Owner'))
      .map(({ name, ownerEmail }) => ({ name, owner: nameOf(ownerEmail) })),
  };
}

export interface RunOptions {
  readonly seed: number;
  /** Id of the oldest row. */
  readonly first: number;
  readonly count: number;
  /** Ms since 1970: times of the oldest and of the newest row. */
  readonly from: number;
  readonly to: number;
  readonly visibleFrom: number;
}

/** One action can make many entries in one second: neighbours share a time now and then. */
const ROWS_OF_ONE_ACTION = 4;
const MS_PER_SECOND = 1_000;

/** Times that never go back, in whole seconds. */
export function timesOf({
  seed,
  count,
  from,
  to,
}: Omit<RunOptions, 'visibleFrom' | 'first'>): (index: number) => number {
  const start = Math.floor(from / MS_PER_SECOND);
  const seconds = Math.max(0, Math.floor(to / MS_PER_SECOND) - start);
  return (index) => {
    const action = Math.floor(index / ROWS_OF_ONE_ACTION);
    const isOneAction = seedOf(seed, action) % 3 === 0;
    const at = isOneAction ? action * ROWS_OF_ONE_ACTION : index;
    return (start + Math.floor((seconds * at) / Math.max(1, count - 1))) * MS_PER_SECOND;
  };
}

export function systemRun(options: RunOptions, cast: Cast): Run<SystemLogEntry> {
  const { seed, first, count, visibleFrom } = options;
  const timeAt = timesOf(options);
  const rowAt = (index: number) =>
    systemRow(seededRandom(seedOf(seed, first, index)), first + index, timeAt(index), cast);
  return { first, count, visibleFrom, rowAt, timeAt };
}

const WEIGHT = DESCRIPTIONS.reduce((sum, { weight }) => sum + weight, 0);

function pickDescription(random: Random): Description {
  let left = random.below(WEIGHT);
  for (const description of DESCRIPTIONS) {
    left -= description.weight;
    if (left < 0) return description;
  }
  throw new Error('broken promise: the weights sum up');
}

/** Fields that the documentation calls optional are absent in this share of rows. */
const ABSENT_SHARE = 0.01;

function systemRow(random: Random, id: number, time: number, cast: Cast): SystemLogEntry {
  const { by, on, type, text } = pickDescription(random);
  const database = random.below(20);
  const entry = {
    id,
    time: isoSeconds(time),
    ...whoDidIt(random, by, cast),
    ...(on === 'database' && { resource: `database-${database}`, resourceId: 51_000 + database }),
    type,
    description: text(aboutOf(random)),
  };
  if (!random.chance(ABSENT_SHARE)) return entry;
  const { originator: _originator, resource: _resource, ...rest } = entry;
  return rest;
}

function whoDidIt(random: Random, by: Description['by'], { people, keys }: Cast) {
  const person = people[random.below(people.length)];
  const key = keys[random.below(keys.length)];
  if (by === 'system') return { originator: 'System' };
  if (by === 'anyone' && key !== undefined && random.chance(0.7)) {
    return { originator: key.owner, apiKeyName: key.name };
  }
  return person === undefined ? {} : { originator: person };
}

function aboutOf(random: Random): About {
  const number = 1 + random.below(9_000);
  return {
    name: `Guest ${number}`,
    email: `guest-${number}@northwind.example`,
    key: `temporary-key-${number}`,
    number: number * 100,
    network: `203.0.113.${random.below(256)}/32`,
  };
}
