/**
 * The configuration of one run: flag over variable over file over default, checked by one schema, with absolute paths.
 *
 * Paths in the file are relative to the file, so that it means the same from everywhere; those of variables and flags
 * to the working directory, as people expect of a command line.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type {
  AlertsConfig,
  Config,
  ConfigFile,
  RedisCloudConfig,
  SaslConfig,
  SecretValue,
  TlsConfig,
} from '../../schemas/config.ts';
import { SOURCES, sourceNamed } from '../../schemas/sources/index.ts';
import { messageOf, UsageError, UserError } from '../core/errors.ts';
import { SECRET_FILE_BYTES_MAX } from '../core/limits.ts';
import { DEFAULT_FILE, DEFAULTS } from './defaults.ts';
import { type LocatedConfig, readConfigFile } from './file.ts';
import { refuseSchedules, reportsOf, schedulePlaces } from './schedules.ts';
import { Secret } from './secret.ts';
import { accountSecret, CHANNEL_SECRETS, channelSecret, SECRETS, SETTINGS } from './settings.ts';
import { type Environment, type Flags, layerOfFlags, layerOfVariables } from './variables.ts';

export type { Config };

export interface ConfigOrigin {
  /** The file that `--config` names; without it `KEYTRAIL_CONFIG`, else ./keytrail.yaml if it exists. */
  readonly file?: string | undefined;
  readonly env: Environment;
  readonly flags?: Flags;
  readonly cwd?: string;
}

/** @throws UserError with code CONFIG_INVALID, CONFIG_SECRET_IN_FILE, CONFIG_UNREADABLE or CONFIG_SECRET_UNREADABLE */
export async function loadConfig({ file, env, flags = {}, cwd = process.cwd() }: ConfigOrigin): Promise<Config> {
  const named = file ?? (env.KEYTRAIL_CONFIG || undefined);
  const path = resolve(cwd, named ?? DEFAULT_FILE);
  const fromFile = await fileLayer(path, named !== undefined);
  const layers = [
    { data_dir: resolve(cwd, DEFAULTS.data_dir) },
    fromFile === undefined ? {} : withAbsolutePaths(fromFile.values, dirname(path)),
    withAbsolutePaths(layerOfVariables(env), cwd),
    withAbsolutePaths(layerOfFlags(flags), cwd),
  ];
  const values = layers.reduce<ConfigFile>((below, above) => merge(below, above), {});
  const secrets = new Map<string, Secret>();
  const accounts = values.collect?.redis_cloud?.accounts ?? [];
  const ofAccounts = accounts.flatMap((id) => [accountSecret(id, 'account'), accountSecret(id, 'user')]);
  const ofChannels = Object.entries(values.alerts?.channels ?? {}).flatMap(([name, { type }]) =>
    Object.keys(CHANNEL_SECRETS[type]).map((secret) => channelSecret(name, secret)),
  );
  for (const { path: name, variable, fileVariable } of [...SECRETS, ...ofAccounts, ...ofChannels]) {
    const secret = await secretOf(env, variable, fileVariable, cwd);
    if (secret) secrets.set(name, secret);
  }
  const config = {
    ...complete(values, secrets, fromFile === undefined ? undefined : path),
    reports: reportsOf(values.reports, schedulePlaces(env, fromFile?.locate)),
  };
  refuseContradictions(config);
  refuseSchedules(config.reports.schedules, config.alerts.channels);
  return config;
}

/** The secret, or the error that says which variables it comes from. */
export function requireSecret(secret: SecretValue | undefined, path: string): SecretValue {
  if (secret) return secret;
  const [, account, kind] = /^collect\.redis_cloud\.([0-9]+)\.(account|user)_key$/.exec(path) ?? [];
  const [, channel, name] = /^alerts\.([a-z0-9-]+)\.(\w+)$/.exec(path) ?? [];
  const known =
    account !== undefined
      ? accountSecret(account, kind === 'user' ? 'user' : 'account')
      : channel !== undefined
        ? channelSecret(channel, name ?? '')
        : SECRETS.find((one) => one.path === path);
  throw new UsageError('CONFIG_SECRET_MISSING', `${path} is not set`, {
    got: 'no value',
    expected: known?.description ?? 'a secret',
    next: known ? `set ${known.variable}, or ${known.fileVariable} to the path of a file that holds it` : 'set it',
  });
}

async function fileLayer(path: string, required: boolean): Promise<LocatedConfig | undefined> {
  try {
    return await readConfigFile(path);
  } catch (error) {
    const code = error instanceof UserError ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
    if (!required && code === 'ENOENT') return undefined;
    throw error;
  }
}

async function secretOf(
  env: Environment,
  variable: string,
  fileVariable: string,
  cwd: string,
): Promise<Secret | undefined> {
  const value = env[variable];
  const file = env[fileVariable];
  if (value && file) {
    throw new UsageError('CONFIG_INVALID', `${variable} and ${fileVariable} are both set`, {
      got: 'two origins of one secret',
      expected: 'one of them',
      next: `unset ${variable} or ${fileVariable}`,
    });
  }
  if (value) return new Secret(value);
  return file ? await secretFromFile(resolve(cwd, file), fileVariable) : undefined;
}

async function secretFromFile(file: string, variable: string): Promise<Secret> {
  const refuse = (got: string, cause?: unknown) =>
    new UsageError(
      'CONFIG_SECRET_UNREADABLE',
      `the file ${file} of ${variable} cannot be used`,
      { got, expected: `one line of at most ${SECRET_FILE_BYTES_MAX} bytes`, next: 'correct the file or the variable' },
      { cause },
    );
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse(messageOf(cause), cause);
  });
  const line = text.replace(/\r?\n$/, '');
  if (Buffer.byteLength(text) > SECRET_FILE_BYTES_MAX) throw refuse('a longer file');
  if (line === '') throw refuse('an empty file');
  if (/[\r\n\0]/.test(line)) throw refuse('several lines');
  return new Secret(line);
}

const PATHS = SETTINGS.filter((setting) => setting.kind === 'path').map((setting) => setting.path.split('.'));

function withAbsolutePaths(layer: ConfigFile, base: string): ConfigFile {
  const copy = structuredClone(layer);
  for (const steps of PATHS) {
    let branch: unknown = copy;
    for (const step of steps.slice(0, -1)) branch = (branch as Record<string, unknown> | undefined)?.[step];
    const holder = branch as Record<string, unknown> | undefined;
    const name = steps.at(-1) ?? '';
    const value = holder?.[name];
    if (holder && typeof value === 'string') holder[name] = resolve(base, value);
  }
  for (const channel of Object.values(copy.alerts?.channels ?? {})) {
    if ('path' in channel) channel.path = resolve(base, channel.path);
    if ('ca_file' in channel && channel.ca_file !== undefined) channel.ca_file = resolve(base, channel.ca_file);
  }
  return copy;
}

const WHOLE = new Set(['retention', 'channels', 'rules']);

/** Groups merge field by field; a list and the days by source are one value, and the upper one replaces the lower. */
function merge<Layer extends object>(below: Layer, above: Layer): Layer {
  const merged = { ...below } as Record<string, unknown>;
  for (const [name, value] of Object.entries(above)) {
    const under = merged[name];
    merged[name] = isGroup(value) && isGroup(under) && !WHOLE.has(name) ? merge(under, value) : value;
  }
  return merged as Layer;
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param file the file that was read, for messages */
function complete(
  values: ConfigFile,
  secrets: ReadonlyMap<string, Secret>,
  file: string | undefined,
): Omit<Config, 'reports'> {
  const { block, enrich, disk, clickhouse, kafka, collect, http, detections, alerts } = values;
  return {
    file,
    dataDir: values.data_dir ?? DEFAULTS.data_dir,
    logLevel: values.log_level ?? DEFAULTS.log_level,
    queries: values.queries,
    reportKinds: values.report_kinds,
    chromiumFile: values.chromium_file,
    storeKeyFile: values.store_key_file,
    fingerprintKeyId: values.fingerprint_key_id ?? DEFAULTS.fingerprint_key_id,
    recordBytesMax: values.record_bytes_max ?? DEFAULTS.record_bytes_max,
    heldBytesMax: values.held_bytes_max ?? DEFAULTS.held_bytes_max,
    trustedProxies: values.trusted_proxies ?? [],
    retention: values.retention ?? {},
    block: {
      rowsMax: block?.rows_max ?? DEFAULTS.block.rows_max,
      bytesMax: block?.bytes_max ?? DEFAULTS.block.bytes_max,
      ageMsMax: block?.age_ms_max ?? DEFAULTS.block.age_ms_max,
    },
    disk: { freeBytesMin: disk?.free_bytes_min ?? DEFAULTS.disk.free_bytes_min },
    enrich: {
      enabled: enrich?.enabled ?? DEFAULTS.enrich.enabled,
      asnFile: enrich?.asn_file,
      cityFile: enrich?.city_file,
    },
    clickhouse: {
      url: clickhouse?.url,
      username: clickhouse?.username ?? DEFAULTS.clickhouse.username,
      password: secrets.get('clickhouse.password'),
      database: clickhouse?.database ?? DEFAULTS.clickhouse.database,
      caFile: clickhouse?.ca_file,
      insertQuorum: clickhouse?.insert_quorum ?? DEFAULTS.clickhouse.insert_quorum,
      requestTimeoutMs: clickhouse?.request_timeout_ms ?? DEFAULTS.clickhouse.request_timeout_ms,
    },
    kafka: {
      brokers: kafka?.brokers ?? [],
      clientId: kafka?.client_id ?? DEFAULTS.kafka.client_id,
      group: kafka?.group ?? DEFAULTS.kafka.group,
      sessionTimeoutMs: kafka?.session_timeout_ms ?? DEFAULTS.kafka.session_timeout_ms,
      topics: kafka?.topics ?? [],
      tls: tlsOf(kafka?.tls),
      sasl: saslOf(kafka?.sasl, secrets.get('kafka.sasl.password')),
    },
    http: {
      listen: http?.listen ?? DEFAULTS.http.listen,
      hosts: http?.hosts ?? [],
      tls: httpTlsOf(http?.tls),
    },
    collect: { redisCloud: redisCloudOf(collect?.redis_cloud, secrets) },
    detections: {
      liveAgeHoursMax: detections?.live_age_hours_max ?? DEFAULTS.detections.live_age_hours_max,
      rules: detections?.rules ?? {},
    },
    alerts: alertsOf(alerts, secrets),
  };
}

type RedisCloudFile = NonNullable<NonNullable<ConfigFile['collect']>['redis_cloud']>;

function redisCloudOf(given: RedisCloudFile | undefined, secrets: ReadonlyMap<string, Secret>): RedisCloudConfig {
  const defaults = DEFAULTS.collect.redis_cloud;
  return {
    baseUrl: (given?.base_url ?? defaults.base_url).replace(/\/+$/, ''),
    caFile: given?.ca_file,
    accounts: (given?.accounts ?? []).map((id) => ({
      id,
      accountKey: secrets.get(accountSecret(id, 'account').path),
      userKey: secrets.get(accountSecret(id, 'user').path),
    })),
    everyMs: given?.every_ms ?? defaults.every_ms,
    latenessMsMax: given?.lateness_ms_max ?? defaults.lateness_ms_max,
    sharePercent: given?.share_percent ?? defaults.share_percent,
    systemLogTopic: given?.system_log_topic ?? defaults.system_log_topic,
    sessionLogTopic: given?.session_log_topic ?? defaults.session_log_topic,
  };
}

function alertsOf(given: ConfigFile['alerts'], secrets: ReadonlyMap<string, Secret>): AlertsConfig {
  return {
    channels: Object.entries(given?.channels ?? {}).map(([name, settings]) => ({
      ...{ name, settings },
      secrets: Object.fromEntries(
        Object.keys(CHANNEL_SECRETS[settings.type]).flatMap((secret) => {
          const value = secrets.get(channelSecret(name, secret).path);
          return value === undefined ? [] : [[secret, value]];
        }),
      ),
    })),
    routes: given?.routes,
    heartbeat: {
      url: given?.heartbeat?.url,
      everyMs: given?.heartbeat?.every_ms ?? DEFAULTS.alerts.heartbeat.every_ms,
    },
    allowPrivateAddresses: given?.allow_private_addresses ?? DEFAULTS.alerts.allow_private_addresses,
    allowTargets: given?.allow_targets ?? [],
  };
}

type KafkaFile = NonNullable<ConfigFile['kafka']>;

function tlsOf(tls: KafkaFile['tls']): TlsConfig | undefined {
  if (!tls || tls.enabled === false) return undefined;
  return { caFile: tls.ca_file, certFile: tls.cert_file, keyFile: tls.key_file };
}

function httpTlsOf(tls: NonNullable<ConfigFile['http']>['tls']): Config['http']['tls'] {
  if (tls?.cert_file === undefined && tls?.key_file === undefined) return undefined;
  const { cert_file: certFile, key_file: keyFile } = tls;
  if (certFile === undefined || keyFile === undefined) {
    throw contradiction('http.tls names a certificate or a key without the other', 'both, or neither');
  }
  return { certFile, keyFile };
}

function saslOf(sasl: KafkaFile['sasl'], password: Secret | undefined): SaslConfig | undefined {
  if (!sasl || (sasl.mechanism === undefined && sasl.username === undefined)) return undefined;
  const { mechanism, username } = sasl;
  if (mechanism === undefined || username === undefined) {
    throw contradiction('kafka.sasl names a mechanism or a user without the other', 'both, or neither');
  }
  return { mechanism, username, password };
}

function refuseContradictions(config: Config): void {
  const { heldBytesMax, recordBytesMax, block, kafka } = config;
  if (heldBytesMax < block.bytesMax) {
    throw contradiction(
      `held_bytes_max (${heldBytesMax}) is less than block.bytes_max (${block.bytesMax})`,
      'room for one full block at least: intake would pause before it could close one',
    );
  }
  if (heldBytesMax < recordBytesMax) {
    throw contradiction(
      `held_bytes_max (${heldBytesMax}) is less than record_bytes_max (${recordBytesMax})`,
      'room for the longest record at least',
    );
  }
  if ((kafka.tls?.certFile === undefined) !== (kafka.tls?.keyFile === undefined)) {
    throw contradiction('kafka.tls names a certificate or a key without the other', 'both cert_file and key_file');
  }
  const sources = [...Object.keys(config.retention), ...kafka.topics.flatMap(({ source }) => source ?? [])];
  const unknown = sources.find((name) => sourceNamed(name) === undefined);
  if (unknown !== undefined) {
    throw contradiction(`no source is named ${unknown}`, `one of ${SOURCES.map(({ name }) => name).join(', ')}`);
  }
  refuseChannels(config);
  const { baseUrl, accounts } = config.collect.redisCloud;
  if (!isSecure(baseUrl)) {
    throw contradiction(
      'collect.redis_cloud.base_url would send keys over a connection that anyone can read',
      'an address that begins with https://; http:// is for this machine alone',
    );
  }
  const again = accounts.find(({ id }, at) => accounts.findIndex((other) => other.id === id) !== at);
  if (again !== undefined) throw contradiction(`collect.redis_cloud.accounts names ${again.id} twice`, 'each once');
  const names = kafka.topics.map((topic) => topic.topic);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw contradiction(`kafka.topics names ${twice} twice`, 'each topic once');
}

/** Who allows targets of a network of their own knows it; everywhere else an alert is nobody else's business. */
const isOwnNetwork = ({ allowPrivateAddresses, allowTargets }: AlertsConfig): boolean =>
  allowPrivateAddresses || allowTargets.length > 0;

function refuseChannels({ alerts, kafka }: Config): void {
  if (alerts.heartbeat.url !== undefined && !isOwnNetwork(alerts) && !isSecure(alerts.heartbeat.url)) {
    throw contradiction('alerts.heartbeat.url would be told over a connection that anyone can read', 'https://');
  }
  const names = alerts.channels.map(({ name }) => name);
  for (const [at, { channels }] of (alerts.routes ?? []).entries()) {
    const unknown = channels.find((name) => !names.includes(name));
    if (unknown === undefined) continue;
    throw contradiction(
      `alerts.routes[${at}] names the channel ${unknown}`,
      `one of ${names.join(', ') || 'none yet'}`,
    );
  }
  for (const { name, settings } of alerts.channels) {
    const place = `alerts.channels.${name}`;
    if (settings.type === 'kafka' && kafka.brokers.length === 0) {
      throw contradiction(`${place} is a topic, and no brokers are known`, 'kafka.brokers');
    }
    if (settings.type === 'email' && settings.tls === 'none' && settings.username && !LOOPBACK.test(settings.host)) {
      throw contradiction(`${place} would send a password that anyone can read`, 'tls: starttls or implicit');
    }
    if ('url' in settings && settings.url !== undefined && !isOwnNetwork(alerts) && !isSecure(settings.url)) {
      throw contradiction(`${place}.url would send alerts over a connection that anyone can read`, 'https://');
    }
  }
}

const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;

function isSecure(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || LOOPBACK.test(hostname);
}

function contradiction(message: string, expected: string): UserError {
  return new UsageError('CONFIG_INVALID', message, {
    got: 'settings that do not fit each other',
    expected,
    next: 'correct one of them; a flag wins over a variable, a variable over the file',
  });
}
