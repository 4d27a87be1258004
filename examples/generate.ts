/**
 * Example data from a seed: the same seed and end give the same bytes, on every machine.
 *
 * `generateGatewayEvents` tells a story of 90 days in a few thousand events; `generateLoad` makes any number of
 * events of one size, quickly, for benchmarks.
 */
import { type ExampleKey, KEYS, UNREGISTERED_KEY, USER_AGENTS } from './cast.ts';
import { deletion, type Operation, ordinaryOperation, surveyOperation } from './operations.ts';
import { type Random, seededRandom, uuidOf } from './random.ts';
import { STORY } from './story.ts';

export { ACCOUNTS, APPS, KEYS, OWNERS } from './cast.ts';
export { type ConsoleRecords, generateConsoleRecords } from './console.ts';
export { generateLoad, type LoadOptions, loadLines } from './load.ts';
export { exampleNetworks, exampleRegistry } from './registry.ts';
export { STORY } from './story.ts';

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
export const DAYS_DEFAULT = 90;

export interface GatewayEventsOptions {
  readonly seed: number;
  /** Ms since 1970: every event is before it. */
  readonly end: number;
  /** How long the history is. The story needs all 90. */
  readonly days?: number;
}

/** A request event, as docs/sources/gateway-request.md has it. */
export interface GatewayEvent {
  readonly id: string;
  readonly time: string;
  readonly originator?: string;
  readonly apiKeyName?: string;
  readonly resource: string;
  readonly resourceId: number;
  readonly type: string;
  readonly description: string;
  readonly request: Readonly<Record<'sourceIp' | 'method' | 'path' | 'userAgent' | 'requestId', string>> & {
    readonly status: number;
  };
  readonly authentication: Readonly<Record<'accountId' | 'keyName' | 'result' | 'reason', string>>;
}

interface Request {
  readonly at: number;
  readonly key: ExampleKey;
  readonly operation: Operation;
  readonly address: string;
  readonly userAgent: string;
  /** Why the authentication failed; `''` when it did not. The API knows the owner of a key, not who uses it. */
  readonly reason: string;
}

/** @returns events in the order of their times */
export function* generateGatewayEvents(options: GatewayEventsOptions): Iterable<GatewayEvent> {
  const start = options.end - (options.days ?? DAYS_DEFAULT) * MS_PER_DAY;
  const random = seededRandom(options.seed);
  const requests = [...quietDays(random, start, options.end), ...story(random, options.end)];
  const inRange = requests.filter(({ at }) => at >= start && at < options.end);
  for (const request of inRange.sort((one, other) => one.at - other.at)) yield eventOf(request, random);
}

/** How much of a day's work falls into an hour of a week, in UTC. */
function shareOfHour(rhythm: ExampleKey['rhythm'], at: number): number {
  const date = new Date(at);
  const hour = date.getUTCHours();
  const isWeekend = date.getUTCDay() % 6 === 0;
  if (rhythm === 'always') return 1 / 24;
  if (rhythm === 'nightly') return hour === 3 ? 1 : 0;
  if (hour < 7 || hour > 17 || isWeekend) return 0;
  return hour === 12 ? 0.04 : 0.096;
}

function* quietDays(random: Random, start: number, end: number): Iterable<Request> {
  const ends = new Map(
    [STORY.dormant, STORY.unused].map(({ key, lastDayBeforeEnd }) => [
      key as string,
      end - lastDayBeforeEnd * MS_PER_DAY,
    ]),
  );
  for (let hour = start; hour < end; hour += MS_PER_HOUR) {
    for (const key of KEYS) {
      if (hour >= (ends.get(key.name) ?? end)) continue;
      let count = random.poisson(key.requestsPerDay * shareOfHour(key.rhythm, hour));
      for (; count > 0; count -= 1) yield ordinaryRequest(random, key, hour + random.below(MS_PER_HOUR));
    }
  }
}

function ordinaryRequest(random: Random, key: ExampleKey, at: number): Request {
  const operation = ordinaryOperation(random, key.accountId, key.writes);
  return { at, key, operation, address: random.pick(key.addresses), userAgent: key.userAgent, reason: '' };
}

function keyNamed(name: string): ExampleKey {
  const key = KEYS.find((known) => known.name === name);
  if (key === undefined) throw new Error(`broken promise: the story's key ${name} takes part`);
  return key;
}

function* story(random: Random, end: number): Iterable<Request> {
  yield* foreignAddress(random, end);
  yield* sharedKey(random, end);
  yield* dormantKey(random, end);
  yield* deniedTries(random, end);
  yield* refusedOwner(random, end);
  yield* unregisteredKey(random, end);
  yield* deletionSpree(random, end);
}

function* foreignAddress(random: Random, end: number): Iterable<Request> {
  const { address, daysBeforeEnd, requestsPerNight } = STORY.foreign;
  const key = keyNamed(STORY.foreign.key);
  for (let day = daysBeforeEnd; day > 0; day -= 1) {
    const midnight = Math.floor((end - day * MS_PER_DAY) / MS_PER_DAY) * MS_PER_DAY;
    for (let count = 0; count < requestsPerNight; count += 1) {
      const at = midnight + MS_PER_HOUR + random.below(2 * MS_PER_HOUR);
      const operation = surveyOperation(random, key.accountId);
      yield { at, key, operation, address, userAgent: USER_AGENTS.python, reason: '' };
    }
  }
}

function* sharedKey(random: Random, end: number): Iterable<Request> {
  const key = keyNamed(STORY.shared.key);
  for (let hour = end - STORY.shared.daysBeforeEnd * MS_PER_DAY; hour < end; hour += MS_PER_HOUR) {
    let count = random.poisson(key.requestsPerDay * shareOfHour(key.rhythm, hour));
    for (; count > 0; count -= 1) {
      const request = ordinaryRequest(random, key, hour + random.below(MS_PER_HOUR));
      yield { ...request, address: STORY.shared.colleagueAddress, userAgent: USER_AGENTS.curl };
    }
  }
}

function* dormantKey(random: Random, end: number): Iterable<Request> {
  const { address, wokeDaysBeforeEnd, requests } = STORY.dormant;
  const key = keyNamed(STORY.dormant.key);
  const from = end - wokeDaysBeforeEnd * MS_PER_DAY;
  for (let count = 0; count < requests; count += 1) {
    const operation = surveyOperation(random, key.accountId);
    const at = from + random.below(90 * MS_PER_MINUTE);
    yield { at, key, operation, address, userAgent: USER_AGENTS.curl, reason: '' };
  }
}

function* deniedTries(random: Random, end: number): Iterable<Request> {
  const { address, daysBeforeEnd, attempts, reason } = STORY.denied;
  const key = keyNamed(STORY.denied.key);
  const from = end - daysBeforeEnd * MS_PER_DAY;
  for (let count = 0; count < attempts; count += 1) {
    const operation = { ...surveyOperation(random, key.accountId), status: 403 };
    yield {
      at: from + random.below(25 * MS_PER_MINUTE),
      key,
      operation,
      address,
      userAgent: USER_AGENTS.python,
      reason,
    };
  }
}

function* refusedOwner(random: Random, end: number): Iterable<Request> {
  const { address, daysBeforeEnd, attempts, reason } = STORY.refused;
  const key = keyNamed(STORY.refused.key);
  const from = end - daysBeforeEnd * MS_PER_DAY;
  for (let count = 0; count < attempts; count += 1) {
    const operation = { ...ordinaryOperation(random, key.accountId, 0), status: 403 };
    const at = from + count * 10 * MS_PER_MINUTE + random.below(MS_PER_MINUTE);
    yield { at, key, operation, address, userAgent: key.userAgent, reason };
  }
}

function* unregisteredKey(random: Random, end: number): Iterable<Request> {
  const { address, daysBeforeEnd, requests } = STORY.unregistered;
  const key = UNREGISTERED_KEY;
  const from = end - daysBeforeEnd * MS_PER_DAY;
  for (let count = 0; count < requests; count += 1) {
    const operation = ordinaryOperation(random, key.accountId, 0);
    const at = from + random.below(2 * MS_PER_HOUR);
    yield { at, key, operation, address, userAgent: key.userAgent, reason: '' };
  }
}

function* deletionSpree(random: Random, end: number): Iterable<Request> {
  const { address, daysBeforeEnd, deletions } = STORY.spree;
  const key = keyNamed(STORY.spree.key);
  const from = end - daysBeforeEnd * MS_PER_DAY;
  for (let count = 0; count < deletions; count += 1) {
    const operation = deletion(count);
    const at = from + count * 18_000 + random.below(9_000);
    yield { at, key, operation, address, userAgent: key.userAgent, reason: '' };
  }
}

function eventOf(request: Request, random: Random): GatewayEvent {
  const { key, operation, reason } = request;
  const { method, path, status, ...what } = operation;
  return {
    id: ulidOf(request.at, random),
    time: new Date(request.at).toISOString(),
    // Who was refused is nobody yet: only the name of the key that was shown is known.
    ...(reason === '' && { originator: `${key.owner.name} (${key.owner.email})`, apiKeyName: key.name }),
    ...what,
    request: {
      sourceIp: request.address,
      method,
      path,
      status,
      userAgent: request.userAgent,
      requestId: uuidOf(random),
    },
    authentication: {
      accountId: key.accountId,
      keyName: key.name,
      result: reason === '' ? 'success' : 'failure',
      reason,
    },
  };
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** An id that sorts by time, as gateways make them: 48 bits of time, 80 of chance. */
function ulidOf(at: number, random: Random): string {
  let time = '';
  for (let rest = at, digits = 0; digits < 10; digits += 1, rest = Math.floor(rest / 32)) {
    time = `${CROCKFORD[rest % 32]}${time}`;
  }
  let chance = '';
  while (chance.length < 16) chance += CROCKFORD[random.below(32)];
  return time + chance;
}
