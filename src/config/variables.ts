/**
 * Settings from variables and flags: text becomes the value that the file would hold, and is checked by the same
 * schema.
 */
import { type ConfigFile, configFileSchema } from '../../schemas/config.ts';
import { invariant } from '../core/errors.ts';
import { problemOf } from './problems.ts';
import {
  isAccountSecret,
  isChannelSecret,
  OTHER_VARIABLES,
  SECRETS,
  SETTINGS,
  type Setting,
  type SettingKind,
} from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type FlagValue = string | number | boolean | readonly string[];
/** By the setting's path in the file (`'clickhouse.url'`); an absent or undefined one says nothing. */
export type Flags = Readonly<Record<string, FlagValue | undefined>>;

type Tree = { [name: string]: unknown };

/** An empty variable counts as not set: `${NAME:-}` in a compose file means nothing by it. */
export function layerOfVariables(env: Environment): ConfigFile {
  const given = SETTINGS.flatMap((setting) => {
    const text = env[setting.variable]?.trim();
    return text ? [{ setting, value: valueFrom(setting.kind, text), place: setting.variable }] : [];
  });
  return layerOf(given);
}

/** @throws Error when a flag is no setting: the command line gave a name that the schema does not have */
export function layerOfFlags(flags: Flags): ConfigFile {
  const given = Object.entries(flags).flatMap(([path, raw]) => {
    const setting = SETTINGS.find((one) => one.path === path);
    invariant(setting, `the flag ${path} is a setting`);
    if (raw === undefined) return [];
    return [{ setting, value: flagValue(setting.kind, raw), place: setting.flag ?? path }];
  });
  return layerOf(given);
}

/** Variables that begin like ours and mean nothing: most likely misspelt. `doctor` names them. */
export function unknownVariables(env: Environment): string[] {
  const known = new Set([
    ...OTHER_VARIABLES,
    ...SETTINGS.map((setting) => setting.variable),
    ...SECRETS.flatMap((secret) => [secret.variable, secret.fileVariable]),
  ]);
  return Object.keys(env).filter(
    (name) => name.startsWith('KEYTRAIL_') && !known.has(name) && !isAccountSecret(name) && !isChannelSecret(name),
  );
}

function layerOf(given: readonly { setting: Setting; value: unknown; place: string }[]): ConfigFile {
  const tree: Tree = {};
  for (const { setting, value } of given) put(tree, setting.path.split('.'), value);
  const parsed = configFileSchema.safeParse(tree);
  if (parsed.success) return parsed.data;
  const locate = (path: readonly PropertyKey[]) => {
    const name = path.map(String).join('.');
    return given.find(({ setting }) => `${name}.`.startsWith(`${setting.path}.`))?.place ?? name;
  };
  throw problemOf(parsed.error.issues, tree, locate, 'correct the value; docs/configuration.md lists every setting');
}

function put(tree: Tree, [name, ...rest]: readonly string[], value: unknown): void {
  if (name === undefined) return;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const branch: Tree = (tree[name] as Tree | undefined) ?? {};
  tree[name] = branch;
  put(branch, rest, value);
}

function flagValue(kind: SettingKind, raw: FlagValue): unknown {
  if (typeof raw === 'string') return valueFrom(kind, raw);
  if (typeof raw === 'object') return valueFrom(kind, raw.join(','));
  return raw;
}

function valueFrom(kind: SettingKind, text: string): unknown {
  switch (kind) {
    case 'integer':
      return /^-?[0-9]{1,16}$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return entriesOf(text);
    case 'topics':
      return entriesOf(text).map(topicOf);
    case 'json':
      return jsonOf(text);
    case 'days-by-source':
      return Object.fromEntries(entriesOf(text).map(daysOf));
    default:
      return text;
  }
}

/** Text that is no JSON stays text, which the schema refuses. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** `topic[=source[@account]]` */
function topicOf(entry: string): Tree {
  const [topic = '', rest] = cut(entry, '=');
  if (rest === undefined) return { topic };
  const [source = '', account] = cut(rest, '@');
  return account === undefined ? { topic, source } : { topic, source, account };
}

function daysOf(entry: string): [string, unknown] {
  const [source = '', days = ''] = cut(entry, '=');
  return [source, valueFrom('integer', days)];
}

function cut(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}
