/** `keytrail detect`: runs detections, tells what they are, and holds them against their fixtures. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import type { Answer } from '../ask/answer.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { EXIT, messageOf } from '../core/errors.ts';
import { type Detection, loadDetections } from '../detect/detections.ts';
import { readStories } from '../detect/fixture-file.ts';
import { rehearse } from '../detect/rehearsal.ts';
import { migrate } from '../store/migrations.ts';
import type { Store } from '../store/store.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import { type CliContext, exitWith } from './context.ts';
import { runDetections } from './detect-run.ts';
import { type DetectFlags, detectionNamed, knownDetections } from './detections.ts';
import { madeAnswer } from './made-answer.ts';
import { several } from './option-values.ts';

const FORMAT_HELP = `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`;

export function defineDetect(program: Command, context: CliContext): void {
  const detect = program.command('detect').description('look for what is unexpected in what was stored');
  const command = (name: string, description: string): Command =>
    detect
      .command(name)
      .description(description)
      .option('--queries <dir>', 'a folder of your own detections; again for another', several, [])
      .option('--format <format>', FORMAT_HELP);
  command('run', 'look at what is new, until SIGTERM')
    .option('--once', 'look at everything that is new, and end')
    .option('--from <time>', 'look at events of a range instead, whatever was looked at before')
    .option('--to <time>', 'the end of that range (default: now)')
    .option('--backtest', 'tell for each day of the range what would be found, and enter nothing')
    .option('--rule <id>', 'only this detection; again for another', several, [])
    .option('--fail', `exit with ${EXIT.findings} when something was found`)
    .action((flags) => runDetections(flags, context));
  command('list', 'the detections that there are').action((flags: DetectFlags) => list(flags, context));
  command('show', 'what a detection looks for, and what to do about it')
    .argument('<id>')
    .action((id: string, flags: DetectFlags) => show(id, flags, context));
  command('explain', 'how a detection decides: its thresholds with their reasons, and its SQL')
    .argument('<id>')
    .action((id: string, flags: DetectFlags) => explain(id, flags, context));
  command('test', 'hold detections against their fixtures, in a store of their own')
    .argument('[id]', 'a detection, or the file of one (default: all)')
    .action((id: string | undefined, flags: DetectFlags) => test(id, flags, context));
}

async function write(answer: Answer, flags: DetectFlags, context: CliContext): Promise<void> {
  await writeAnswer(answer, answerFormat(flags.format, context.stdout), context.stdout, formatOptions(context, false));
}

const LIST_COLUMNS = { id: 'text', severity: 'text', raises: 'text', every: 'text', question: 'text' } as const;

async function list(flags: DetectFlags, context: CliContext): Promise<void> {
  const rows = (await knownDetections(flags, context)).map(({ id, question, detection }) => [
    ...[id, detection.severity, detection.raises, `${detection.interval_seconds} s`, question],
  ]);
  await write(madeAnswer(LIST_COLUMNS, rows), flags, context);
}

const FIELD_COLUMNS = { field: 'text', value: 'text' } as const;

async function show(id: string, flags: DetectFlags, context: CliContext): Promise<void> {
  const { title, question, description, detection } = detectionNamed(await knownDetections(flags, context), id);
  const rows = [
    ['title', title],
    ['question', question],
    ['description', description ?? ''],
    ['severity', detection.severity],
    ['raises', detection.raises],
    ['entity', detection.entity.join(', ')],
    ['anchor', detection.anchor],
    ['interval', `${detection.interval_seconds} s`],
    ...detection.runbook.map((step, at) => [`runbook ${at + 1}`, step]),
    ...detection.references.map((reference) => ['reference', reference]),
  ];
  await write(madeAnswer(FIELD_COLUMNS, rows), flags, context);
}

async function explain(id: string, flags: DetectFlags, context: CliContext): Promise<void> {
  const { description, params, detection, sql } = detectionNamed(await knownDetections(flags, context), id);
  const thresholds = Object.entries(params).flatMap(([name, { default: preset, description: what, reason }]) =>
    reason === undefined ? [] : [[name, `${String(preset)}: ${what ?? ''}, because ${reason}`]],
  );
  const rows = [['decides', description ?? ''], ...thresholds, ['tells', detection.summary.trim()], ['SQL', sql]];
  await write(madeAnswer(FIELD_COLUMNS, rows), flags, context);
}

const TEST_COLUMNS = { detection: 'text', story: 'text', result: 'text', found: 'other', expected: 'other' } as const;

async function test(id: string | undefined, flags: DetectFlags, context: CliContext): Promise<void> {
  const chosen = await chosenFor(id, flags, context);
  const rows: (readonly string[])[] = [];
  await withEmptyStore(async (store) => {
    for (const detection of chosen) rows.push(...(await testOne(store, detection)));
  });
  const failed = rows.filter(([, , result]) => result !== 'as expected').length;
  await write(madeAnswer(TEST_COLUMNS, rows), flags, context);
  context.stderr.write(`${rows.length - failed} as expected, ${failed} not\n`);
  if (failed > 0) exitWith(EXIT.failed);
}

/** A file that is named brings its folder along: it may be one of a person's own. */
async function chosenFor(id: string | undefined, flags: DetectFlags, context: CliContext): Promise<Detection[]> {
  if (id === undefined) return knownDetections(flags, context);
  const isFile = id.endsWith('.sql') || id.endsWith('.yaml');
  if (!isFile) return [detectionNamed(await knownDetections(flags, context), id)];
  const folder = path.dirname(path.resolve(id));
  const name = path.basename(id).replace(/\.(?:sql|yaml)$/, '');
  return [detectionNamed(await loadDetections([folder]), name)];
}

async function testOne(store: Store, detection: Detection): Promise<(readonly string[])[]> {
  const file = detection.file.replace(/\.sql$/, '.yaml');
  if (!existsSync(file)) return [[detection.id, '', 'no fixtures', '', '']];
  const rows: (readonly string[])[] = [];
  for (const story of await readStories(file)) {
    try {
      const { found, expected } = await rehearse(store, detection, story);
      const result = expected === undefined ? 'as expected' : 'otherwise';
      rows.push([detection.id, story.name, result, JSON.stringify(found), JSON.stringify(expected ?? found)]);
    } catch (cause) {
      rows.push([detection.id, story.name, 'failed', messageOf(cause), '']);
    }
  }
  return rows;
}

/** Fixtures are told to a store that is gone afterwards, never to one that holds something. */
async function withEmptyStore(work: (store: Store) => Promise<void>): Promise<void> {
  const { openEmbedded } = await import('../store/embedded/open.ts');
  const dataDir = await mkdtemp(path.join(tmpdir(), 'keytrail-fixtures-'));
  try {
    const embedded = await openEmbedded({ dataDir, mode: 'in-process' });
    try {
      await migrate(embedded.store);
      await work(embedded.store);
    } finally {
      await embedded.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
