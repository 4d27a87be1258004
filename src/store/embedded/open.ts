/** Opens the embedded store of a data directory, whoever serves it. */
import { openClickHouseStore } from '../clickhouse-store.ts';
import type { Store } from '../store.ts';
import { takeSeatInChild } from './child-seat.ts';
import { preparePaths } from './paths.ts';
import { ReconnectingStore } from './reconnecting-store.ts';
import { type ChildExit, type TakeSeat, takeSeatInProcess } from './seat.ts';
import { Tenancy, type TenancyLog } from './tenancy.ts';

export type { TenancyLog };

export interface EmbeddedOptions {
  readonly dataDir: string;
  /**
   * `in-process`: one active data directory per process, main thread only. `child`: a crash of native code ends neither
   * intake nor console, and a process may have several stores.
   */
  readonly mode: 'in-process' | 'child';
  readonly logger?: TenancyLog;
  readonly onChildExit?: (exit: ChildExit) => void;
}

export interface EmbeddedStore {
  readonly store: Store;
  /** `attached`: another process serves. It may change while the store is open. */
  readonly role: 'owner' | 'attached';
  readonly socketPath: string;
  readonly dataDir: string;
  /** The process in which the engine runs, 0 when it is not known. */
  readonly pid: number;
  /** The same as `store.close()`. */
  close(): Promise<void>;
}

const NO_LOG: TenancyLog = { info: () => {}, warn: () => {} };

/** @throws UserError about the data directory, or about who holds it */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedStore> {
  const paths = await preparePaths(options.dataDir);
  const take: TakeSeat = options.mode === 'child' ? takeSeatInChild : takeSeatInProcess;
  const tenancy = new Tenancy(paths, take, options.logger ?? NO_LOG, options.onChildExit ?? (() => {}));
  await tenancy.elect();
  const client = openClickHouseStore({ url: 'http://localhost', socketPath: paths.socket });
  const store = new ReconnectingStore(
    client,
    () => tenancy.elect(),
    () => tenancy.close(),
  );
  return {
    store,
    get role() {
      return tenancy.role;
    },
    get pid() {
      return tenancy.pid;
    },
    socketPath: paths.socket,
    dataDir: paths.dataDir,
    close: () => store.close(),
  };
}
