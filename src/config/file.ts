/** keytrail.yaml, read with the line of each field at hand for the errors. */
import { readFile } from 'node:fs/promises';
import { type ConfigFile, configFileSchema } from '../../schemas/config.ts';
import { messageOf, UsageError, type UserError } from '../core/errors.ts';
import { CONFIG_FILE_BYTES_MAX } from '../core/limits.ts';
import { decodeUtf8, parseYaml } from '../documents/located.ts';
import { type Locate, problemOf } from './problems.ts';

const NEXT = 'correct the file; docs/configuration.md lists every field';

/** What a file says, and where it says it. */
export interface LocatedConfig {
  readonly values: ConfigFile;
  readonly locate: Locate;
}

/** @throws UserError CONFIG_UNREADABLE, CONFIG_INVALID or CONFIG_SECRET_IN_FILE */
export async function readConfigFile(file: string): Promise<LocatedConfig> {
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
  return located(bytes, file);
}

/** @param name what errors call the file */
export function parseConfig(bytes: Uint8Array, name: string): ConfigFile {
  return located(bytes, name).values;
}

function located(bytes: Uint8Array, name: string): LocatedConfig {
  if (bytes.length > CONFIG_FILE_BYTES_MAX) {
    throw invalid(`${name} is too long`, `${bytes.length} bytes`, `at most ${CONFIG_FILE_BYTES_MAX} bytes`);
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) throw invalid(`${name} is not UTF-8`, 'other bytes', 'a YAML file in UTF-8');
  const document = parseYaml(text);
  if (document.kind === 'broken') {
    const { line, got, expected } = document;
    throw line === undefined
      ? invalid(`${name} cannot be read`, got, expected)
      : invalid(`${name}, line ${line}: not the YAML that is understood here`, got, expected);
  }
  const locate = (path: readonly PropertyKey[]) => `${name}, line ${document.lineOf(path)}`;
  const value = withoutEmpty(document.value) ?? {};
  const parsed = configFileSchema.safeParse(value);
  if (!parsed.success) throw problemOf(parsed.error.issues, value, locate, NEXT);
  return { values: parsed.data, locate };
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
