/** The explicit assignment of keys to an app. */
import { UsageError, UserError } from '../core/errors.ts';
import { type ImportOptions, type ImportResult, recordSayings } from './import.ts';
import { type Known, readKnown } from './known.ts';

export interface KeyName {
  readonly name: string;
  /** Absent: in whichever account has it, where only one does. */
  readonly account?: string | undefined;
}

/**
 * @param app `''` for none
 * @throws UserError KEY_UNKNOWN, KEY_AMBIGUOUS
 */
export async function assignApp(
  keys: readonly KeyName[],
  app: string,
  origin: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const known = await readKnown(options.store, ['key']);
  const ids = keys.map(({ name, account }) => keyNamed(known, name, account));
  const sayings = (from: number) =>
    ids.map((id) => ({
      ...{ kind: 'key' as const, id, at: from, retracts: false, says: { app } },
      entry: { place: '', from, to: undefined },
    }));
  return recordSayings((from) => ({ sayings: sayings(from), faults: [], warnings: [] }), origin, options);
}

/** @throws UserError KEY_UNKNOWN, KEY_AMBIGUOUS */
export function keyNamed(known: Known, name: string, account: string | undefined): readonly string[] {
  const found = [...known.values()].filter(
    ({ kind, id }) => kind === 'key' && id[1] === name && (account === undefined || id[0] === account),
  );
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only.id;
  if (only === undefined) {
    throw new UserError('KEY_UNKNOWN', `the registry knows no key ${name}`, {
      got: account === undefined ? name : `${name} in account ${account}`,
      expected: 'a key that was imported',
      next: 'keytrail keys list shows them; keytrail keys import adds one',
    });
  }
  throw new UsageError('KEY_AMBIGUOUS', `several accounts have a key ${name}`, {
    got: found.map(({ id }) => id[0]).join(', '),
    expected: 'one account',
    next: 'name it with --account',
  });
}
