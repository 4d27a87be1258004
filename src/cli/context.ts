/** What every command shares: common options, the configuration, the store, and where output goes. */
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import type { EmbeddedStore } from '../store/embedded/open.ts';
import type { Store } from '../store/store.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Absent when the store is a server. */
  readonly dataDir: string | undefined;
  /** Who serves the embedded store; absent when the store is a server. */
  readonly embedded?: Pick<EmbeddedStore, 'role' | 'pid' | 'socketPath'>;
  /** The 32 bytes that key identities and fingerprints; refused when it is not this store's. */
  storeKey(options?: { mayCreate: boolean }): Promise<Buffer>;
  /** Refuses a server that would acknowledge records before they are safe. */
  checkDurability(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** `child`: the engine in a supervised process of its own, so that its crash does not end ours. */
  readonly engine?: 'in-process' | 'child';
  /** Leave the tables as they are (doctor, migrate). */
  readonly skipMigrations?: boolean;
}

export interface CliContext {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  config(): Promise<Config>;
  logger(): Promise<Logger>;
  open(options?: OpenOptions): Promise<OpenedStore>;
}

/** What a command's file exports; main.ts imports the file only when the command is called. */
export type DefineCommand = (program: Command, context: CliContext) => void;

/** The exit code of a command that did its work, but not without remark. */
export function exitWith(code: number): void {
  process.exitCode = code;
}
