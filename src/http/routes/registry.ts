/** What is known of keys, apps, addresses and networks, and what they were used for. */
import { z } from 'zod';
import { rowsSchema } from '../../../schemas/api/questions.ts';
import { foundKeysSchema } from '../../../schemas/api/registry.ts';
import { KEY_STATES } from '../../../schemas/registry.ts';
import { timeParameter } from '../../ask/time-range.ts';
import { ASKED_VALUE_CHARS_MAX, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '../../core/limits.ts';
import { jsonRoute, type Route } from '../route.ts';
import { addressOf } from './addresses.ts';
import { statementRows } from './rows.ts';
import { RANGE_FIELDS, rangeOf, timeField, timeOf } from './time.ts';

const name = z.string().min(1).max(ASKED_VALUE_CHARS_MAX);
const keyParams = z.strictObject({ key: name.meta({ description: 'Name of the key.' }) });
const account = z.string().max(1_000).default('').meta({ description: 'Only in this account.' });

export const REGISTRY_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/keys',
    operation: 'listKeys',
    summary: 'The keys as they are known to be at one instant.',
    tag: 'registry',
    ability: 'read',
    query: z.strictObject({
      account,
      owner: z.string().max(1_000).default('').meta({ description: 'Only of this owner, by email.' }),
      app: z.string().max(1_000).default('').meta({ description: 'Only assigned to this app.' }),
      state: z.array(z.enum(KEY_STATES)).default([]).meta({ description: 'Only in these states.' }),
      at: timeField('as they were at this time'),
    }),
    answer: rowsSchema,
    handle: async ({ query, store, signal, services }) => {
      const now = services.now();
      const { account: account_id, owner, app, state: states } = query;
      const at = timeParameter(timeOf('at', query.at, now, now));
      return statementRows(store, 'keys-list', { account_id, owner: owner.toLowerCase(), app, states, at }, signal);
    },
  }),
  jsonRoute({
    path: '/api/v1/keys/{key}',
    operation: 'getKey',
    summary: 'One key: what is known of it now, and what it was used for.',
    tag: 'registry',
    ability: 'read',
    params: keyParams,
    query: z.strictObject({ account }),
    answer: rowsSchema,
    handle: ({ params, query, store, signal, services }) => {
      const now = timeParameter(services.now());
      return statementRows(store, 'keys-show', { key_id: params.key, account_id: query.account, now }, signal);
    },
  }),
  jsonRoute({
    path: '/api/v1/keys/{key}/history',
    operation: 'getKeyHistory',
    summary: 'One key over time: every version, when it was learned and from what.',
    tag: 'registry',
    ability: 'read',
    params: keyParams,
    query: z.strictObject({ account }),
    answer: rowsSchema,
    handle: ({ params, query, store, signal }) =>
      statementRows(store, 'keys-history', { key_id: params.key, account_id: query.account }, signal),
  }),
  jsonRoute({
    path: '/api/v1/keys-found',
    operation: 'findKeys',
    summary: 'Keys as they are known to be now that hold all of some words, of however many keys there are.',
    tag: 'registry',
    ability: 'read',
    query: z.strictObject({
      find: z.string().max(1_000).default('').meta({ description: 'Words of account, name, owner or app.' }),
      state: z.enum(['active', 'ended']).optional().meta({ description: 'Only active ones, or only others.' }),
      lacks: z
        .array(z.enum(['owner', 'app', 'list']))
        .default([])
        .meta({ description: 'What is not known of them.' }),
      limit: z.coerce.number<string>().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT),
    }),
    answer: foundKeysSchema,
    handle: async ({ query: { find, state = '', lacks, limit }, store, signal, services }) => {
      const at = timeParameter(services.now());
      const words = find.split(/\s+/).filter((word) => word !== '');
      const [figures, found] = await Promise.all([
        statementRows(store, 'keys-figures', { at }, signal),
        statementRows(store, 'keys-found', { at, which: state, lacks, words, limit }, signal),
      ]);
      return {
        figures: figures.rows[0] as never,
        found: Number(found.rows[0]?.found ?? 0),
        keys: found.rows.map(({ found: _, ...key }) => key) as never,
      };
    },
  }),
  jsonRoute({
    path: '/api/v1/keys-unregistered',
    operation: 'listUnregisteredKeys',
    summary: 'Keys that events of a range name and that the registry does not know, with a guess at their owner.',
    tag: 'registry',
    ability: 'read',
    query: z.strictObject({ ...RANGE_FIELDS, account }),
    answer: rowsSchema,
    handle: ({ query, store, signal, services }) => {
      const { from, to } = rangeOf(query, services.now());
      const parameters = { from, to, account_id: query.account, now: timeParameter(services.now()) };
      return statementRows(store, 'keys-unregistered', parameters, signal);
    },
  }),
  knownAt('/api/v1/accounts', 'listAccounts', 'The accounts as they are known to be at one instant.', 'accounts-list'),
  jsonRoute({
    path: '/api/v1/accounts/{account}/history',
    operation: 'getAccountHistory',
    summary: 'One account over time: every version, when it was learned and from what.',
    tag: 'registry',
    ability: 'read',
    params: z.strictObject({ account: name.meta({ description: 'Id of the account.' }) }),
    answer: rowsSchema,
    handle: ({ params, store, signal }) =>
      statementRows(store, 'accounts-history', { account_id: params.account }, signal),
  }),
  knownAt('/api/v1/users', 'listUsers', 'The users of accounts as they are known to be at one instant.', 'users-list'),
  jsonRoute({
    path: '/api/v1/users/{email}/history',
    operation: 'getUserHistory',
    summary: 'One user over time: every version, when it was learned and from what.',
    tag: 'registry',
    ability: 'read',
    params: z.strictObject({ email: name.meta({ description: 'Email of the user.' }) }),
    query: z.strictObject({ account }),
    answer: rowsSchema,
    handle: ({ params, query, store, signal }) =>
      statementRows(store, 'users-history', { email: params.email.toLowerCase(), account_id: query.account }, signal),
  }),
  jsonRoute({
    path: '/api/v1/apps',
    operation: 'listApps',
    summary: 'Every app that a key is assigned to now, or that a rule gives.',
    tag: 'registry',
    ability: 'read',
    answer: rowsSchema,
    handle: async ({ store, signal, services, caller }) => {
      const apps = await statementRows(store, 'apps-list', { now: timeParameter(services.now()) }, signal);
      // Rules belong to no account: who is held to some learns of the apps of its own keys alone.
      if (caller.accounts.length === 0) return apps;
      return { ...apps, rows: apps.rows.filter((row) => Number(row.keys) > 0).map((row) => ({ ...row, rules: [] })) };
    },
  }),
  jsonRoute({
    path: '/api/v1/apps/{app}',
    operation: 'getApp',
    summary: 'The keys of an app, and what they were used for in a range.',
    tag: 'registry',
    ability: 'read',
    params: z.strictObject({ app: name.meta({ description: 'Name of the app.' }) }),
    query: z.strictObject(RANGE_FIELDS),
    answer: rowsSchema,
    handle: ({ params, query, store, signal, services }) => {
      const { from, to } = rangeOf(query, services.now());
      const now = timeParameter(services.now());
      return statementRows(store, 'apps-show', { app: params.app, from, to, now }, signal);
    },
  }),
  jsonRoute({
    path: '/api/v1/addresses/{address}',
    operation: 'getAddress',
    summary: 'One address: its network, and which keys and people used it in a range.',
    tag: 'registry',
    ability: 'read',
    params: z.strictObject({ address: z.string().max(100).meta({ description: 'An IPv4 or IPv6 address.' }) }),
    query: z.strictObject(RANGE_FIELDS),
    answer: rowsSchema,
    handle: ({ params, query, store, signal, services }) => {
      const { from, to } = rangeOf(query, services.now());
      const source_ip = addressOf(params.address, services.now());
      return statementRows(store, 'address-show', { source_ip, from, to, now: timeParameter(services.now()) }, signal);
    },
  }),
  knownAt('/api/v1/networks', 'listNetworks', 'The networks as they are known to be at one instant.', 'networks-list'),
  jsonRoute({
    path: '/api/v1/networks/{network}/history',
    operation: 'getNetworkHistory',
    summary: 'One network over time: every version, when it was learned and from what.',
    tag: 'registry',
    ability: 'read',
    params: z.strictObject({ network: name.meta({ description: 'Name of the network.' }) }),
    answer: rowsSchema,
    handle: ({ params, store, signal }) =>
      statementRows(store, 'networks-history', { network: params.network }, signal),
  }),
];

/** What is known of all things of a kind, as it was at an instant. */
function knownAt(path: string, operation: string, summary: string, statement: string): Route {
  return jsonRoute({
    ...{ path, operation, summary, tag: 'registry', ability: 'read' },
    query: z.strictObject({ at: timeField('as they were at this time') }),
    answer: rowsSchema,
    handle: ({ query, store, signal, services }) => {
      const now = services.now();
      return statementRows(store, statement, { at: timeParameter(timeOf('at', query.at, now, now)) }, signal);
    },
  });
}
