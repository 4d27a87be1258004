/** Reads kinds of reports from their folders. What is wrong with one is told at once, with its line. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { z } from 'zod';
import type { Question } from '../../schemas/questions.ts';
import { type ReportKind, type ReportSectionKind, reportKindSchema } from '../../schemas/reports.ts';
import { messageOf, UsageError, UserError } from '../core/errors.ts';
import { placeholders } from '../core/findings/finding.ts';
import { GOT_CHARS_MAX, REPORT_KIND_BYTES_MAX } from '../core/limits.ts';
import { decodeUtf8, type LineOf, parseYaml } from '../documents/located.ts';

const ID = /^[a-z][a-z0-9-]*$/;

/**
 * @param folders each holds `<id>.yaml`
 * @param questions those that sections may name
 * @returns kinds in order of their ids
 * @throws UserError REPORT_KIND_INVALID, REPORT_KIND_DUPLICATE or REPORT_KINDS_UNREADABLE
 */
export async function loadReportKinds(
  folders: readonly string[],
  questions: readonly Question[],
): Promise<ReportKind[]> {
  const kinds = new Map<string, ReportKind>();
  for (const folder of folders) {
    for (const file of await filesIn(folder)) {
      const kind = parseReportKind(await readFile(file), file, questions);
      const other = kinds.get(kind.id);
      if (other !== undefined) throw duplicate(kind, other);
      kinds.set(kind.id, kind);
    }
  }
  return [...kinds.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** @throws UsageError REPORT_KIND_UNKNOWN */
export function kindNamed(kinds: readonly ReportKind[], id: string): ReportKind {
  const found = kinds.find((kind) => kind.id === id);
  if (found !== undefined) return found;
  throw new UsageError('REPORT_KIND_UNKNOWN', `there is no kind of report ${id}`, {
    got: id.slice(0, GOT_CHARS_MAX),
    expected: kinds.map((kind) => kind.id).join(', '),
    next: 'keytrail report kinds says what each of them tells',
  });
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => resolve(join(folder, file)));
  } catch (cause) {
    throw new UserError(
      'REPORT_KINDS_UNREADABLE',
      `the kinds of reports of ${folder} cannot be read`,
      { got: messageOf(cause), expected: 'a folder of .yaml files', next: 'correct report_kinds, or --kinds' },
      { cause },
    );
  }
}

/** @throws UserError REPORT_KIND_INVALID */
export function parseReportKind(bytes: Uint8Array, file: string, questions: readonly Question[]): ReportKind {
  const id = basename(file, '.yaml');
  if (!ID.test(id)) throw invalid(file, 1, id, 'a file name of lower-case letters, digits and -, ending in .yaml');
  if (bytes.length > REPORT_KIND_BYTES_MAX) {
    throw invalid(file, 1, `${bytes.length} bytes`, `at most ${REPORT_KIND_BYTES_MAX} bytes`);
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) throw invalid(file, 1, 'bytes that are no UTF-8', 'a YAML file');
  const document = parseYaml(text);
  if (document.kind === 'broken') throw invalid(file, document.line, document.got, document.expected);
  const parsed = reportKindSchema.safeParse(document.value);
  if (!parsed.success) throw fromIssue(file, parsed.error, document.lineOf);
  const kind = { ...parsed.data, id, file };
  const fault = faultsOf(kind, questions).next();
  if (!fault.done) throw invalid(file, document.lineOf(fault.value.path), fault.value.got, fault.value.expected);
  return kind;
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly got: string;
  readonly expected: string;
}

function* faultsOf(kind: ReportKind, questions: readonly Question[]): Generator<Fault, undefined> {
  const used = new Set<string>();
  const ids: string[] = [];
  for (const [at, section] of kind.sections.entries()) {
    const path = ['sections', at];
    if (ids.includes(section.id))
      yield { path: [...path, 'id'], got: `${section.id} twice`, expected: 'every id once' };
    ids.push(section.id);
    const question = questions.find(({ id, detection }) => id === section.question && detection === undefined);
    if (question === undefined) {
      yield {
        path: [...path, 'question'],
        got: section.question,
        expected: 'the id of a question (keytrail query --list)',
      };
      continue;
    }
    for (const name of Object.keys(question.params)) used.add(name);
    for (const name of section.when ?? []) used.add(name);
    yield* sectionFaults(section, question, kind, path);
  }
  yield* kindFaults(kind, ids, used);
}

function* kindFaults(kind: ReportKind, ids: readonly string[], used: ReadonlySet<string>): Generator<Fault, undefined> {
  for (const name of Object.keys(kind.parameters)) {
    if (used.has(name)) continue;
    yield { path: ['parameters', name], got: name, expected: 'parameters that a question of a section has' };
  }
  for (const [at, name] of (kind.one_of ?? []).entries()) {
    if (kind.parameters[name]?.default !== undefined) continue;
    yield { path: ['one_of', at], got: name, expected: 'parameters of the kind that have a default' };
  }
  for (const field of ['summary', 'owner_summary'] as const) {
    const section = kind[field];
    if (section === undefined || ids.includes(section)) continue;
    yield { path: [field], got: section, expected: `the id of a section: ${ids.join(', ')}` };
  }
}

function* sectionFaults(
  section: ReportSectionKind,
  question: Question,
  kind: ReportKind,
  path: readonly PropertyKey[],
): Generator<Fault, undefined> {
  const columns = Object.keys(question.columns);
  const expected = `columns of ${question.id}: ${columns.join(', ')}`;
  for (const [field, names] of Object.entries(namedColumns(section))) {
    const wrong = names.find((name) => !columns.includes(name));
    if (wrong !== undefined) yield { path: [...path, ...field.split('.')], got: wrong, expected };
  }
  for (const name of Object.keys(section.parameters)) {
    if (Object.hasOwn(question.params, name)) continue;
    const open = Object.keys(question.params).join(', ');
    yield { path: [...path, 'parameters', name], got: name, expected: `parameters of ${question.id}: ${open}` };
  }
  for (const [at, name] of (section.when ?? []).entries()) {
    if (Object.hasOwn(kind.parameters, name)) continue;
    yield { path: [...path, 'when', at], got: name, expected: 'parameters of the kind' };
  }
  for (const field of ['sentence', 'empty'] as const) {
    const wrong = placeholders(section[field] ?? '').find((name) => !isTold(name, columns));
    if (wrong !== undefined) yield { path: [...path, field], got: `{${wrong}}`, expected: TOLD };
  }
  if (section.show !== 'table' && section.show !== 'figures' && section.chart === undefined) {
    yield {
      path: [...path, 'show'],
      got: section.show,
      expected: 'a chart: {x, y} beside it, which says what is drawn',
    };
  }
}

function namedColumns({ columns, chart, compare }: ReportSectionKind): Readonly<Record<string, readonly string[]>> {
  const drawn = chart === undefined ? [] : [chart.x, chart.y, chart.by].filter((name) => name !== undefined);
  return { columns: columns ?? [], chart: drawn, 'compare.by': compare?.by ?? [], 'compare.of': compare?.of ?? [] };
}

const TOLD = 'a column, rows, sum_<column>, some_<column>, count_<column>_<word>, new or gone';

function isTold(name: string, columns: readonly string[]): boolean {
  if (columns.includes(name) || ['rows', 'new', 'gone'].includes(name)) return true;
  const [, verb, rest = ''] = /^(sum|some|count)_(.+)$/.exec(name) ?? [];
  if (verb === 'count') return columns.some((column) => rest.startsWith(`${column}_`));
  return verb !== undefined && columns.includes(rest);
}

function fromIssue(file: string, error: z.ZodError, lineOf: LineOf): UserError {
  const issue = error.issues[0];
  const path = issue?.path ?? [];
  const where = path.map(String).join('.') || 'the file';
  if (issue?.code === 'unrecognized_keys') {
    const [unknown = ''] = issue.keys;
    return invalid(file, lineOf([...path, unknown]), `${where}: ${unknown}`, 'only fields of a kind of report');
  }
  return invalid(file, lineOf(path), where, issue?.message ?? error.message);
}

function duplicate(kind: ReportKind, other: ReportKind): UserError {
  return new UserError('REPORT_KIND_DUPLICATE', `two files are the kind of report ${kind.id}`, {
    got: `${other.file} and ${kind.file}`,
    expected: 'one file for each name',
    next: 'rename one of them',
  });
}

function invalid(file: string, line: number | undefined, got: string, expected: string): UserError {
  const place = line === undefined ? file : `${file}:${line}`;
  return new UserError('REPORT_KIND_INVALID', `${place} is no kind of report`, {
    ...{ got: got.slice(0, GOT_CHARS_MAX), expected },
    next: 'correct the file; docs/reports.md tells the format',
  });
}
