/** The query of the two logs. The bounds are the description's; what it does not allow is answered 400. */

export interface PageParameters {
  readonly offset: number;
  readonly limit: number;
  /** Ms since 1970, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly resourceId: number | undefined;
}

/** Of the system log. */
export const LOG_ROWS_MAX = 1_000;
export const SESSION_ROWS_MAX = 100;
/** The documentation tells it of the system log. For the session log it is what the description's example has. */
const ROWS_DEFAULT = 100;
const INT32_MAX = 2_147_483_647;

/**
 * The form of the description's examples. It gives no other, and says only that these are texts: a client that sends
 * something else finds out here and not at a customer's.
 */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** @returns undefined for what is answered 400 */
export function readPageParameters(query: URLSearchParams, rowsMax: number): PageParameters | undefined {
  const offset = integer(query.get('offset'), 0, 0, INT32_MAX);
  const limit = integer(query.get('limit'), ROWS_DEFAULT, 1, rowsMax);
  const from = time(query.get('startTime'), Number.NEGATIVE_INFINITY);
  const to = time(query.get('endTime'), Number.POSITIVE_INFINITY);
  const resourceId = query.has('resourceId')
    ? integer(query.get('resourceId'), 0, -INT32_MAX - 1, INT32_MAX)
    : undefined;
  if (offset === undefined || limit === undefined || from === undefined || to === undefined) return undefined;
  if (query.has('resourceId') && resourceId === undefined) return undefined;
  return { offset, limit, from, to, resourceId };
}

export function integer(text: string | null, fallback: number, least: number, most: number): number | undefined {
  if (text === null) return fallback;
  if (!/^-?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

function time(text: string | null, fallback: number): number | undefined {
  if (text === null) return fallback;
  const value = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}
