/**
 * What entries of the system log say. The documentation lists no texts: these were seen in its examples and pictures,
 * and where it shows none for a change that must be in the log, one was made up, and says so.
 */

/** What of the registry an entry tells a change of; `''` for none. */
export type Tells = '' | 'account' | 'user' | 'key' | 'allow-list';

/** Where a text comes from. */
export const SOURCES = {
  /** The example of AccountSystemLogEntries in openapi.json. */
  example: 'openapi.json, AccountSystemLogEntries',
  /** Pictures of the console's system log in the documentation, by the year that they show. */
  pictured2017: 'picture of the system log, 2017',
  pictured2020: 'picture of the system log, 2020',
  pictured2023: 'picture of the system log, 2023',
  pictured2026: 'picture of the system log, 2026',
  /** Quoted by people who wrote about their logs. */
  quoted: 'quoted by users',
  plausible: 'plausible, not documented',
} as const;

/** What a text is about. Names in it are invented where it tells of the registry: no real key is said to be deleted. */
export interface About {
  readonly name: string;
  readonly email: string;
  readonly key: string;
  readonly number: number;
  readonly network: string;
}

export interface Description {
  readonly name: string;
  readonly type: string;
  readonly tells: Tells;
  readonly source: (typeof SOURCES)[keyof typeof SOURCES];
  /** Who may have done it: people in the console, people or keys, or Redis Cloud itself. */
  readonly by: 'person' | 'anyone' | 'system';
  /** What the entry names as its resource. */
  readonly on: 'nothing' | 'database';
  /** How often it happens, against the others. */
  readonly weight: number;
  readonly text: (about: About) => string;
}

type Given = Pick<Description, 'name' | 'source' | 'text'> & Partial<Description>;

const configuration = (given: Given): Description => ({
  ...{ type: 'Configuration', tells: '', by: 'anyone', on: 'database', weight: 6 },
  ...given,
});
const subscription = (given: Given): Description => ({
  ...{ type: 'Subscription', tells: '', by: 'anyone', on: 'nothing', weight: 2 },
  ...given,
});
const account = (given: Given): Description => ({
  ...{ type: 'Account', tells: '', by: 'person', on: 'nothing', weight: 1 },
  ...given,
});
const system = (given: Given & Pick<Description, 'type'>): Description => ({
  ...{ tells: '', by: 'system', on: 'database', weight: 8 },
  ...given,
});

/** Texts that one picture shows, or that none does. */
type Texts = readonly Omit<Given, 'source'>[];

const PICTURED_2023: Texts = [
  { name: 'database-activated', text: () => 'DB activated' },
  { name: 'database-deleted', weight: 1, text: () => 'DB deleted' },
  { name: 'replication-changed', text: () => 'Replication policy changed from Disabled to Enabled' },
  { name: 'persistence-disabled', text: () => 'Data-persistence disabled' },
  { name: 'search-loaded', text: () => 'Search and query was loaded by RediSearch' },
  { name: 'json-loaded', text: () => 'JSON was loaded by RedisJSON' },
  // The picture shows it on a database, among the entries of its creation: it is the database's own list of sources,
  // and not the allow list of a key.
  { name: 'database-source-added', text: ({ network }) => `Source ip/subnet added. Ip/subnet - ${network}` },
];

const CONFIGURATION: readonly Description[] = [
  ...PICTURED_2023.map((given) => configuration({ ...given, source: SOURCES.pictured2023 })),
  configuration({
    ...{ name: 'persistence-set', source: SOURCES.pictured2017 },
    text: () => 'Data-persistence policy set to Append Only File (AOF)',
  }),
  configuration({ name: 'backup-disabled', source: SOURCES.pictured2020, text: () => 'Backup disabled' }),
  configuration({ name: 'protocol-enabled', source: SOURCES.pictured2026, text: () => 'RESP3 protocol was enabled' }),
  configuration({
    ...{ name: 'throughput-changed', source: SOURCES.quoted, weight: 14 },
    text: ({ number }) => `Database Throughput was changed from ${number} ops/sec to ${number * 2} ops/sec`,
  }),
];

const SUBSCRIPTION: readonly Description[] = [
  subscription({
    ...{ name: 'subscription-created', source: SOURCES.pictured2023 },
    text: ({ number }) => `Subscription #${number} created - Redis Cloud/Pro/AWS/us-east-1`,
  }),
  subscription({
    ...{ name: 'subscription-deleted', source: SOURCES.pictured2023, weight: 1 },
    text: ({ number }) => `Subscription #${number} deleted - Redis Cloud/Pro/AWS/us-east-1`,
  }),
];

const SYSTEM: readonly Description[] = [
  system({
    ...{ name: 'backup-completed', type: 'Notification', source: SOURCES.pictured2026 },
    text: () => 'Periodic backup successfully completed',
  }),
  system({
    ...{ name: 'throughput-low', type: 'Alert', source: SOURCES.pictured2017 },
    text: () => 'Throughput is 0 RPS (requests per second), lower than the 10 RPS threshold',
  }),
  // The set of types is open: a reader has to take one that it has never seen.
  system({
    ...{ name: 'maintenance-completed', type: 'Maintenance', source: SOURCES.plausible, weight: 1, on: 'nothing' },
    text: () => 'Maintenance completed',
  }),
];

const PICTURED_2020: Texts = [
  { name: 'mfa-enabled', tells: 'account', text: () => 'MFA enforcement has been enabled' },
  { name: 'mfa-disabled', tells: 'account', text: () => 'MFA enforcement has been disabled' },
  { name: 'password-reset', tells: 'user', text: () => 'Password reset' },
];

/** The documentation says that users and keys are in the log, and shows no text of it but the two of the example. */
const MADE_UP: Texts = [
  {
    ...{ name: 'user-role-changed', tells: 'user' },
    text: ({ name, email }) => `${name} (${email})'s role was changed from Viewer to Owner`,
  },
  { name: 'user-removed', tells: 'user', text: ({ name, email }) => `${name} (${email}) was removed from team` },
  {
    ...{ name: 'key-created', tells: 'key' },
    text: ({ key, name, email }) => `API key ${key} was created for ${name} (${email})`,
  },
  { name: 'key-deleted', tells: 'key', text: ({ key }) => `API key ${key} was deleted` },
  {
    ...{ name: 'key-source-added', tells: 'allow-list' },
    text: ({ key, network }) => `Source ip/subnet added to API key ${key}. Ip/subnet - ${network}`,
  },
  {
    ...{ name: 'key-source-removed', tells: 'allow-list' },
    text: ({ key, network }) => `Source ip/subnet removed from API key ${key}. Ip/subnet - ${network}`,
  },
];

const ACCOUNT: readonly Description[] = [
  ...PICTURED_2020.map((given) => account({ ...given, source: SOURCES.pictured2020 })),
  account({
    ...{ name: 'user-renamed', source: SOURCES.example, tells: 'user' },
    text: ({ name, email }) => `${email.split('@', 1)[0]} (${email})'s user name was changed to ${name}`,
  }),
  account({
    ...{ name: 'user-invited', source: SOURCES.example, tells: 'user' },
    text: ({ name, email }) => `Invited ${name} (${email}) to join team`,
  }),
  ...MADE_UP.map((given) => account({ ...given, source: SOURCES.plausible })),
];

export const DESCRIPTIONS: readonly Description[] = [...CONFIGURATION, ...SUBSCRIPTION, ...SYSTEM, ...ACCOUNT];

/** @throws Error for a name that no description has */
export function descriptionOf(name: string): Description {
  const found = DESCRIPTIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`broken promise: there is a description ${name}`);
  return found;
}
