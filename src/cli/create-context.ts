/** Makes the context of a command: reads the common options once, and opens what the command asks for. */
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import type { CliContext, OpenOptions } from './context.ts';

interface CommonOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly clickhouseUrl?: string;
  readonly logLevel?: string;
}

export function createContext(program: Command): CliContext {
  let config: Promise<Config> | undefined;
  let logger: Promise<Logger> | undefined;
  const loadOnce = (): Promise<Config> => {
    config ??= load(program.opts<CommonOptions>());
    return config;
  };
  const loggerOnce = (): Promise<Logger> => {
    logger ??= loadOnce().then((loaded) => makeLogger(loaded.logLevel));
    return logger;
  };
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: Date.now,
    config: loadOnce,
    logger: loggerOnce,
    open: async (options: OpenOptions = {}) => {
      const { openStore } = await import('./open-store.ts');
      return openStore(await loadOnce(), await loggerOnce(), options);
    },
  };
}

async function load(options: CommonOptions): Promise<Config> {
  const { loadConfig } = await import('../config/load.ts');
  return loadConfig({
    file: options.config,
    env: process.env,
    flags: {
      data_dir: options.dataDir,
      'clickhouse.url': options.clickhouseUrl,
      log_level: options.logLevel,
    },
  });
}

/** Logs go to stderr, one JSON object a line: stdout carries answers only. */
async function makeLogger(level: string): Promise<Logger> {
  const { pino } = await import('pino');
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
