/** keytrail.yaml, read with the line of each field at hand for the errors. */
import { readFile } from 'node:fs/promises';
import { isAlias, isMap, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import { type ConfigFile, configFileSchema } from '../../schemas/config.ts';
import { messageOf, UsageError, type UserError } from '../core/errors.ts';
import { CONFIG_FILE_BYTES_MAX } from '../core/limits.ts';
import { problemOf } from './problems.ts';

const NEXT = 'correct the file; docs/configuration.md lists every field';

/** @throws UserError CONFIG_UNREADABLE, CONFIG_INVALID or CONFIG_SECRET_IN_FILE */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new UsageError(
      'CONFIG_UNREADABLE',
      `the configuration file ${file} cannot be read`,
      { got: messageOf(cause), expected: 'a YAML file', next: 'name another with --config, or allow reading it' },
      { cause },
    );
  }
  return parseConfig(bytes, file);
}

/** @param name what errors call the file */
export function parseConfig(bytes: Uint8Array, name: string): ConfigFile {
  if (bytes.length > CONFIG_FILE_BYTES_MAX) {
    throw invalid(`${name} is too long`, `${bytes.length} bytes`, `at most ${CONFIG_FILE_BYTES_MAX} bytes`);
  }
  const text = decode(bytes, name);
  const lines = new LineCounter();
  // prettyErrors would quote the line at fault, and that line may hold a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) {
    const where = `${name}, line ${lines.linePos(broken.pos[0]).line}`;
    throw invalid(
      `${where}: not the YAML that is understood here`,
      `YAML error ${broken.code}`,
      'one plain YAML document',
    );
  }
  const locate = (path: readonly PropertyKey[]) => `${name}, line ${lineOf(document.contents, path, lines)}`;
  const value = withoutEmpty(plain(() => document.toJS({ maxAliasCount: 100 }), name)) ?? {};
  const parsed = configFileSchema.safeParse(value);
  if (!parsed.success) throw problemOf(parsed.error.issues, value, locate, NEXT);
  return parsed.data;
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(`${name} is not UTF-8`, 'other bytes', 'a YAML file in UTF-8');
  }
}

function plain(read: () => unknown, name: string): unknown {
  try {
    return read();
  } catch {
    throw invalid(`${name} cannot be read`, 'aliases that expand too far, or to nothing', 'a plain YAML file');
  }
}

function invalid(message: string, got: string, expected: string): UserError {
  return new UsageError('CONFIG_INVALID', message, { got, expected, next: NEXT });
}

/** A field without a value (`kafka:` above lines that are all commented out) counts as absent. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutEmpty(one) ?? null);
  if (value === null || typeof value !== 'object') return value ?? undefined;
  const kept = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutEmpty(one)]));
}

/** The line of the deepest field on the path that the file has. */
function lineOf(root: ParsedNode | null, path: readonly PropertyKey[], lines: LineCounter): number {
  let node: Node | null = root;
  let offset = root?.range[0] ?? 0;
  for (const step of path) {
    if (isMap<Node, Node | null>(node)) {
      const pair = node.items.find((one) => String((one.key as { value?: unknown }).value) === String(step));
      if (!pair) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq<Node>(node) && typeof step === 'number') {
      node = node.items[step] ?? null;
      offset = node?.range?.[0] ?? offset;
    } else break;
    if (isAlias(node)) break;
  }
  return lines.linePos(offset).line;
}
