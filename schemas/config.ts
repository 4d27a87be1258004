/**
 * The configuration file keytrail.yaml. Everything is optional: what is absent keeps its default
 * (src/config/defaults.ts).
 *
 * Secrets have no field here on purpose: they come from variables or from files that a variable names, never from the
 * YAML.
 * The text of each `meta.description` is what docs/configuration.md and the published JSON Schema say of the field.
 */
import { z } from 'zod';
import { alertsSchema, type ChannelFile, type RouteFile } from './alerts.ts';
import { SEVERITIES } from './detections.ts';
import { type ReportsConfig, reportsSchema } from './report-schedules.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const describe = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  schema.meta({ description }).optional();

const whole = (min: number, max: number) => z.int().min(min).max(max);

const text = z.string().min(1).max(1_000);

/** A path is never a secret itself: a key or certificate pasted in its place is refused (and then never printed). */
const path = z
  .string()
  .min(1)
  .max(4_096)
  .regex(
    /^(?!-----BEGIN)(?![0-9a-fA-F]{64}$)(?![A-Za-z0-9+/]{43}=$)[^\n\0]+$/,
    'a path to a file or folder, not its content',
  );

/** Credentials travel apart from the address, else every log line that names the store would carry them. */
const httpUrl = z
  .string()
  .regex(
    /^https?:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(\/[^\s?#@]*)?$/,
    'an address such as https://clickhouse.example:8443, without user, password or query',
  );

const cidr = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: 'a network such as 10.0.0.0/8 or 2001:db8::/32, or one address',
});

const sourceName = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'the name of a source, such as gateway/request');

const broker = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$/, 'a broker as host:port, such as kafka.example:9092');

const enrich = z.strictObject({
  enabled: describe(z.boolean(), 'look up the network of each address while ingesting, offline'),
  asn_file: describe(path, 'database of autonomous systems (.mmdb) in place of the bundled one'),
  city_file: describe(path, 'database of cities or countries (.mmdb) in place of the bundled countries'),
});

const topicName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,249}$/, 'the name of a topic: letters, digits, dot, underscore and dash');

const topic = z.strictObject({
  topic: topicName.meta({ description: 'name of the topic' }),
  source: describe(sourceName, 'source of its records; absent: recognised record by record'),
  account: describe(text, 'account of its records, for sources whose records do not name theirs'),
});

const clickhouse = z.strictObject({
  url: describe(httpUrl, 'address of a ClickHouse server; absent: the embedded engine in `data_dir`'),
  username: describe(text, 'user of the server'),
  database: describe(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,126}$/, 'the name of a database: letters, digits and underscore'),
    'database that holds the tables',
  ),
  ca_file: describe(path, "certificates (PEM) that the server's is checked against, in place of the system's"),
  insert_quorum: describe(
    z.union([whole(0, 100), z.literal('auto')], { error: 'a number of replicas from 0 to 100, or auto' }),
    'replicas of a cluster that must hold an insert before it counts as stored; 0 for a single server',
  ),
  request_timeout_ms: describe(whole(1_000, 3_600_000), 'time that one request to the server may take'),
});

const block = z.strictObject({
  rows_max: describe(whole(1, 1_000_000), 'records in a block'),
  bytes_max: describe(whole(1_024, 268_435_456), 'bytes of records in a block'),
  age_ms_max: describe(whole(1, 600_000), 'age at which a block closes once its partition has nothing more to give'),
});

const tls = z.strictObject({
  enabled: describe(z.boolean(), 'TLS to the brokers; on by itself when a file below is named'),
  ca_file: describe(path, "certificates (PEM) that the brokers' are checked against, in place of the system's"),
  cert_file: describe(path, "the client's certificate (PEM)"),
  key_file: describe(path, "the client's private key (PEM)"),
});

const sasl = z.strictObject({
  mechanism: describe(z.enum(SASL_MECHANISMS), 'how the client proves who it is'),
  username: describe(text, 'user of the brokers'),
});

const kafka = z.strictObject({
  brokers: describe(z.array(broker).min(1).max(100), 'brokers to begin with'),
  client_id: describe(text, 'name of this client in the logs of the brokers'),
  group: describe(text, 'consumer group, which keeps the committed offsets'),
  session_timeout_ms: describe(
    whole(1_000, 600_000),
    'silence after which the group gives the partitions of a consumer that died to others; brokers have bounds of their own',
  ),
  topics: describe(z.array(topic).min(1).max(1_000), 'topics to read, as `topic[=source[@account]]` in a variable'),
  tls: tls.optional(),
  sasl: sasl.optional(),
});

const http = z.strictObject({
  listen: describe(
    z
      .string()
      .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$/, 'an address as host:port, such as 127.0.0.1:8137'),
    'where `keytrail serve` listens; an address that others reach needs `http.tls` or a proxy with TLS before it',
  ),
  hosts: describe(
    z.array(z.string().regex(/^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$/, 'a name such as audit.example')).max(100),
    'names by which clients call it, beside the address that it listens on; a request for another name is refused',
  ),
  tls: z
    .strictObject({
      cert_file: describe(path, "the daemon's certificate and those that signed it (PEM)"),
      key_file: describe(path, 'its private key (PEM)'),
    })
    .optional(),
});

const accountId = z.string().regex(/^[0-9]{1,18}$/, 'the id of an account in quotes, such as "1001"');

const redisCloud = z.strictObject({
  base_url: describe(httpUrl, 'address of the REST API, with its version'),
  ca_file: describe(path, "certificates (PEM) that the API's is checked against, in place of the system's"),
  accounts: describe(
    z.array(accountId).min(1).max(1_000),
    'ids of the accounts to collect from; the keys of each come from variables',
  ),
  every_ms: describe(whole(1_000, 86_400_000), 'time between two looks at an account'),
  lateness_ms_max: describe(whole(0, 86_400_000), 'how long after its time a row of a log may become visible'),
  share_percent: describe(
    whole(1, 100),
    "share of the API's 400 requests a minute for each account that keytrail may use; the rest is for others",
  ),
  system_log_topic: describe(topicName, 'topic for entries of the system log, with `--to kafka`'),
  session_log_topic: describe(topicName, 'topic for entries of the session log, with `--to kafka`'),
});

const parameterValue = z.union([text, z.number(), z.boolean(), z.array(z.union([text, z.number()])).max(1_000)], {
  error: 'a text, a number, true, false, or a list of texts or numbers',
});

/** What differs from what a detection says of itself. */
const detectionRule = z.strictObject({
  enabled: z.boolean().optional(),
  severity: z.enum(SEVERITIES, { error: `one of ${SEVERITIES.join(', ')}` }).optional(),
  raises: z.enum(['signal', 'alert'], { error: 'signal or alert' }).optional(),
  parameters: z.record(z.string().max(100), parameterValue).optional(),
});

const detections = z.strictObject({
  live_age_hours_max: describe(whole(1, 87_600), 'age of an event, when it is stored, above which it makes no alert'),
  rules: describe(
    z.record(z.string().max(100), detectionRule),
    'by detection: `enabled`, `severity`, `raises` and `parameters` in place of its own; JSON in a variable',
  ),
});

export const configFileSchema = z.strictObject({
  data_dir: describe(path, 'folder of the embedded store, its socket and its spool'),
  log_level: describe(z.enum(LOG_LEVELS), 'least severe level that is logged'),
  queries: describe(path, 'folder with questions of your own, beside the bundled ones'),
  report_kinds: describe(path, 'folder with kinds of reports of your own, beside the bundled ones'),
  chromium_file: describe(path, 'program that prints reports as PDF; absent: a Chromium that is installed'),
  store_key_file: describe(
    path,
    'file with the 32-byte store key; required with `clickhouse.url`, the same for all writers',
  ),
  fingerprint_key_id: describe(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'up to 32 lower-case letters, digits and dashes'),
    'which fingerprint key, derived from the store key, marks secrets that are cut; raise it to rotate',
  ),
  record_bytes_max: describe(whole(1_024, 67_108_864), 'bytes of one record; a longer one becomes a dead letter'),
  held_bytes_max: describe(
    whole(1_048_576, 17_179_869_184),
    'bytes of received records in memory before intake pauses',
  ),
  trusted_proxies: describe(z.array(cidr).max(10_000), 'networks of proxies whose forwarded addresses are believed'),
  retention: describe(
    z.record(sourceName, whole(1, 36_500)),
    'days to keep, by source, as `source=days` in a variable; a source that is absent is kept for ever',
  ),
  block: block.optional(),
  enrich: enrich.optional(),
  disk: z
    .strictObject({
      free_bytes_min: describe(whole(0, 2 ** 50), 'free space on the disk of `data_dir` below which intake stops'),
    })
    .optional(),
  clickhouse: clickhouse.optional(),
  kafka: kafka.optional(),
  http: http.optional(),
  collect: z.strictObject({ redis_cloud: redisCloud.optional() }).optional(),
  detections: detections.optional(),
  alerts: alertsSchema.optional(),
  reports: reportsSchema.optional(),
});
export type ConfigFile = z.infer<typeof configFileSchema>;

/** A value that prints as a placeholder; `reveal` gives it to the one call that needs it. */
export interface SecretValue {
  reveal(): string;
}

/**
 * The configuration of one run as the program sees it: defaults filled in, paths absolute, secrets beside their users.
 * `undefined` means that nothing was said and that there is no default.
 */
export interface Config {
  /** The file that was read. */
  readonly file: string | undefined;
  readonly dataDir: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly queries: string | undefined;
  readonly reportKinds: string | undefined;
  readonly chromiumFile: string | undefined;
  readonly storeKeyFile: string | undefined;
  readonly fingerprintKeyId: string;
  readonly recordBytesMax: number;
  readonly heldBytesMax: number;
  readonly trustedProxies: readonly string[];
  /** Days to keep, by source; a source that is absent is kept for ever. */
  readonly retention: Readonly<Record<string, number>>;
  readonly block: { readonly rowsMax: number; readonly bytesMax: number; readonly ageMsMax: number };
  readonly disk: { readonly freeBytesMin: number };
  readonly enrich: EnrichConfig;
  readonly clickhouse: {
    /** Absent: the embedded engine in `dataDir`. */
    readonly url: string | undefined;
    readonly username: string;
    readonly password: SecretValue | undefined;
    readonly database: string;
    readonly caFile: string | undefined;
    readonly insertQuorum: number | 'auto';
    readonly requestTimeoutMs: number;
  };
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly clientId: string;
    readonly group: string;
    readonly sessionTimeoutMs: number;
    readonly topics: readonly TopicConfig[];
    /** Absent: no TLS. */
    readonly tls: TlsConfig | undefined;
    /** Absent: no SASL. */
    readonly sasl: SaslConfig | undefined;
  };
  readonly http: HttpConfig;
  readonly collect: { readonly redisCloud: RedisCloudConfig };
  readonly detections: DetectionsConfig;
  readonly alerts: AlertsConfig;
  readonly reports: ReportsConfig;
}

export interface DetectionsConfig {
  readonly liveAgeHoursMax: number;
  readonly rules: Readonly<Record<string, DetectionRule>>;
}
export type DetectionRule = Readonly<z.infer<typeof detectionRule>>;

export interface AlertsConfig {
  readonly channels: readonly ChannelConfig[];
  /** Absent: every alert goes to every channel. */
  readonly routes: readonly RouteFile[] | undefined;
  /** Without an address nobody is told. */
  readonly heartbeat: { readonly url: string | undefined; readonly everyMs: number };
  readonly allowPrivateAddresses: boolean;
  readonly allowTargets: readonly string[];
}

export interface ChannelConfig {
  readonly name: string;
  readonly settings: ChannelFile;
  /** By the last part of their variable, in small letters: `url`, `secret`, `routing_key`, `password`. */
  readonly secrets: Readonly<Record<string, SecretValue>>;
}

export interface HttpConfig {
  /** `host:port`; an IPv6 address stands in brackets. */
  readonly listen: string;
  readonly hosts: readonly string[];
  /** Paths of PEM files; absent: no TLS. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
}

export interface RedisCloudConfig {
  /** With its `/v1`, without a slash at the end. */
  readonly baseUrl: string;
  readonly caFile: string | undefined;
  readonly accounts: readonly RedisCloudAccount[];
  readonly everyMs: number;
  readonly latenessMsMax: number;
  readonly sharePercent: number;
  readonly systemLogTopic: string;
  readonly sessionLogTopic: string;
}

/** One key of keytrail's own for each account. */
export interface RedisCloudAccount {
  readonly id: string;
  readonly accountKey: SecretValue | undefined;
  readonly userKey: SecretValue | undefined;
}

/** Where the networks of addresses are looked up; paths of .mmdb files, absent: the bundled data. */
export interface EnrichConfig {
  readonly enabled: boolean;
  readonly asnFile: string | undefined;
  readonly cityFile: string | undefined;
}

export type TopicConfig = Readonly<z.infer<typeof topic>>;

/** Paths of PEM files. */
export interface TlsConfig {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

export interface SaslConfig {
  readonly mechanism: (typeof SASL_MECHANISMS)[number];
  readonly username: string;
  readonly password: SecretValue | undefined;
}
