/** What the documentation and the published schema say of the configuration, made from the settings themselves. */
import {
  accountSecret,
  CHANNEL_SECRETS,
  channelSecret,
  defaultOf,
  SCHEMA_ROOT,
  type SchemaNode,
  SECRETS,
  SETTINGS,
} from './settings.ts';

export interface SettingDescription {
  readonly field: string;
  readonly variable: string;
  readonly flag: string;
  /** As it is written in the file; `''` without one. */
  readonly default: string;
  readonly description: string;
  readonly secret: boolean;
}

export function describeConfig(): SettingDescription[] {
  const settings = SETTINGS.map((setting) => ({
    field: setting.path,
    variable: setting.variable,
    flag: setting.flag ?? '',
    default: setting.default === undefined ? '' : String(setting.default),
    description: setting.description,
    secret: false,
  }));
  const ofAccounts = [accountSecret('<id>', 'account'), accountSecret('<id>', 'user')];
  const names = Object.values(CHANNEL_SECRETS).flatMap((known) => Object.keys(known));
  const ofChannels = [...new Set(names)].map((name) => channelSecret('<channel>', name));
  const secrets = [...SECRETS, ...ofAccounts, ...ofChannels].flatMap(({ variable, fileVariable, description }) => [
    { field: '', variable, flag: '', default: '', description, secret: true },
    { field: '', variable: fileVariable, flag: '', default: '', description: `path of a file with it`, secret: true },
  ]);
  return [...settings, ...secrets];
}

/** The table of docs/configuration.md. */
export function configMarkdown(): string {
  const code = (text: string) => (text === '' ? '' : `\`${text}\``);
  const rows = describeConfig().map((one) => {
    const field = code(one.field) || 'never in the file';
    return `| ${[field, code(one.variable), code(one.flag), code(one.default), one.description].join(' | ')} |`;
  });
  return ['| field | variable | flag | default | meaning |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** The JSON Schema of keytrail.yaml, for editors: docs/schemas/config.schema.json. */
export function configJsonSchema(): object {
  return { ...withDefaults(SCHEMA_ROOT, ''), title: 'keytrail.yaml' };
}

function withDefaults(node: SchemaNode, path: string): object {
  const fallback = path === '' ? undefined : defaultOf(path);
  if (!node.properties) return fallback === undefined ? node : { ...node, default: fallback };
  const children = Object.entries(node.properties).map(([name, child]) => [
    name,
    withDefaults(child, path === '' ? name : `${path}.${name}`),
  ]);
  return { ...node, properties: Object.fromEntries(children) };
}
