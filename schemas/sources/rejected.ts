/** How a normaliser says that a record is no event. */
import type { z } from 'zod';
import { isObject, shown } from '../fields/text.ts';
import type { TimeRejection } from '../fields/time.ts';
import type { JsonObject, Normalised } from './source.ts';

/** The first field that identity, time or shape needs and that is missing or of another type. */
export function rejectedByShape(record: JsonObject, error: z.ZodError): Normalised {
  const path = error.issues[0]?.path ?? [];
  let value: unknown = record;
  for (const name of path) value = isObject(value) ? value[String(name)] : undefined;
  return { kind: 'rejected', reason: 'invalid-record', path: path.join('.'), got: shown(value) };
}

export function rejectedTime(reason: TimeRejection, path: string, got: string): Normalised {
  return { kind: 'rejected', reason, path, got };
}

/** Redis Cloud's records do not name their account, and neither did the origin. */
export const ACCOUNT_MISSING: Normalised = Object.freeze({
  kind: 'rejected',
  reason: 'account-missing',
  path: 'account',
  got: '',
});
