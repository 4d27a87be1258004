/** A registry for benchmarks: as many keys and versions as are asked for, for the keys of the load. */
import { KEYS, OWNERS } from './cast.ts';

const MS_PER_DAY = 86_400_000;
const COLUMNS = 'account_id,key_id,owner,app,purpose,allow_list,created_at,valid_from';

export interface LoadRegistryOptions {
  /** Named as the keys of the load are. */
  readonly keys: number;
  /** Rows of each key; every one says something else than the one before. */
  readonly versions: number;
  /** Ms since 1970: the first row holds from 365 days before it, the others follow at equal distances. */
  readonly end: number;
  /** How many owners have them; absent: those of the examples. */
  readonly owners?: number;
}

/** @returns the lines of a CSV file for `keytrail keys import` */
export function* loadRegistryLines({ keys, versions, end, owners: count }: LoadRegistryOptions): Iterable<string> {
  const owners =
    count === undefined
      ? Object.values(OWNERS)
      : Array.from({ length: count }, (_, at) => ({ email: `owner-${at}@northwind.example` }));
  const from = end - 365 * MS_PER_DAY;
  yield `${COLUMNS}\n`;
  for (let key = 0; key < keys; key += 1) {
    const accountId = KEYS[key % KEYS.length]?.accountId ?? '';
    const created = new Date(from).toISOString();
    for (let version = 0; version < versions; version += 1) {
      const owner = owners[(key + (version >> 1)) % owners.length]?.email ?? '';
      const allowList =
        (key + version) % 3 === 0 ? 'none' : `10.0.0.0/18 192.168.${version}.0/24 2001:db8:${version}::/48`;
      const app = key % 4 === 0 ? '' : `app-${key % 40}`;
      const validFrom = new Date(from + Math.floor((version * 365 * MS_PER_DAY) / versions)).toISOString();
      yield `${accountId},key-${key},${owner},${app},version ${version},${allowList},${created},${validFrom}\n`;
    }
  }
}
