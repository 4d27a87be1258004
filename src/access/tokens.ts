/** Tokens in the store: made, listed, revoked. */
import { type Role, type TokenRow, tokenRowSchema } from '../../schemas/access.ts';
import { UserError } from '../core/errors.ts';
import { TOKEN_ENTRIES_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { type MadeToken, makeToken } from './token.ts';

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** Empty: all. */
  readonly accounts: readonly string[];
  /** Of a token that pushes: the source of its records. */
  readonly source: string;
  /** ms since 1970 UTC; absent: never. */
  readonly expiresAtMs?: number;
}

export async function listTokens(store: Store): Promise<TokenRow[]> {
  const rows = await store.rows(statement('tokens-list'));
  return rows.map((row) => tokenRowSchema.parse(row));
}

export type TokenState = 'counts' | 'expired' | 'revoked';

export function stateOf({ revoked_at_ms, expires_at_ms }: TokenRow, nowMs: number): TokenState {
  if (revoked_at_ms > 0) return 'revoked';
  return expires_at_ms > 0 && expires_at_ms <= nowMs ? 'expired' : 'counts';
}

/** @throws UserError TOKENS_TOO_MANY */
export async function addToken(
  store: Store,
  token: NewToken,
  randomBytes: (bytes: number) => Buffer,
): Promise<MadeToken> {
  const known = await listTokens(store);
  if (known.length >= TOKEN_ENTRIES_MAX) {
    throw new UserError('TOKENS_TOO_MANY', 'the store holds as many tokens as it may', {
      got: String(known.length),
      expected: `fewer than ${TOKEN_ENTRIES_MAX}`,
    });
  }
  const made = makeToken(randomBytes);
  await store.command(statement('token-add'), {
    parameters: {
      token_id: made.id,
      name: token.name,
      role: token.role,
      digest: made.digest,
      accounts: token.accounts,
      source: token.source,
      expires_at_ms: token.expiresAtMs ?? 0,
    },
  });
  return made;
}

/** @param id the token's id, or its name where only one that counts has it. @throws UserError TOKEN_UNKNOWN */
export async function revokeToken(store: Store, id: string): Promise<TokenRow> {
  const known = (await listTokens(store)).filter((token) => token.revoked_at_ms === 0);
  const found = known.filter((token) => token.token_id === id || token.name === id);
  const [token] = found;
  if (token === undefined || found.length > 1) {
    throw new UserError('TOKEN_UNKNOWN', token === undefined ? `no token is ${id}` : `several tokens are named ${id}`, {
      got: id,
      expected: 'the id or the name of one token that counts',
      next: 'keytrail token list',
    });
  }
  await store.command(statement('token-revoke'), { parameters: { token_id: token.token_id } });
  return token;
}
