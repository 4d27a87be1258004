/** A registry or networks file as people write it (YAML, JSON, CSV), checked, with the place of each entry at hand. */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { z } from 'zod';
import { networkSchema, networksFileSchema } from '../../schemas/networks.ts';
import {
  registryAccountSchema,
  registryFileSchema,
  registryKeySchema,
  registryUserSchema,
} from '../../schemas/registry.ts';
import { messageOf, UserError } from '../core/errors.ts';
import { GOT_CHARS_MAX, REGISTRY_FILE_BYTES_MAX } from '../core/limits.ts';
import type { PlaceOf } from '../core/registry/entries.ts';
import { type CsvRow, parseCsv } from '../documents/csv.ts';
import { decodeUtf8, type LineOf, parseJson, parseYaml } from '../documents/located.ts';

export interface ReadFile<T> {
  readonly value: T;
  readonly placeOf: PlaceOf;
}

const NOTHING_IMPORTED = 'correct the file; nothing was imported';

/** What a CSV file may hold: one kind of entries, told by a column that only that kind has. */
interface CsvKind {
  readonly list: string;
  readonly tellingColumn: string;
  readonly schema: z.ZodObject;
}

const REGISTRY_CSV: readonly CsvKind[] = [
  { list: 'keys', tellingColumn: 'key_id', schema: registryKeySchema },
  { list: 'users', tellingColumn: 'email', schema: registryUserSchema },
  { list: 'accounts', tellingColumn: 'account_id', schema: registryAccountSchema },
];
const NETWORKS_CSV: readonly CsvKind[] = [{ list: 'networks', tellingColumn: 'network', schema: networkSchema }];

/** @param name of the file: its ending says how the text is written, and faults begin with it */
export function parseRegistryFile(text: string, name: string): ReadFile<z.infer<typeof registryFileSchema>> {
  return parse(text, name, registryFileSchema, REGISTRY_CSV);
}

export function parseNetworksFile(text: string, name: string): ReadFile<z.infer<typeof networksFileSchema>> {
  return parse(text, name, networksFileSchema, NETWORKS_CSV);
}

export function readRegistryFile(file: string): Promise<ReadFile<z.infer<typeof registryFileSchema>>> {
  return read(file, registryFileSchema, REGISTRY_CSV);
}

export function readNetworksFile(file: string): Promise<ReadFile<z.infer<typeof networksFileSchema>>> {
  return read(file, networksFileSchema, NETWORKS_CSV);
}

/** @throws UserError REGISTRY_FILE_UNREADABLE, REGISTRY_FILE_INVALID */
async function read<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  csvKinds: readonly CsvKind[],
): Promise<ReadFile<z.infer<Schema>>> {
  return parse(await textOf(file), basename(file), schema, csvKinds);
}

function parse<Schema extends z.ZodType>(
  text: string,
  name: string,
  schema: Schema,
  csvKinds: readonly CsvKind[],
): ReadFile<z.infer<Schema>> {
  const { value, lineOf } = documentOf(text, name, csvKinds);
  const parsed = schema.safeParse(value);
  const place = (path: readonly PropertyKey[]) => `${name}, line ${lineOf(path)}`;
  if (!parsed.success) throw schemaError(parsed.error.issues, value, place);
  return { value: parsed.data, placeOf: place };
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new UserError(
      'REGISTRY_FILE_UNREADABLE',
      `${file} cannot be read`,
      { got: messageOf(cause), expected: 'a YAML, JSON or CSV file', next: 'name another file, or allow reading it' },
      { cause },
    );
  });
  if (bytes.length > REGISTRY_FILE_BYTES_MAX) {
    throw invalid(`${file} is too long`, `${bytes.length} bytes`, `at most ${REGISTRY_FILE_BYTES_MAX} bytes`);
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) throw invalid(`${file} is not UTF-8`, 'other bytes', 'a text file in UTF-8');
  return text;
}

function documentOf(text: string, name: string, csvKinds: readonly CsvKind[]): { value: unknown; lineOf: LineOf } {
  const ending = extname(name).toLowerCase();
  if (ending === '.csv' || ending === '.tsv') return csvDocument(text, name, csvKinds);
  const document = ending === '.json' ? parseJson(text) : parseYaml(text);
  if (document.kind === 'document') return { value: document.value ?? {}, lineOf: document.lineOf };
  throw broken(name, document);
}

function broken(name: string, fault: { line: number | undefined; got: string; expected: string }): UserError {
  const where = fault.line === undefined ? name : `${name}, line ${fault.line}`;
  return invalid(`${where} cannot be understood`, fault.got, fault.expected);
}

function csvDocument(text: string, name: string, kinds: readonly CsvKind[]): { value: unknown; lineOf: LineOf } {
  const document = parseCsv(text);
  if (document.kind === 'broken') throw broken(name, document);
  const { header, rows } = document;
  const kind = kinds.find(({ tellingColumn }) => header.includes(tellingColumn));
  if (kind === undefined) {
    const columns = kinds.map(({ tellingColumn, list }) => `${tellingColumn} for ${list}`).join(', ');
    throw invalid(`${name}, line 1 is no header that is known`, header.join(', '), `a column ${columns}`);
  }
  const known = Object.keys(kind.schema.shape);
  const strange = header.filter((column, index) => !known.includes(column) || header.indexOf(column) !== index);
  if (strange.length > 0) {
    throw invalid(`${name}, line 1 has columns that are not known, or twice`, strange.join(', '), known.join(', '));
  }
  return {
    value: { [kind.list]: rows.map(valueOfRow) },
    lineOf: ([, index]) => rows[Number(index ?? 0)]?.line ?? 1,
  };
}

const NONE = 'none';
const LISTS: ReadonlySet<string> = new Set(['allow_list', 'cidrs']);
const NOTES: ReadonlySet<string> = new Set(['owner', 'app', 'purpose', 'created_by', 'name', 'description']);
const FLAGS: ReadonlySet<string> = new Set(['active', 'retract']);
const TRUTHS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};

/** An empty cell says nothing; `none` says that there is none. */
function valueOfRow({ cells }: CsvRow): Record<string, unknown> {
  return Object.fromEntries(Object.entries(cells).map(([column, cell]) => [column, valueOfCell(column, cell)]));
}

function valueOfCell(column: string, cell: string): unknown {
  if (LISTS.has(column)) return listOf(cell);
  if (FLAGS.has(column)) return TRUTHS[cell.toLowerCase()] ?? cell;
  return NOTES.has(column) && cell.toLowerCase() === NONE ? '' : cell;
}

/** Separated by spaces, commas, semicolons or bars. */
function listOf(cell: string): unknown {
  if (cell.toLowerCase() === 'unknown') return 'unknown';
  return cell.toLowerCase() === NONE ? [] : cell.split(/[\s;|,]+/).filter((text) => text !== '');
}

function schemaError(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  place: (path: readonly PropertyKey[]) => string,
): UserError {
  const found = issues.map((issue) => deepest(issue));
  const [first] = found;
  const path = first?.path ?? [];
  const field = path.filter((step) => typeof step !== 'number').at(-1);
  const others = found.length === 1 ? '' : `, and ${found.length - 1} more`;
  const where = `${place(path)}: ${field === undefined ? 'the whole' : String(field)} is not valid${others}`;
  return invalid(where, first?.got ?? shownAt(value, path), first?.message ?? '');
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly got?: string;
}

/** Of a union the branch that came furthest says most. */
function deepest(issue: z.core.$ZodIssue, base: readonly PropertyKey[] = []): Fault {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return {
      path: [...path, issue.keys[0] ?? ''],
      message: 'a field that the schema knows',
      got: issue.keys.join(', '),
    };
  }
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path, message: issue.message };
  const branches = issue.errors.flatMap((errors) => errors.map((one) => deepest(one, path)));
  return branches.reduce((best, one) => (one.path.length > best.path.length ? one : best));
}

function shownAt(value: unknown, path: readonly PropertyKey[]): string {
  let here = value;
  for (const step of path) here = (here as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[step];
  if (here === undefined) return 'nothing';
  return (typeof here === 'string' ? here : JSON.stringify(here)).slice(0, GOT_CHARS_MAX);
}

function invalid(message: string, got: string, expected: string): UserError {
  return new UserError('REGISTRY_FILE_INVALID', message, {
    got: got.slice(0, GOT_CHARS_MAX),
    expected,
    next: NOTHING_IMPORTED,
  });
}
