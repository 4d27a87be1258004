/** `keytrail dead-letters`: the records that could not become events, and another try for them. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { REJECTION_REASONS } from '../../schemas/rejection.ts';
import { SOURCES, sourceNamed } from '../../schemas/sources/index.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { timeParameter } from '../ask/time-range.ts';
import { EXIT, UsageError, UserError } from '../core/errors.ts';
import { ANSWER_ROWS_MAX } from '../core/limits.ts';
import type { LetterSelection } from '../dead-letters/letters.ts';
import type { ReplaySummary } from '../dead-letters/replay.ts';
import { checkSelectors, findLetters } from '../dead-letters/selectors.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import { type CliContext, exitWith, type OpenedStore } from './context.ts';
import { madeAnswer } from './made-answer.ts';
import { several } from './option-values.ts';
import { givenRange } from './range.ts';
import { replayLetters } from './replay-letters.ts';
import { answerStatement } from './statement-answer.ts';

const LIST_LIMIT = 1_000;
const STATES: readonly string[] = ['open', 'replayed'];

interface ListFlags {
  readonly reason: readonly string[];
  readonly source: readonly string[];
  readonly state?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
  readonly format?: string;
  readonly local?: boolean;
}

interface ReplayFlags {
  readonly all?: boolean;
  readonly reason: readonly string[];
  readonly source?: string;
  readonly account?: string;
  readonly dryRun?: boolean;
  readonly format?: string;
}

const SUMMARY_COLUMNS = {
  dry_run: 'text',
  letters: 'number',
  replayed: 'number',
  events: 'number',
  refused: 'number',
  refused_by_reason: 'other',
  not_replayable: 'number',
} as const;

const FORMAT_HELP = `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`;

export function defineDeadLetters(program: Command, context: CliContext): void {
  const letters = program.command('dead-letters').description('see and replay records that could not become events');
  letters
    .command('list')
    .description('the letters, latest first, and what state they are in')
    .option('--reason <code>', 'only letters of this reason; again for another', several, [])
    .option('--source <name>', 'only letters of this source; again for another', several, [])
    .option('--state <state>', STATES.join(' or '))
    .option('--from <time>', 'letters that first arrived at or after this time: ISO 8601, -24h, -7d, now')
    .option('--to <time>', 'letters that first arrived before this time')
    .option('--limit <rows>', 'how many at most', String(LIST_LIMIT))
    .option('--format <format>', FORMAT_HELP)
    .option('--local', "times in this machine's zone instead of UTC")
    .action(async (flags: ListFlags) => list(flags, context));
  letters
    .command('show')
    .description('one letter whole, with its text and everything that was done about it')
    .argument('<letter>', 'its content hash or the beginning of it, with :reason where it has several')
    .option('--format <format>', FORMAT_HELP)
    .action(async (name: string, flags: { format?: string }) => show(name, flags.format, context));
  letters
    .command('replay')
    .description('read open letters again and store the events that they now are')
    .argument('[letters...]', 'content hashes or their beginnings, with or without :reason')
    .option('--all', 'every open letter')
    .option('--reason <code>', 'open letters of this reason; again for another', several, [])
    .option('--source <name>', 'open letters of this source, and those of none: they are read as its records')
    .option('--account <id>', 'account of letters whose account is missing')
    .option('--dry-run', 'read and count, and store nothing')
    .option('--format <format>', FORMAT_HELP)
    .action(async (names: string[], flags: ReplayFlags) => replayNamed(names, flags, context));
}

async function list(flags: ListFlags, context: CliContext): Promise<void> {
  const { from, to } = givenRange(flags.from, flags.to, context.now());
  const parameters = {
    reasons: checkedReasons(flags.reason),
    sources: flags.source,
    state: checkedState(flags.state),
    from: timeParameter(from),
    to: timeParameter(to),
    limit: checkedLimit(flags.limit),
  };
  await answerStatement(context, 'dead-letters-list', flags, () => parameters);
}

async function show(name: string, format: string | undefined, context: CliContext): Promise<void> {
  checkSelectors([name]);
  await answerStatement(context, 'dead-letters-show', format === undefined ? {} : { format }, async ({ store }) => {
    const [found] = await findLetters(store, [name]);
    return {
      hashes: found === undefined ? [] : [found.contentHash],
      reasons: found?.reason === undefined ? [] : [found.reason],
    };
  });
}

async function replayNamed(names: readonly string[], flags: ReplayFlags, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  checkReplay(names, flags);
  const config = await context.config();
  const logger = await context.logger();
  const opened = await context.open();
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const wish = {
      selection: await selectionOf(opened, names, flags),
      given: { source: sourceNamed(flags.source ?? ''), accountId: flags.account ?? '' },
      dryRun: flags.dryRun === true,
      signal: stop.signal,
    };
    const { env, now } = context;
    const summary = await replayLetters(wish, { config, opened, logger, now, env, uuid: randomUUID });
    await writeAnswer(summaryRow(summary, flags), format, context.stdout, formatOptions(context, false));
    if (stop.signal.aborted) throw interruptedError();
    if (summary.replayed < summary.letters) exitWith(EXIT.deadLetters);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await opened.close();
  }
}

async function selectionOf(
  opened: OpenedStore,
  names: readonly string[],
  flags: ReplayFlags,
): Promise<LetterSelection> {
  const found = await findLetters(opened.store, names);
  return {
    reasons: flags.reason,
    sources: flags.source === undefined ? [] : [flags.source, ''],
    letters: found.map(({ contentHash, reason }) => (reason === undefined ? contentHash : `${contentHash}:${reason}`)),
  };
}

function summaryRow(summary: ReplaySummary, flags: ReplayFlags) {
  const refused = Object.values(summary.refused).reduce((sum, letters) => sum + letters, 0);
  return madeAnswer(SUMMARY_COLUMNS, [
    [
      flags.dryRun === true,
      summary.letters,
      summary.replayed,
      summary.events,
      refused,
      { ...summary.refused },
      summary.notReplayable,
    ],
  ]);
}

function checkReplay(names: readonly string[], flags: ReplayFlags): void {
  checkSelectors(names);
  checkedReasons(flags.reason);
  const chosen = flags.all === true || names.length > 0 || flags.reason.length > 0 || flags.source !== undefined;
  if (!chosen) {
    throw new UsageError('LETTERS_NOT_CHOSEN', 'which letters are to be replayed was not said', {
      expected: '--all, --reason <code>, --source <name>, or content hashes',
      next: 'keytrail dead-letters list --state open shows what there is; --dry-run tries without storing',
    });
  }
  if (flags.source !== undefined && sourceNamed(flags.source) === undefined) {
    throw new UsageError('SOURCE_UNKNOWN', `no source is named ${flags.source}`, {
      got: flags.source,
      expected: SOURCES.map(({ name }) => name).join(', '),
    });
  }
}

function checkedReasons(reasons: readonly string[]): readonly string[] {
  const unknown = reasons.find((reason) => !(REJECTION_REASONS as readonly string[]).includes(reason));
  if (unknown === undefined) return reasons;
  throw new UsageError('REASON_UNKNOWN', `no reason is named ${unknown}`, {
    got: unknown,
    expected: REJECTION_REASONS.join(', '),
  });
}

function checkedState(state: string | undefined): string {
  if (state === undefined || STATES.includes(state)) return state ?? '';
  throw new UsageError('STATE_UNKNOWN', `no state is named ${state}`, { got: state, expected: STATES.join(' or ') });
}

function checkedLimit(limit: string): number {
  const rows = Number(limit);
  if (Number.isInteger(rows) && rows >= 1 && rows <= ANSWER_ROWS_MAX) return rows;
  throw new UsageError('LIMIT_INVALID', 'the limit is not a number of rows', {
    got: limit,
    expected: `a whole number from 1 to ${ANSWER_ROWS_MAX}`,
  });
}

function interruptedError(): UserError {
  return new UserError('INTERRUPTED', 'the replay was interrupted', {
    got: 'a signal to stop',
    next: 'what it had stored is stored; the same command goes on with the letters that are still open',
  });
}
