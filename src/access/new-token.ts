/** What a token may be, checked before it is made: the same for whoever makes one with a command and with a page. */
import { ROLES, type Role } from '../../schemas/access.ts';
import { SOURCES, sourceNamed } from '../../schemas/sources/index.ts';
import { ACCESS_LOG } from '../../schemas/sources/keytrail/access-log.ts';
import { UsageError } from '../core/errors.ts';
import { TOKEN_NAME_CHARS_MAX } from '../core/limits.ts';
import type { NewToken } from './tokens.ts';

export interface WantedToken {
  readonly name: string;
  readonly role: string;
  /** Empty: all. */
  readonly accounts: readonly string[];
  /** `''` where none is named. */
  readonly source: string;
  /** ms since 1970 UTC; absent: it does not end. */
  readonly expiresAtMs?: number | undefined;
}

const LIFETIME = /^(\d{1,5})([hdw])$/;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90d`, `12h` → ms; `undefined` for what is no length of time */
export function lifetimeMs(text: string): number | undefined {
  const [, count = '', unit = ''] = LIFETIME.exec(text) ?? [];
  return unit === '' ? undefined : Number(count) * (UNIT_MS[unit] ?? 0);
}

/** What keytrail writes of itself nobody else may write. */
export const PUSHED_SOURCES = SOURCES.filter(({ name }) => name !== ACCESS_LOG);

/**
 * @throws UsageError ROLE_UNKNOWN, TOKEN_NAME_INVALID, EXPIRY_PAST, SOURCE_UNUSED, SOURCE_UNKNOWN, ACCOUNT_AMBIGUOUS,
 * ACCOUNT_REQUIRED
 */
export function checkedToken(wanted: WantedToken, nowMs: number): NewToken {
  const { name, accounts, expiresAtMs } = wanted;
  const role = ROLES.find((one) => one === wanted.role);
  if (role === undefined) throw wrong('ROLE_UNKNOWN', 'no role is named so', wanted.role, ROLES.join(', '));
  if (name.trim() === '' || name.length > TOKEN_NAME_CHARS_MAX) {
    throw wrong('TOKEN_NAME_INVALID', 'this is no name', name, `1 to ${TOKEN_NAME_CHARS_MAX} characters`);
  }
  const source = checkedSource(role, wanted);
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    const at = new Date(expiresAtMs).toISOString();
    throw wrong('EXPIRY_PAST', 'the token would not count from the beginning', at, 'a time that is still to come');
  }
  return { name, role, accounts, source, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
}

function checkedSource(role: Role, { source, accounts }: WantedToken): string {
  if (role !== 'push') {
    if (source === '') return '';
    throw wrong('SOURCE_UNUSED', 'only a token that pushes has a source', source, 'no source, or the role push');
  }
  const names = PUSHED_SOURCES.map(({ name }) => name);
  if (!names.includes(source)) {
    const title = 'a token that pushes names the source of its records';
    throw wrong('SOURCE_UNKNOWN', title, source || 'none', names.join(', '));
  }
  if (accounts.length > 1) {
    throw wrong('ACCOUNT_AMBIGUOUS', 'a token that pushes has one account', accounts.join(', '), 'one account');
  }
  if (sourceNamed(source)?.accountFrom === 'origin' && accounts.length === 0) {
    const title = `records of ${source} do not name their account`;
    throw wrong('ACCOUNT_REQUIRED', title, 'no account', 'the account that the records belong to');
  }
  return source;
}

function wrong(code: string, message: string, got: string, expected: string): UsageError {
  return new UsageError(code, message, { got: got.slice(0, 200), expected });
}
