/** What the examples ask of the API: operations of the Redis Cloud REST API with the resources of an account. */
import { type Random, uuidOf } from './random.ts';

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly resource: string;
  readonly resourceId: number;
  readonly description: string;
}

interface Database {
  readonly subscription: number;
  readonly id: number;
  readonly name: string;
}

const NAMES = ['orders', 'sessions', 'catalog', 'carts', 'search', 'ledger', 'feature-flags', 'rate-limits'] as const;

/** Eight databases in each account, four to a subscription. */
export function databaseOf(accountId: string, number: number): Database {
  const at = number % NAMES.length;
  const base = accountId === '1001' ? 0 : 1_000;
  const suffix = accountId === '1001' ? 'prod' : 'staging';
  return { subscription: 1_206 + base + Math.floor(at / 4), id: 5_101 + base + at, name: `${NAMES[at]}-${suffix}` };
}

type Make = (database: Database, random: Random) => Omit<Operation, 'resource' | 'resourceId'>;

const databasePath = ({ subscription, id }: Database) => `/v1/subscriptions/${subscription}/databases/${id}`;

const READS: readonly [Make, ...Make[]] = [
  (database) => read(databasePath(database), 'Configuration', `Database ${database.name} read`),
  ({ subscription }) => read(`/v1/subscriptions/${subscription}/databases`, 'Subscription', 'Databases listed'),
  ({ subscription }) => read(`/v1/subscriptions/${subscription}`, 'Subscription', `Subscription ${subscription} read`),
  () => read('/v1/subscriptions', 'Subscription', 'Subscriptions listed'),
  (_, random) => read(`/v1/tasks/${uuidOf(random)}`, 'Account', 'Task read'),
  () => read('/v1/logs?limit=100', 'Account', 'System log read'),
];

const WRITES: readonly [Make, ...Make[]] = [
  (database) => ({
    ...accepted('PUT', databasePath(database)),
    description: `Database Throughput of ${database.name} was changed from 1000 ops/sec to 2000 ops/sec`,
  }),
  (database) => ({
    ...accepted('POST', `${databasePath(database)}/backup`),
    description: `Backup of ${database.name} started`,
  }),
  (database) => ({
    ...accepted('PATCH', `${databasePath(database)}/tags/team`),
    description: `Tag team of ${database.name} was changed`,
  }),
];

function read(path: string, type: string, description: string) {
  return { method: 'GET', path, status: 200, type, description };
}

function accepted(method: string, path: string) {
  return { method, path, status: 202, type: 'Configuration' };
}

/** Now and then the API refuses what it was asked for. */
const ERRORS = [404, 429, 400, 409, 503] as const;
const ERROR_SHARE = 0.015;

export function ordinaryOperation(random: Random, accountId: string, writes: number): Operation {
  const database = databaseOf(accountId, random.below(NAMES.length));
  const made = random.pick(random.chance(writes) ? WRITES : READS)(database, random);
  const status = random.chance(ERROR_SHARE) ? random.pick(ERRORS) : made.status;
  return { ...made, status, resource: database.name, resourceId: database.id };
}

/** What someone asks for who wants to know what there is. */
const SURVEY = [
  '/v1/',
  '/v1/users',
  '/v1/acl/users',
  '/v1/acl/roles',
  '/v1/cloud-accounts',
  '/v1/payment-methods',
] as const;

export function surveyOperation(random: Random, accountId: string): Operation {
  if (random.chance(0.5)) return ordinaryOperation(random, accountId, 0);
  const path = random.pick(SURVEY);
  return {
    method: 'GET',
    path,
    status: 200,
    type: 'Account',
    resource: '',
    resourceId: 0,
    description: `${path} read`,
  };
}

/** The databases of a subscription that nobody reads in quiet times. */
export function deletion(number: number): Operation {
  const database = { subscription: 1_207, id: 5_301 + number, name: `cache-${number + 1}` };
  return {
    ...accepted('DELETE', databasePath(database)),
    resource: database.name,
    resourceId: database.id,
    description: `Database ${database.name} deleted`,
  };
}
