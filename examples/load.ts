/** Load for benchmarks: any number of request events of one size, made as fast as they can be written. */
import { KEYS } from './cast.ts';
import { seededRandom } from './random.ts';

const MS_PER_SECOND = 1_000;
const MS_PER_DAY = 86_400_000;
const CHUNK_BYTES = 262_144;
const BYTES_DEFAULT = 504;

export interface LoadOptions {
  readonly seed: number;
  readonly count: number;
  /** Ms since 1970: every event is before it. */
  readonly end: number;
  /** Bytes of one event, without its line break. Below 504 an event may be longer: its description is empty then. */
  readonly bytes?: number;
  /**
   * `year`: evenly over the 365 days before the end; `month`: over the last whole calendar month before it; `second`:
   * over the last second.
   */
  readonly spread?: 'year' | 'month' | 'second';
  /** Distinct keys and source addresses. */
  readonly keys?: number;
  readonly addresses?: number;
  /** Each key is used from so many addresses of its own; absent: from any of all. */
  readonly addressesOfKey?: number;
  /** First octet of every address; 10, which is private, when absent. */
  readonly firstOctet?: number;
  /** Whether one request in a hundred was refused for its address, or only failed. */
  readonly refusals?: boolean;
}

const FILLER =
  'Database Throughput was changed from 1000 ops/sec to 2000 ops/sec; memory limit and replication stay as they were. '.repeat(
    64,
  );
const AGENTS = [
  'terraform-provider-rediscloud/2.1.0',
  'python-requests/2.32.5',
  'curl/8.5.0',
  'rediscloud-go-api/0.24.0',
];
const METHODS = ['GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'PUT', 'POST', 'DELETE', 'GET'] as const;

function rangeOf(options: LoadOptions): readonly [from: number, to: number] {
  if (options.spread === 'second') return [options.end - MS_PER_SECOND, options.end];
  if (options.spread !== 'month') return [options.end - 365 * MS_PER_DAY, options.end];
  const end = new Date(options.end);
  const [year, month] = [end.getUTCFullYear(), end.getUTCMonth()];
  return [Date.UTC(year, month - 1), Date.UTC(year, month)];
}

/** @returns the JSON of one event after the other, in the order of their times */
export function* loadLines(options: LoadOptions): Iterable<string> {
  const { count, keys = 200, addresses = 2_000, addressesOfKey, firstOctet = 10, bytes = BYTES_DEFAULT } = options;
  const { refusals = true } = options;
  const random = seededRandom(options.seed);
  const [from, to] = rangeOf(options);
  const step = (to - from) / Math.max(count, 1);
  for (let number = 0; number < count; number += 1) {
    const time = new Date(Math.floor(from + number * step)).toISOString();
    const chance = random.hex(32);
    const keyNumber = random.below(keys);
    const { owner, accountId } = KEYS[keyNumber % KEYS.length] ?? KEYS[0];
    const address =
      addressesOfKey === undefined
        ? random.below(addresses)
        : keyNumber * addressesOfKey + random.below(addressesOfKey);
    const sourceIp = `${firstOctet}.${address >>> 16}.${(address >>> 8) & 255}.${address & 255}`;
    const method = METHODS[random.below(METHODS.length)];
    const failed = random.below(100) === 0;
    const refused = failed && refusals;
    const resource = random.below(500);
    const head =
      `{"id":"${chance.slice(0, 12)}-${number.toString(16).padStart(8, '0')}","time":"${time}",` +
      `"originator":"${owner.name} (${owner.email})","apiKeyName":"key-${keyNumber}",` +
      `"resource":"db-${resource}","resourceId":${5_000 + resource},"type":"Database","description":"`;
    const tail =
      `","request":{"sourceIp":"${sourceIp}","method":"${method}",` +
      `"path":"/v1/databases/${5_000 + resource}","status":${failed ? 403 : 200},` +
      `"userAgent":"${AGENTS[keyNumber % AGENTS.length]}","requestId":"${chance.slice(8)}"},` +
      `"authentication":{"accountId":"${accountId}","keyName":"key-${keyNumber}",` +
      `"result":"${refused ? 'failure' : 'success'}","reason":"${refused ? 'source-ip-not-allowed' : ''}"}}`;
    yield head + FILLER.slice(0, Math.max(0, bytes - head.length - tail.length)) + tail;
  }
}

/** @returns NDJSON in pieces of about 256 KiB, each of whole lines */
export function* generateLoad(options: LoadOptions): Iterable<Buffer> {
  let lines = '';
  for (const line of loadLines(options)) {
    lines += `${line}\n`;
    if (lines.length < CHUNK_BYTES) continue;
    yield Buffer.from(lines, 'latin1');
    lines = '';
  }
  if (lines !== '') yield Buffer.from(lines, 'latin1');
}
