/** `keytrail export`: events out of the store, to standard output or a file. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Command } from 'commander';
import { UsageError, UserError } from '../core/errors.ts';
import { EXPORT_FORMATS, type ExportFormat, exportEvents } from '../export/export-events.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { type ExportTarget, openOutputFile } from './output-file.ts';
import { createProgress } from './progress.ts';
import { givenRange } from './range.ts';

interface ExportFlags {
  readonly from?: string;
  readonly to?: string;
  readonly format: string;
  readonly out?: string;
}

export function defineExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('stream events out: all of them, each once, by month, account, key and time')
    .option('--from <time>', 'events at or after this time: ISO 8601, -24h, -7d, now (default: all time)')
    .option('--to <time>', 'events before this time')
    .option('--format <format>', EXPORT_FORMATS.join(', '), 'ndjson')
    .option('--out <file>', 'a file, which appears when it is whole (default: standard output)')
    .action(async (flags: ExportFlags) => exportCommand(flags, context));
}

async function exportCommand(flags: ExportFlags, context: CliContext): Promise<void> {
  const format = checkedFormat(flags, context.stdout);
  const { from, to } = givenRange(flags.from, flags.to, context.now());
  const target = flags.out === undefined ? toStream(context.stdout) : await openOutputFile(flags.out);
  const stop = new AbortController();
  const interrupt = () => stop.abort(interruptedError());
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const progress = createProgress(context.stderr, context.now, 'events');
  let opened: OpenedStore | undefined;
  try {
    opened = await context.open();
    const bytes = exportEvents({
      store: opened.store,
      format,
      fromMs: from,
      toMs: to,
      signal: stop.signal,
      onProgress: (events, total) => progress.update(events, total, events),
    });
    for await (const chunk of bytes) if (!(await target.write(chunk))) break;
    await target.finish();
  } catch (error) {
    await target.discard();
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    progress.end();
    await opened?.close();
  }
}

function checkedFormat(flags: ExportFlags, out: NodeJS.WriteStream): ExportFormat {
  const format = EXPORT_FORMATS.find((candidate) => candidate === flags.format);
  if (format === undefined) {
    throw new UsageError('FORMAT_UNKNOWN', 'there is no such export format', {
      got: flags.format,
      expected: EXPORT_FORMATS.join(', '),
    });
  }
  if (format === 'parquet' && flags.out === undefined && out.isTTY) {
    throw new UsageError('OUTPUT_IS_TERMINAL', 'a Parquet file is not for a terminal', {
      expected: 'a file or a pipe',
      next: 'add --out <file>',
    });
  }
  return format;
}

/** A reader that goes away (`| head`) ends the export without an error. Waits for a slow one. */
export function toStream(out: Writable): ExportTarget {
  let gone = false;
  let failure: Error | undefined;
  out.on('error', (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code !== 'EPIPE') failure = error;
  });
  return {
    write: async (bytes) => {
      // An error ends this wait as well, and either way nothing listens on.
      if (!gone && !out.write(bytes)) await once(out, 'drain').catch(() => undefined);
      if (failure !== undefined) throw failure;
      return !gone;
    },
    finish: async () => {
      // What is still buffered is written before the process ends by itself; a reader that left meanwhile is no fault.
      await new Promise<void>((resolve) => out.write('', () => resolve()));
      if (failure !== undefined) throw failure;
    },
    discard: async () => undefined,
  };
}

function interruptedError(): UserError {
  return new UserError('INTERRUPTED', 'the export was interrupted', {
    got: 'a signal to stop',
    next: 'run it again; a file given by --out appears only when it is whole',
  });
}
