/**
 * Who takes part in the examples: two accounts, six owners, five apps, thirteen keys and one that nobody wrote down.
 * All of it is invented; addresses are from the ranges that are reserved for documentation.
 */

export interface Owner {
  readonly name: string;
  readonly email: string;
}

export interface ExampleKey {
  readonly name: string;
  readonly accountId: string;
  readonly owner: Owner;
  /** The app that the key was made for; `''` for a person's own key. */
  readonly app: string;
  readonly addresses: readonly [string, ...string[]];
  /** The key's allow list; empty: it may be used from everywhere. */
  readonly allowList: readonly string[];
  readonly userAgent: string;
  /** Requests on an ordinary working day. */
  readonly requestsPerDay: number;
  /** `always`: a machine that never sleeps; `office`: working days and hours; `nightly`: a job in the small hours. */
  readonly rhythm: 'always' | 'office' | 'nightly';
  /** Share of requests that change something. */
  readonly writes: number;
}

export const ACCOUNTS = [
  { id: '1001', name: 'Northwind Production' },
  { id: '2002', name: 'Northwind Staging' },
] as const;
const [PRODUCTION, STAGING] = ACCOUNTS;

const owner = (name: string, email: string): Owner => ({ name, email });
export const OWNERS = {
  ada: owner('Ada Byron', 'ada@northwind.example'),
  ben: owner('Ben Okafor', 'ben@northwind.example'),
  chen: owner('Chen Wei', 'chen@northwind.example'),
  dana: owner('Dana Petrov', 'dana@northwind.example'),
  elif: owner('Elif Demir', 'elif@northwind.example'),
  finn: owner('Finn Larsen', 'finn@northwind.example'),
} as const;

export const APPS = ['infrastructure', 'deployment', 'orders', 'billing', 'monitoring'] as const;

export const USER_AGENTS = {
  terraform: 'HashiCorp Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-rediscloud/2.1.0',
  python: 'python-requests/2.32.5',
  insight: 'RedisInsight/3.0.1 (Electron)',
  curl: 'curl/8.5.0',
  go: 'rediscloud-go-api/0.24.0',
} as const;

const key = (given: Partial<ExampleKey> & Pick<ExampleKey, 'name' | 'owner' | 'addresses'>): ExampleKey => ({
  accountId: PRODUCTION.id,
  app: '',
  allowList: [],
  userAgent: USER_AGENTS.curl,
  requestsPerDay: 4,
  rhythm: 'office',
  writes: 0.1,
  ...given,
});

const INFRASTRUCTURE = { app: 'infrastructure', userAgent: USER_AGENTS.terraform, requestsPerDay: 9, writes: 0.2 };
const DEPLOYMENT = { app: 'deployment', userAgent: USER_AGENTS.go, rhythm: 'office', writes: 0.3 } as const;

export const KEYS: readonly [ExampleKey, ...ExampleKey[]] = [
  key({ ...INFRASTRUCTURE, name: 'terraform-prod', owner: OWNERS.ada, addresses: ['198.51.100.10'] }),
  key({
    ...INFRASTRUCTURE,
    name: 'terraform-staging',
    accountId: STAGING.id,
    owner: OWNERS.ada,
    addresses: ['198.51.100.10'],
  }),
  key({
    ...DEPLOYMENT,
    name: 'ci-deploy',
    owner: OWNERS.ben,
    addresses: ['198.51.100.65', '198.51.100.66', '198.51.100.70'],
    allowList: ['198.51.100.64/28', '203.0.113.0/28'],
    requestsPerDay: 8,
  }),
  key({
    ...DEPLOYMENT,
    name: 'ci-deploy-staging',
    accountId: STAGING.id,
    owner: OWNERS.ben,
    addresses: ['198.51.100.65', '198.51.100.66'],
  }),
  key({
    name: 'orders-service',
    app: 'orders',
    owner: OWNERS.elif,
    addresses: ['198.51.100.20', '198.51.100.21'],
    allowList: ['198.51.100.20/31'],
    userAgent: USER_AGENTS.go,
    requestsPerDay: 10,
    rhythm: 'always',
    writes: 0,
  }),
  key({
    name: 'billing-export',
    app: 'billing',
    owner: OWNERS.finn,
    addresses: ['198.51.100.40'],
    allowList: ['198.51.100.40/32'],
    userAgent: USER_AGENTS.python,
    rhythm: 'nightly',
    writes: 0,
  }),
  key({
    name: 'monitoring-exporter',
    app: 'monitoring',
    owner: OWNERS.dana,
    addresses: ['2001:db8:10::5'],
    userAgent: USER_AGENTS.python,
    requestsPerDay: 12,
    rhythm: 'always',
    writes: 0,
  }),
  key({
    name: 'monitoring-staging',
    accountId: STAGING.id,
    app: 'monitoring',
    owner: OWNERS.dana,
    addresses: ['2001:db8:10::6'],
    userAgent: USER_AGENTS.python,
    rhythm: 'always',
    writes: 0,
  }),
  key({ name: 'platform-admin', owner: OWNERS.ada, addresses: ['198.51.100.130'], requestsPerDay: 8, writes: 0.4 }),
  key({
    name: 'reporting-adhoc',
    owner: OWNERS.chen,
    addresses: ['198.51.100.140'],
    userAgent: USER_AGENTS.insight,
    requestsPerDay: 5,
    writes: 0,
  }),
  key({ name: 'finn-laptop', owner: OWNERS.finn, addresses: ['198.51.100.150'], requestsPerDay: 1, writes: 0 }),
  key({
    name: 'migration-job',
    owner: OWNERS.elif,
    addresses: ['198.51.100.80'],
    allowList: ['0.0.0.0/0'],
    requestsPerDay: 6,
    writes: 0.4,
  }),
  key({ name: 'legacy-sync', owner: OWNERS.dana, addresses: ['198.51.100.90'], requestsPerDay: 2 }),
];

/** No registry knows it. */
export const UNREGISTERED_KEY: ExampleKey = key({
  name: 'debug-tmp',
  owner: OWNERS.finn,
  addresses: ['198.51.100.150'],
});
