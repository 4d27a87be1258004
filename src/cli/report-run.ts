/** `keytrail report run`: makes a report now, and writes it to files or to standard output. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { REPORT_FORMATS, type ReportDocument, type ReportFormat } from '../../schemas/reports.ts';
import { writePieces } from '../ask/format/write-answer.ts';
import type { GivenParameters } from '../ask/runner.ts';
import { EXIT, messageOf, UsageError, UserError } from '../core/errors.ts';
import { endedPeriod, isZone, nextPeriod, type Period, parsePeriod, periodAt } from '../core/reports/period.ts';
import {
  type ComposeDeps,
  checkRequest,
  composeForOwners,
  composeReport,
  type ReportRequest,
} from '../report/compose.ts';
import { kindNamed } from '../report/kinds.ts';
import { type RenderedFile, renderReport } from '../report/render.ts';
import type { Store } from '../store/store.ts';
import { outputOptions } from './answer-output.ts';
import { type CliContext, exitWith } from './context.ts';
import { caseNamed, readCases } from './findings-cases.ts';
import { openOutputFile } from './output-file.ts';
import { type KnownReports, knownReports } from './report-kinds.ts';

export interface ReportRunFlags {
  readonly period?: string;
  readonly zone: string;
  readonly parameter: readonly string[];
  readonly account?: string;
  readonly owner?: string;
  readonly perOwner?: boolean;
  readonly case?: string;
  readonly format: readonly string[];
  readonly out?: string;
}

const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function defineReportRun(report: Command, context: CliContext): void {
  report
    .command('run')
    .description('make a report now')
    .argument('<kind>', 'keytrail report kinds names them')
    .option(
      '--period <period>',
      '2026-10, 2026-W47, 2026-Q4, 2026-11-25 or from..to (default: the last one that is over)',
    )
    .option('--zone <zone>', 'time zone of the period and of what is shown', 'UTC')
    .option(
      '--parameter <name=value>',
      'value of a parameter; again for another, or for one that is a list',
      several,
      [],
    )
    .option('--account <id>', 'only this account')
    .option('--owner <owner>', 'only keys of this owner')
    .option('--per-owner', 'a document for each owner, with only their keys')
    .option('--case <id>', 'the keys, addresses and days of a case of findings (keytrail findings cases)')
    .option('--format <format>', `${REPORT_FORMATS.join(', ')}; again for another (default: markdown)`, several, [])
    .option('--out <dir>', 'folder for the files (default: standard output, for one text)')
    .action(async (kind: string, flags: ReportRunFlags) => run(kind, flags, context));
}

async function run(id: string, flags: ReportRunFlags, context: CliContext): Promise<void> {
  const formats = formatsOf(flags);
  const known = await knownReports(context);
  // What was typed is checked before a store is opened: a mistake should not cost that second.
  const asked =
    flags.case === undefined ? checked(requestOf(id, flags, known, context.now()), flags, known) : undefined;
  const { chromiumFile: chromium } = await context.config();
  const opened = await context.open();
  try {
    const request = asked ?? (await requestOfCase(id, flags, known, opened.store, context));
    const deps = { store: opened.store, questions: known.questions, now: () => new Date(context.now()) };
    let count = 0;
    let failed = 0;
    for await (const document of documentsOf(deps, request, flags.perOwner === true)) {
      await writeDocument(document, formats, { chromium, out: flags.out }, context);
      count++;
      failed += document.totals.sections_failed;
      tellFailures(document, context);
    }
    if (flags.perOwner) context.stderr.write(`${count} ${count === 1 ? 'owner' : 'owners'}\n`);
    if (failed > 0) exitWith(EXIT.failed);
  } finally {
    await opened.close();
  }
}

function checked(request: ReportRequest, { perOwner }: ReportRunFlags, { questions }: KnownReports): ReportRequest {
  checkRequest(request, questions, perOwner === true);
  return request;
}

/** What is joined to one case, as `keytrail findings cases` joins it without being told otherwise. */
const CASE_HOURS = 24;

/** @throws UserError CASE_UNKNOWN, and what a request without a case throws */
async function requestOfCase(
  id: string,
  flags: ReportRunFlags,
  known: KnownReports,
  store: Store,
  context: CliContext,
): Promise<ReportRequest> {
  const { findings } = caseNamed(await readCases(store, {}, CASE_HOURS, context), flags.case ?? '');
  const several = (values: readonly string[]): string[] => [...new Set(values.filter((value) => value !== ''))];
  const request = requestOf(id, flags, known, context.now());
  const parameters = {
    ...{
      keys: several(findings.map(({ key_id }) => key_id)),
      source_ips: several(findings.map(({ address }) => address)),
    },
    ...request.parameters,
  };
  const first = Math.min(...findings.map(({ first_ms }) => first_ms));
  const last = Math.max(...findings.map(({ last_ms }) => last_ms));
  const days = [periodAt('day', first, flags.zone), nextPeriod(periodAt('day', last, flags.zone))];
  const period =
    flags.period === undefined ? parsePeriod(days.map(({ name }) => name).join('..'), flags.zone) : request.period;
  return checked({ ...request, parameters, period }, flags, known);
}

async function* documentsOf(
  deps: ComposeDeps,
  request: ReportRequest,
  perOwner: boolean,
): AsyncGenerator<ReportDocument> {
  if (perOwner) yield* composeForOwners(deps, request);
  else yield await composeReport(deps, request);
}

/** The rest of the report is there all the same. */
function tellFailures({ sections, scope }: ReportDocument, context: CliContext): void {
  for (const { id, error } of sections) {
    if (error === null) continue;
    const of = scope.owner === null ? '' : ` of the report of ${scope.owner}`;
    context.stderr.write(`section ${id}${of} has no answer: ${error.message} (${error.code})\n`);
  }
}

/** @throws UsageError FORMAT_UNKNOWN, OPTIONS_CONFLICT */
export function formatsOf(flags: Pick<ReportRunFlags, 'format' | 'perOwner' | 'out'>): readonly ReportFormat[] {
  const asked = flags.format.flatMap((text) => text.split(','));
  const unknown = asked.find((format) => !(REPORT_FORMATS as readonly string[]).includes(format));
  if (unknown !== undefined) {
    throw new UsageError('FORMAT_UNKNOWN', 'there is no such format', {
      got: unknown,
      expected: REPORT_FORMATS.join(', '),
    });
  }
  const formats = asked.length === 0 ? (['markdown'] as const) : ([...new Set(asked)] as ReportFormat[]);
  const needsFolder = flags.perOwner === true ? '--per-owner' : formats.length > 1 ? 'several formats' : undefined;
  if (flags.out === undefined && needsFolder !== undefined) {
    throw new UsageError('OPTIONS_CONFLICT', `${needsFolder} need a folder`, {
      ...{ got: 'no --out', expected: '--out <dir>' },
    });
  }
  return formats;
}

/** @throws UsageError REPORT_KIND_UNKNOWN, ZONE_UNKNOWN, PERIOD_INVALID, PARAMETER_INVALID */
function requestOf(id: string, flags: ReportRunFlags, known: KnownReports, nowMs: number): ReportRequest {
  const kind = kindNamed(known.kinds, id);
  if (!isZone(flags.zone)) {
    throw new UsageError('ZONE_UNKNOWN', '--zone names no time zone', {
      ...{ got: flags.zone, expected: 'an IANA name such as Europe/Berlin' },
    });
  }
  const period: Period =
    flags.period === undefined ? endedPeriod(kind.period, nowMs, flags.zone) : parsePeriod(flags.period, flags.zone);
  return {
    ...{ kind, period, parameters: parametersOf(flags.parameter) },
    scope: {
      ...(flags.account === undefined ? {} : { account: flags.account }),
      ...(flags.owner === undefined ? {} : { owner: flags.owner }),
    },
  };
}

function parametersOf(given: readonly string[]): GivenParameters {
  const values = new Map<string, string | string[]>();
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) {
      throw new UsageError('PARAMETER_INVALID', '--parameter is not a name and a value', {
        got: text,
        expected: 'name=value',
      });
    }
    const [name, value, before] = [text.slice(0, at), text.slice(at + 1), values.get(text.slice(0, at))];
    values.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  return Object.fromEntries(values);
}

interface Target {
  readonly chromium: string | undefined;
  readonly out: string | undefined;
}

export async function writeDocument(
  document: ReportDocument,
  formats: readonly ReportFormat[],
  target: Target,
  context: CliContext,
): Promise<void> {
  const { color, width } = target.out === undefined ? outputOptions(context.stdout, context.env, false) : {};
  for (const format of formats) {
    for (const file of await renderReport(document, format, { chromium: target.chromium, color, width })) {
      if (target.out === undefined) await toStdout(file, context);
      else context.stdout.write(`${await toFolder(file, target.out)}\n`);
    }
  }
}

/** @throws UsageError OUTPUT_IS_TERMINAL when bytes that are no text would be written to a screen */
async function toStdout({ type, content }: RenderedFile, { stdout }: CliContext): Promise<void> {
  if (/^text\/|json/.test(type)) {
    await writePieces([content.toString('utf8')], stdout);
    return;
  }
  if (stdout.isTTY) {
    throw new UsageError('OUTPUT_IS_TERMINAL', 'this format is no text', {
      got: type,
      expected: '--out <dir>, or > file',
    });
  }
  await new Promise<void>((resolve, reject) => stdout.write(content, (error) => (error ? reject(error) : resolve())));
}

async function toFolder({ name, content }: RenderedFile, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new UserError(
      'OUTPUT_NOT_WRITABLE',
      `the folder ${folder} cannot be made`,
      { got: messageOf(cause) },
      { cause },
    );
  });
  const file = path.join(folder, name);
  const target = await openOutputFile(file);
  try {
    await target.write(content);
    await target.finish();
  } catch (cause) {
    await target.discard();
    throw cause;
  }
  return file;
}
