/** `keytrail ingest`: files, folders, globs or standard input into the store. */
import type { Command } from 'commander';
import { EXIT, UserError } from '../core/errors.ts';
import { findFiles } from '../intake/file/find-files.ts';
import { ingestFile } from '../intake/file/ingest-file.ts';
import type { Chain, Receiver } from '../intake/intake.ts';
import { type CliContext, exitWith } from './context.ts';
import { checkSource, summaryFormat } from './intake-options.ts';
import { openIntake } from './intake-session.ts';
import { countNew, summarise, writeSummary } from './intake-summary.ts';
import { createProgress } from './progress.ts';

interface IngestFlags {
  readonly source?: string;
  readonly account?: string;
  readonly format?: string;
}

export function defineIngest(program: Command, context: CliContext): void {
  program
    .command('ingest')
    .description('store the records of files: NDJSON, JSON arrays, {"Records":[…]}, {"entries":[…]}, gzip of each')
    .argument('<paths...>', 'files, folders, globs, or - for standard input')
    .option('--source <name>', 'source of the records (default: recognised record by record)')
    .option('--account <id>', 'account of the records, where they do not name it')
    .option('--format <format>', 'summary as text, json or ndjson')
    .action(async (paths: string[], flags: IngestFlags) => ingest(paths, flags, context));
}

async function ingest(paths: readonly string[], flags: IngestFlags, context: CliContext): Promise<void> {
  checkSource(flags.source, flags.account, false);
  const format = summaryFormat(flags.format, context.stdout);
  const config = await context.config();
  const files = await findFiles(paths);
  const logger = await context.logger();
  const opened = await context.open();
  const stop = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => stop.abort(interrupted(signal));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const progress = createProgress(context.stderr, context.now);
  try {
    const { env, now } = context;
    // What was read is stored before the program ends, so only the store's own failure ends its retries.
    const failed = new AbortController();
    const session = await openIntake({ config, opened, logger, env, now, signal: failed.signal });
    const { pipeline } = session;
    const chains: Chain[] = [];
    const receiver = collecting(pipeline, chains);
    const startedAt = now();
    let bytesBefore = 0;
    const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files) {
      if (stop.signal.aborted) break;
      const result = await ingestFile(file, receiver, {
        ...(flags.source === undefined ? {} : { source: flags.source }),
        accountId: flags.account ?? '',
        recordBytesMax: config.recordBytesMax,
        signal: stop.signal,
        onProgress: ({ bytesRead }) => progress.update(bytesBefore + bytesRead, bytesTotal, pipeline.totals.records),
      });
      bytesBefore += result.bytesRead;
      for (const chain of chains.splice(0)) chain.abandon();
    }
    const elapsedMs = now() - startedAt;
    pipeline.close();
    progress.end();
    const { records, deadLetters } = pipeline.totals;
    const newEvents = await countNew(opened.store, pipeline.chainIds);
    const summary = summarise(records, deadLetters, newEvents, elapsedMs);
    writeSummary(summary, format, context.stdout);
    if (stop.signal.aborted) throw stop.signal.reason;
    if (summary.dead_letters > 0) exitWith(EXIT.deadLetters);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    progress.end();
    await opened.close();
  }
}

/** The pipeline, remembering the chains that it opens: a file that is done needs its chain no more. */
function collecting(receiver: Receiver, chains: Chain[]): Receiver {
  return {
    open: async (partition, onSettled) => {
      const chain = await receiver.open(partition, onSettled);
      chains.push(chain);
      return chain;
    },
    get hasRoom() {
      return receiver.hasRoom;
    },
    whenRoom: () => receiver.whenRoom(),
  };
}

function interrupted(signal: string): UserError {
  return new UserError('INTERRUPTED', `stopped by ${signal} before the end`, {
    next: 'run the same command again: what is stored is recognised, and the rest is added',
  });
}
