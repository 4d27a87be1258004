/**
 * The settings as a flat list, derived from the file's schema: a field that is added there gets its variable, its line
 * in docs/configuration.md and its place in the published schema by itself.
 */
import { z } from 'zod';
import type { ChannelType } from '../../schemas/alerts.ts';
import { configFileSchema } from '../../schemas/config.ts';
import { DEFAULTS } from './defaults.ts';

/** The part of JSON Schema that zod writes for the configuration. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: boolean | SchemaNode;
}

export type SettingKind = 'text' | 'path' | 'integer' | 'boolean' | 'list' | 'topics' | 'days-by-source' | 'json';

export interface Setting {
  /** Path in the file, `block.rows_max`. */
  readonly path: string;
  readonly variable: string;
  /** The option of the command line, where there is one. */
  readonly flag?: string;
  readonly kind: SettingKind;
  readonly description: string;
  readonly node: SchemaNode;
  readonly default?: unknown;
}

export interface SecretSetting {
  readonly path: string;
  readonly variable: string;
  /** The variable that names a file with the value. */
  readonly fileVariable: string;
  readonly description: string;
}

const FLAGS: Readonly<Record<string, string>> = {
  data_dir: '--data-dir',
  'clickhouse.url': '--clickhouse-url',
  log_level: '--log-level',
  queries: '--queries',
  'kafka.brokers': '--brokers',
  'kafka.topics': '--topic',
  'kafka.group': '--group',
  'http.listen': '--listen',
};

/** Groups that are too deep for a list: a variable holds them as JSON. */
const JSON_SETTINGS = ['alerts.channels', 'alerts.routes', 'detections.rules', 'reports.schedules'];

export const SECRETS: readonly SecretSetting[] = [
  secret('clickhouse.password', 'password of `clickhouse.username`'),
  secret('kafka.sasl.password', 'password of `kafka.sasl.username`'),
];

const ACCOUNT_SECRET = variableOf('redis_cloud');
const ACCOUNT_SECRET_PATTERN = new RegExp(`^${ACCOUNT_SECRET}_[0-9]+_(?:ACCOUNT|USER)_KEY(?:_FILE)?$`);

/** The keys of an account of Redis Cloud: the variable holds the account's id. */
export function accountSecret(accountId: string, kind: 'account' | 'user'): SecretSetting {
  const variable = `${ACCOUNT_SECRET}_${accountId}_${kind.toUpperCase()}_KEY`;
  const header = kind === 'account' ? 'x-api-key' : 'x-api-secret-key';
  return {
    path: `collect.redis_cloud.${accountId}.${kind}_key`,
    ...{ variable, fileVariable: `${variable}_FILE` },
    description: `${kind} key (\`${header}\`) of account ${accountId} of Redis Cloud`,
  };
}

export function isAccountSecret(variable: string): boolean {
  return ACCOUNT_SECRET_PATTERN.test(variable);
}

const CHANNEL_SECRET = variableOf('alerts');
const CHANNEL_SECRET_PATTERN = new RegExp(
  `^${CHANNEL_SECRET}_[A-Z][A-Z0-9_]*_(?:URL|SECRET|ROUTING_KEY|PASSWORD)(?:_FILE)?$`,
);

/** What each type of channel may be given in secret, and what it is. */
export const CHANNEL_SECRETS: Readonly<Record<ChannelType, Readonly<Record<string, string>>>> = {
  stdout: {},
  file: {},
  directory: {},
  webhook: { secret: 'key that signs a webhook, `whsec_…`', url: 'address of a webhook, where it holds a secret' },
  slack: { url: 'address of an incoming webhook of Slack' },
  pagerduty: { routing_key: 'integration key of PagerDuty (Events API v2)' },
  email: { password: 'password of the `username` of an e-mail channel' },
  kafka: {},
};

/** A secret of a channel: the variable holds the channel's name. */
export function channelSecret(channel: string, name: string): SecretSetting {
  const variable = `${CHANNEL_SECRET}_${channel.replaceAll('-', '_').toUpperCase()}_${name.toUpperCase()}`;
  const description = Object.values(CHANNEL_SECRETS).find((secrets) => name in secrets)?.[name] ?? '';
  return { path: `alerts.${channel}.${name}`, variable, fileVariable: `${variable}_FILE`, description };
}

export function isChannelSecret(variable: string): boolean {
  return CHANNEL_SECRET_PATTERN.test(variable);
}

/** Variables that are no settings: they choose the file, or steer the program's tests. */
export const OTHER_VARIABLES: readonly string[] = [
  'KEYTRAIL_CONFIG',
  'KEYTRAIL_DEBUG',
  'KEYTRAIL_PAUSE_AT',
  'KEYTRAIL_REQUIRE_BROKER',
  'KEYTRAIL_REQUIRE_BROWSER',
];

export const SCHEMA_ROOT = z.toJSONSchema(configFileSchema, { io: 'input' }) as SchemaNode;

export const SETTINGS: readonly Setting[] = settingsUnder(SCHEMA_ROOT, []);

/** `block.rows_max` → `KEYTRAIL_BLOCK_ROWS_MAX`. */
export function variableOf(path: string): string {
  return `KEYTRAIL_${path.replaceAll('.', '_').toUpperCase()}`;
}

/** The schema at a path of the file; list positions and free names lead to the schema of their values. */
export function nodeAt(path: readonly PropertyKey[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = SCHEMA_ROOT;
  for (const step of path) {
    if (typeof step === 'number') node = node?.items;
    else if (node?.properties) node = node.properties[String(step)];
    else node = typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined;
  }
  return node;
}

/** The default at a path of the file. */
export function defaultOf(path: string): unknown {
  let value: unknown = DEFAULTS;
  for (const step of path.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  return value;
}

function settingsUnder(node: SchemaNode, path: readonly string[]): Setting[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const here = [...path, name];
    return child.properties ? settingsUnder(child, here) : [setting(here.join('.'), child)];
  });
}

function setting(path: string, node: SchemaNode): Setting {
  const flag = FLAGS[path];
  const fallback = defaultOf(path);
  return {
    path,
    variable: variableOf(path),
    kind: kindOf(path, node),
    description: node.description ?? '',
    node,
    ...(flag === undefined ? {} : { flag }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function kindOf(path: string, node: SchemaNode): SettingKind {
  if (JSON_SETTINGS.includes(path)) return 'json';
  if (node.type === 'object') return 'days-by-source';
  if (node.type === 'array') return node.items?.type === 'object' ? 'topics' : 'list';
  if (node.type === 'boolean') return 'boolean';
  if (node.type === 'integer' || node.anyOf?.some((one) => one.type === 'integer')) return 'integer';
  return path.endsWith('_file') || ['data_dir', 'queries', 'report_kinds'].includes(path) ? 'path' : 'text';
}

function secret(path: string, description: string): SecretSetting {
  const variable = variableOf(path);
  return { path, variable, fileVariable: `${variable}_FILE`, description };
}
