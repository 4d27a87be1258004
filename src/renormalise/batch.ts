/** Rows of a small work table, inserted many at a time. */
import { RENORMALISE_INSERT_ROWS } from '../core/limits.ts';
import type { Hands, WorkTable } from './tables.ts';

export class Batch {
  readonly #hands: Hands;
  readonly #table: WorkTable;
  readonly #columns: readonly string[];
  readonly #runId: string;
  #rows: Uint8Array[] = [];
  #inserts = 0;

  constructor(hands: Hands, table: WorkTable, columns: readonly string[], runId: string) {
    this.#hands = hands;
    this.#table = table;
    this.#columns = columns;
    this.#runId = runId;
  }

  /** @param row in RowBinary */
  async add(row: Uint8Array): Promise<void> {
    this.#rows.push(row);
    if (this.#rows.length >= RENORMALISE_INSERT_ROWS) await this.flush();
  }

  async flush(): Promise<void> {
    const rows = this.#rows.length;
    if (rows === 0) return;
    const body = [Buffer.concat(this.#rows)];
    const token = `${this.#runId}-${this.#inserts++}`;
    const { store, retry } = this.#hands;
    await retry(() => store.insert({ table: this.#table, columns: this.#columns, body, rows, token }));
    this.#rows = [];
  }
}
