/**
 * What a collector keeps and asks of a store, in memory, for hundreds of days: rows are durable when their chain was
 * flushed, and a row that comes again is the one that is there, as the tests of the store hold for the real one.
 */

import { identityOfRecord } from '../../src/core/record-reader.ts';
import type { Receiver } from '../../src/intake/intake.ts';
import { statement } from '../../src/store/statements.ts';
import { type Parameters, type Store, StoreError } from '../../src/store/store.ts';
import { READER } from '../support/take-in.ts';
import type { Life } from './any-day.ts';

interface Kept {
  readonly accountId: string;
  readonly source: string;
  readonly raw: string;
}

export class MemoryStore {
  readonly log: Parameters[] = [];
  readonly #events = new Map<string, Kept>();

  rowsOf(accountId: number, log: string): string[] {
    const source = `redis-cloud/${log}`;
    const own = [...this.#events.values()].filter(
      (one) => one.accountId === String(accountId) && one.source === source,
    );
    return own.map(({ raw }) => raw).sort();
  }

  /** Time of the proved position, ms since 1970. */
  positionOf(accountId: number, log: string): number | undefined {
    const own = this.log.filter(({ account_id, resource }) => account_id === String(accountId) && resource === log);
    const told = own.at(-1)?.position_time;
    return told === undefined || told === null ? undefined : Date.parse(`${told}Z`);
  }

  /** The store as one process sees it. */
  seenBy(life: Life): Store & Receiver {
    const or = async (change: () => void): Promise<void> => {
      life.left -= 1;
      if (life.left > 0 || (life.left === 0 && life.lastHappens)) change();
      if (life.left <= 0) throw new StoreError('fatal', 0, 'the process is dead');
    };
    const refuse = () => Promise.reject(new Error('a collector asks for nothing else'));
    return {
      rows: async <Row>(sql: string, { parameters = {} } = {}) => this.#answer(sql, parameters as Parameters) as Row[],
      command: (_, { parameters = {} } = {}) => or(() => void this.log.push(parameters)),
      stream: () => {
        throw new Error('a collector streams nothing');
      },
      insert: refuse,
      close: async () => undefined,
      ...{ hasRoom: true, whenRoom: async () => undefined },
      open: async ({ accountId, source = '' }) => {
        const open: Kept[] = [];
        const settle = async () => {
          const durable = open.splice(0);
          if (durable.length > 0)
            await or(() => {
              for (const row of durable) this.#keep(row);
            });
        };
        const add = ({ value }: { value: Uint8Array }) =>
          void open.push({ accountId, source, raw: Buffer.from(value).toString() });
        const nothing = () => undefined;
        return {
          ...{ add, flush: settle, settled: 0, reject: refuse, gap: refuse },
          ...{ passed: nothing, end: nothing, drained: nothing, abandon: nothing },
        };
      },
    };
  }

  #keep(row: Kept): void {
    this.#events.set(`${row.accountId} ${row.source} ${hashOf(row.raw)}`, row);
  }

  #answer(sql: string, { account_id, source, hashes }: Parameters): unknown[] {
    if (sql === statement('collector-known-rows')) {
      const asked = Array.isArray(hashes) ? (hashes as string[]) : [];
      return asked.filter((hash) => this.#events.has(`${account_id} ${source} ${hash}`)).map((hash) => ({ hash }));
    }
    const last = new Map<unknown, Parameters>();
    for (const row of this.log) if (row.account_id === account_id) last.set(row.resource, row);
    return [...last.values()];
  }
}

function hashOf(raw: string): string {
  return identityOfRecord(Buffer.from(raw), READER.storeKeyHex);
}
