/** What is wrong with a value, said without ever showing one that may be a secret. */
import type { z } from 'zod';
import { UsageError, type UserError } from '../core/errors.ts';
import { GOT_CHARS_MAX } from '../core/limits.ts';
import { nodeAt, type SchemaNode, SECRETS } from './settings.ts';

/** Where a value stands: `keytrail.yaml, line 3`, `KEYTRAIL_LOG_LEVEL` or `--log-level`. */
export type Locate = (path: readonly PropertyKey[]) => string;

const SECRET_NAME = /pass(word|wd|phrase|code)?$|secret|token|credential|private|^auth|(^|_|-)key$/i;

/**
 * The error for the worst of the issues: a secret first, then the first that was found.
 *
 * @param locate says where the value at a path stands
 * @param next what the user can do, beyond correcting that place
 */
export function problemOf(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  locate: Locate,
  next: string,
): UserError {
  for (const issue of issues) {
    const secret = issue.code === 'unrecognized_keys' ? issue.keys.find((key) => SECRET_NAME.test(key)) : undefined;
    if (secret !== undefined) return secretInFile([...issue.path, secret], locate);
  }
  const [issue] = issues;
  if (issue === undefined) return new UsageError('CONFIG_INVALID', `${locate([])}: the configuration is not valid`);
  if (issue.code === 'unrecognized_keys') return unknownField([...issue.path, issue.keys[0] ?? ''], locate, next);
  const name = nameOf(issue.path);
  return new UsageError('CONFIG_INVALID', `${locate(issue.path)}: ${name} is not valid`, {
    got: shown(valueAt(value, issue.path), name, nodeAt(issue.path)),
    expected: expectedOf(issue),
    next,
  });
}

export function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole';
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at ? '.' : ''}${String(step)}`)).join('');
}

function secretInFile(path: readonly PropertyKey[], locate: Locate): UserError {
  const name = nameOf(path);
  const known = SECRETS.find((one) => one.path === name);
  return new UsageError('CONFIG_SECRET_IN_FILE', `${locate(path)}: ${name} looks like a secret`, {
    got: 'a field whose name is that of a secret (its value is not shown)',
    expected: 'no secrets in the configuration file: it is read, copied and committed by many',
    next: known
      ? `remove the line, and set ${known.variable} or ${known.fileVariable} (to a new one, if others read it)`
      : 'remove the line; docs/configuration.md lists the variables and files that secrets come from',
  });
}

function unknownField(path: readonly PropertyKey[], locate: Locate, next: string): UserError {
  const siblings = Object.keys(nodeAt(path.slice(0, -1))?.properties ?? {});
  return new UsageError(
    'CONFIG_INVALID',
    `${locate(path)}: there is no field ${nameOf(path).slice(0, GOT_CHARS_MAX)}`,
    {
      got: 'an unknown field',
      expected: siblings.length ? `one of ${siblings.join(', ')}` : 'a known field',
      next,
    },
  );
}

function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_format') return issue.message;
  if (issue.code === 'invalid_union') return issue.message;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'another name';
  return described(nodeAt(issue.path)) ?? issue.message;
}

function described(node: SchemaNode | undefined): string | undefined {
  if (node?.enum) return `one of ${node.enum.join(', ')}`;
  if (node?.type === 'integer') return `a whole number from ${node.minimum} to ${node.maximum}`;
  if (node?.type === 'boolean') return 'true or false';
  if (node?.type === 'array') return `a list of ${node.minItems ?? 0} to ${node.maxItems} entries`;
  if (node?.properties) return `a group of the fields ${Object.keys(node.properties).join(', ')}`;
  if (node?.type === 'object') return 'a group of names and values';
  return node?.type === 'string' ? 'a text of moderate length' : undefined;
}

/** Only what cannot be a secret is shown: a password put in the place of an address, a path or a user stays hidden. */
function shown(value: unknown, name: string, node: SchemaNode | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `a list of ${value.length} entries`;
  if (typeof value !== 'string') return 'a group of fields';
  const plain = value.length <= 64 && !/[@\n]|:\/\/|-----/.test(value);
  const hidden = node?.properties !== undefined || /(url|_file|username|data_dir|queries|report_kinds)$/.test(name);
  return plain && !hidden ? JSON.stringify(value) : `a text of ${value.length} characters (not shown)`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const step of path) here = (here as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[step];
  return here;
}
