/** `keytrail renormalise`: newer normalisers, or newer network data, for what is stored already. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { sourceNamed } from '../../schemas/sources/index.ts';
import type { Cell } from '../ask/answer.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { UsageError, UserError } from '../core/errors.ts';
import { monthName } from '../core/months.ts';
import type { NetworkDatabase } from '../core/network.ts';
import { pauseAt } from '../pipeline/pause-points.ts';
import type { MonthPlan } from '../renormalise/plan.ts';
import { type MonthDone, type RenormaliseOptions, renormalise, renormalisePlan } from '../renormalise/renormalise.ts';
import { withRetry } from '../store/retry.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { diskGuard } from './disk-guard.ts';
import { networkDatabase, readerOptions } from './intake-session.ts';
import { madeAnswer } from './made-answer.ts';
import { createProgress } from './progress.ts';

interface Flags {
  readonly network?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly format?: string;
}

const PLAN_COLUMNS = {
  month: 'text',
  source: 'text',
  schema_version: 'number',
  newest_version: 'number',
  network_edition: 'text',
  rows: 'number',
  action: 'text',
} as const;

const DONE_COLUMNS = {
  month: 'text',
  rows: 'number',
  normalised: 'number',
  kept: 'number',
  network_edition: 'text',
  done: 'text',
} as const;

const FIRST_MONTH = 197_001;
const LAST_MONTH = 229_912;

export function defineRenormalise(program: Command, context: CliContext): void {
  program
    .command('renormalise')
    .description('read stored records again where a newer version of their normaliser is here, month by month')
    .option('--network', 'only look addresses up again, where another edition of the network data did')
    .option('--from <month>', 'first month, as in 2026-01')
    .option('--to <month>', 'last month, as in 2026-03')
    .option('--dry-run', 'say what would be rewritten, and change nothing')
    .option('--format <format>', `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`)
    .action(async (flags: Flags) => run(flags, context));
}

async function run(flags: Flags, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const months = { first: monthOf('--from', flags.from, FIRST_MONTH), last: monthOf('--to', flags.to, LAST_MONTH) };
  if (months.first > months.last) {
    throw new UsageError('RANGE_EMPTY', '--from is behind --to', { got: `${flags.from} and ${flags.to}` });
  }
  const networks = await networkDatabase(await context.config(), await context.logger());
  if (flags.network === true && networks.edition === '') throw lookUpsOff();
  const opened = await context.open();
  const stop = new AbortController();
  const interrupt = () => stop.abort(interruptedError());
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const networkOnly = flags.network === true;
    const options = await optionsOf(opened, context, { networks, networkOnly, ...months, signal: stop.signal });
    const answer =
      flags.dryRun === true
        ? madeAnswer(PLAN_COLUMNS, (await renormalisePlan(options)).flatMap(planRows))
        : madeAnswer(DONE_COLUMNS, await rewritten(options, context));
    await writeAnswer(answer, format, context.stdout, formatOptions(context, false));
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await opened.close();
  }
}

type Choice = Pick<RenormaliseOptions, 'networks' | 'networkOnly' | 'first' | 'last'> & {
  readonly signal: AbortSignal;
};

async function optionsOf(opened: OpenedStore, context: CliContext, choice: Choice): Promise<RenormaliseOptions> {
  const config = await context.config();
  const logger = await context.logger();
  await opened.checkDurability();
  const progress = createProgress(context.stderr, context.now, 'rows');
  const guard =
    opened.dataDir === undefined ? undefined : diskGuard(opened.dataDir, config.disk.freeBytesMin, context.now);
  return {
    ...choice,
    store: opened.store,
    reader: readerOptions(config, await opened.storeKey()),
    uuid: randomUUID,
    retry: (call) =>
      // Not ended by a signal: a swap that was begun is short, and is better done.
      withRetry(call, {
        onRetry: ({ failures, pauseMs, error }) =>
          logger.warn({ failures, pauseMs, reason: error.message }, 'the store did not answer; trying again'),
      }),
    guard: guard ?? (async () => undefined),
    checkpoint: pauseAt(context.env.KEYTRAIL_PAUSE_AT, (point) => logger.fatal({ point }, 'paused')),
    onProgress: (rows, total) => (rows < total ? progress.update(rows, total, rows) : progress.end()),
  };
}

async function rewritten(options: RenormaliseOptions, context: CliContext): Promise<Cell[][]> {
  const months: MonthDone[] = [];
  await renormalise(options, (done) => {
    months.push(done);
    if (context.stderr.isTTY)
      context.stderr.write(`${monthName(done.month)} ${done.rewritten ? 'done' : 'as it was'}\n`);
  });
  const kept = months.reduce((sum, month) => sum + month.kept, 0);
  if (kept > 0) {
    context.stderr.write(`${kept} rows stay as they are: the present normaliser does not accept their records\n`);
  }
  return months.map((done) => doneRow(done, options.networks));
}

function doneRow({ month, rows, normalised, kept, rewritten }: MonthDone, { edition }: NetworkDatabase): Cell[] {
  return [monthName(month), rows, normalised, kept, rewritten ? edition : '', rewritten ? 'rewritten' : 'unchanged'];
}

function planRows({ month, rows }: MonthPlan): Cell[][] {
  return rows.map(({ source, schemaVersion, networkEdition, rows: count, action }) => {
    const newest = sourceNamed(source)?.version ?? null;
    return [monthName(month), source, schemaVersion, newest, networkEdition, count, action];
  });
}

/** @returns `202601` */
function monthOf(option: string, text: string | undefined, preset: number): number {
  if (text === undefined) return preset;
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year !== undefined && month !== undefined) return Number(year) * 100 + Number(month);
  throw new UsageError('MONTH_INVALID', `${option} is no month`, { got: text, expected: 'a month such as 2026-01' });
}

function lookUpsOff(): UsageError {
  return new UsageError('LOOK_UPS_OFF', 'addresses are not looked up, so there is nothing to apply', {
    got: 'enrich.enabled: false',
    next: 'set enrich.enabled to true; nothing was changed',
  });
}

function interruptedError(): UserError {
  return new UserError('INTERRUPTED', 'the rewriting was interrupted', {
    got: 'a signal to stop',
    next: 'months that were done are done; the same command goes on with the others',
  });
}
