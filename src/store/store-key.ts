/**
 * The store key: 32 bytes that every writer of a store has in common and that never change. It keys the content hashes,
 * so a writer with another one would store every record a second time.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, UserError } from '../core/errors.ts';
import { withStoreLock } from './lock.ts';
import type { Store } from './store.ts';

export interface StoreKeyOptions {
  readonly store: Store;
  /** Where `store.key` lies; absent for a server, whose key must be given. */
  readonly dataDir?: string | undefined;
  /** `KEYTRAIL_STORE_KEY_FILE`; wins over the data directory. */
  readonly keyFile?: string | undefined;
  /** Whether a key may be made for an empty store: by the embedded store, and by the first `migrate` of a server. */
  readonly mayCreate: boolean;
}

const KEY_BYTES = 32;
const FILE_NAME = 'store.key';
const CHECK_NAME = 'store-key-check';
/** What the check value is a code of: it tells a wrong key and says nothing about the right one. */
const CHECKED_TEXT = 'keytrail store key check 1';

/**
 * The key of this store, seen to be the one that it was written with.
 *
 * @returns 32 bytes
 * @throws UserError STORE_KEY_MISSING, STORE_KEY_MISMATCH, STORE_KEY_INVALID, STORE_KEY_NOT_ENTERED
 */
export async function resolveStoreKey(options: StoreKeyOptions): Promise<Buffer> {
  const check = await storedCheck(options.store);
  if (check !== undefined) return checked(await readKey(options), check, options);
  // Two that begin with one empty store would each make a key.
  return withStoreLock(options.store, 'store_key', async () => {
    const meanwhile = await storedCheck(options.store);
    if (meanwhile !== undefined) return checked(await readKey(options), meanwhile, options);
    return entered(options);
  });
}

/**
 * Looks whether the key fits, and changes nothing.
 *
 * @returns `false` for a store that has no key yet
 * @throws UserError STORE_KEY_MISSING, STORE_KEY_MISMATCH, STORE_KEY_INVALID
 */
export async function verifyStoreKey(options: Omit<StoreKeyOptions, 'mayCreate'>): Promise<boolean> {
  const check = await storedCheck(options.store);
  if (check === undefined) return false;
  checked(await readKey(options), check, options);
  return true;
}

/** The first key of an empty store: the one that is given, else a new one. */
async function entered(options: StoreKeyOptions): Promise<Buffer> {
  const found = await readKey(options);
  if (!(await isEmpty(options.store))) throw missingError(options);
  if (!options.mayCreate) throw notEnteredError();
  const key = found ?? (await makeKey(options));
  await options.store.command('INSERT INTO store_facts SELECT {name:String}, {value:String}, now64(3)', {
    parameters: { name: CHECK_NAME, value: checkOf(key) },
  });
  return key;
}

/** 64 hex digits that say nothing about the key and differ for every other one. */
export function checkOf(key: Buffer): string {
  return createHmac('sha256', key).update(CHECKED_TEXT).digest('hex');
}

function checked(key: Buffer | undefined, check: string, options: Omit<StoreKeyOptions, 'mayCreate'>): Buffer {
  if (key === undefined) throw missingError(options);
  const expected = Buffer.from(check);
  const got = Buffer.from(checkOf(key));
  if (got.length === expected.length && timingSafeEqual(got, expected)) return key;
  throw new UserError('STORE_KEY_MISMATCH', 'the store key is not the one that this store was written with', {
    got: `the key of ${fileOf(options) ?? 'nowhere'}`,
    expected: 'the key of the process that made this store',
    next: copyHint(options),
  });
}

async function storedCheck(store: Store): Promise<string | undefined> {
  const [first] = await store.rows<{ value: string }>(
    'SELECT value FROM store_facts WHERE name = {name:String} ORDER BY recorded_at, value LIMIT 1',
    { parameters: { name: CHECK_NAME } },
  );
  return first?.value;
}

async function isEmpty(store: Store): Promise<boolean> {
  const tables = ['audit_events', 'dead_letters', 'ledger'];
  for (const table of tables) {
    if ((await store.rows(`SELECT 1 AS one FROM ${table} LIMIT 1`)).length > 0) return false;
  }
  return true;
}

function fileOf({ dataDir, keyFile }: Pick<StoreKeyOptions, 'dataDir' | 'keyFile'>): string | undefined {
  if (keyFile !== undefined && keyFile !== '') return keyFile;
  return dataDir === undefined ? undefined : path.join(dataDir, FILE_NAME);
}

async function readKey(options: Pick<StoreKeyOptions, 'dataDir' | 'keyFile'>): Promise<Buffer | undefined> {
  const file = fileOf(options);
  if (file === undefined) return undefined;
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (cause) {
    const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (absent) return undefined;
    throw invalidError(file, messageOf(cause));
  }
  const hex = text.toString('latin1').trim();
  if (/^[0-9a-fA-F]{64}$/.test(hex)) return Buffer.from(hex, 'hex');
  if (text.length === KEY_BYTES) return text;
  throw invalidError(file, `${text.length} bytes`);
}

function invalidError(file: string, got: string): UserError {
  return new UserError('STORE_KEY_INVALID', `the store key file ${file} cannot be used`, {
    got,
    expected: 'a file that this user may read, with 64 hex digits or 32 bytes',
    next: 'restore the file from a copy; a new key does not open an old store',
  });
}

/** The file appears whole and once: written beside its place, then linked to it, which fails when another was first. */
async function makeKey(options: StoreKeyOptions): Promise<Buffer> {
  const file = fileOf(options);
  if (file === undefined) throw missingError(options);
  const key = randomBytes(KEY_BYTES);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${key.toString('hex')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file);
  } catch (cause) {
    throw invalidError(file, messageOf(cause));
  } finally {
    await rm(draft, { force: true });
  }
  return key;
}

function missingError(options: Pick<StoreKeyOptions, 'dataDir' | 'keyFile'>): UserError {
  const file = fileOf(options);
  return new UserError('STORE_KEY_MISSING', 'this store is not new, and its store key is not here', {
    got: file === undefined ? 'no key file was named' : `nothing usable for this store in ${file}`,
    expected: 'the key of the process that made this store (64 hex digits)',
    next: copyHint(options),
  });
}

function notEnteredError(): UserError {
  return new UserError('STORE_KEY_NOT_ENTERED', 'this store is new and has no key yet', {
    next: 'keytrail migrate with KEYTRAIL_STORE_KEY_FILE: it makes the key, or enters the one that is there',
  });
}

function copyHint(options: Pick<StoreKeyOptions, 'dataDir' | 'keyFile'>): string {
  const target = fileOf(options) ?? 'a file, and name it in KEYTRAIL_STORE_KEY_FILE';
  return `copy ${FILE_NAME} from the data directory (or the KEYTRAIL_STORE_KEY_FILE) of the process that made this store to ${target}`;
}
