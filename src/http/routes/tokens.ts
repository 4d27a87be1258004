/** Who may talk to the daemon. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  newTokenSchema,
  sourceListSchema,
  tokenListSchema,
  tokenMadeSchema,
  tokenRevokedSchema,
} from '../../../schemas/api/tokens.ts';
import { checkedToken, lifetimeMs, PUSHED_SOURCES } from '../../access/new-token.ts';
import { addToken, listTokens, revokeToken, stateOf } from '../../access/tokens.ts';
import { jsonRoute, type Route } from '../route.ts';
import { timeOf } from './time.ts';

export const TOKEN_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/tokens',
    operation: 'listTokens',
    summary: 'Every token that there ever was, and whether it counts. The tokens themselves are kept nowhere.',
    tag: 'access',
    ability: 'operate',
    isCommon: true,
    answer: tokenListSchema,
    handle: async ({ services, caller }) => ({
      tokens: (await listTokens(services.store)).map((token) => ({
        ...{ id: token.token_id, name: token.name, role: token.role, accounts: token.accounts, source: token.source },
        ...{ state: stateOf(token, services.now()), added_at: new Date(token.added_at_ms).toISOString() },
        ...{ expires_at: instantOf(token.expires_at_ms), revoked_at: instantOf(token.revoked_at_ms) },
        is_own: token.token_id === caller.tokenId,
      })),
    }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/tokens',
    operation: 'addToken',
    summary: 'Makes a token. Its text is in this answer, and nowhere else.',
    tag: 'access',
    ability: 'operate',
    deed: 'token',
    isCommon: true,
    body: newTokenSchema,
    answer: tokenMadeSchema,
    handle: async ({ body: { expires, ...wanted }, services }) => {
      const token = checkedToken({ ...wanted, expiresAtMs: expiryOf(expires, services.now()) }, services.now());
      const { id, text } = await addToken(services.store, token, randomBytes);
      return { id, token: text };
    },
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/tokens/{id}/revoke',
    operation: 'revokeToken',
    summary: 'Makes a token count no more, and ends what began with it.',
    tag: 'access',
    ability: 'operate',
    deed: 'token',
    isCommon: true,
    params: z.strictObject({
      id: z
        .string()
        .regex(/^[0-9a-f]{16}$/, 'the id of a token: 16 hex digits')
        .meta({ description: 'Id of the token.' }),
    }),
    answer: tokenRevokedSchema,
    handle: async ({ params: { id }, services }) => {
      const { token_id, name } = await revokeToken(services.store, id);
      return { id: token_id, name };
    },
  }),
  jsonRoute({
    path: '/api/v1/sources',
    operation: 'listSources',
    summary: 'The formats of records that can be taken in.',
    tag: 'operations',
    ability: 'read',
    isUnnoted: true,
    answer: sourceListSchema,
    handle: async () => ({
      sources: PUSHED_SOURCES.map(({ name, title, accountFrom }) => ({ name, title, account_from: accountFrom })),
    }),
  }),
];

/** @throws Problem TIME_INVALID */
function expiryOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || text === '') return undefined;
  const lifetime = lifetimeMs(text);
  return lifetime === undefined ? timeOf('expires', text, nowMs, nowMs) : nowMs + lifetime;
}

function instantOf(ms: number): string | null {
  return ms === 0 ? null : new Date(ms).toISOString();
}
