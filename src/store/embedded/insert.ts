/**
 * Inserts with data. The body goes to a spool file while it arrives, and the engine reads it from there: a third of the
 * cost of handing it over as text, and bytes that are not UTF-8 stay what they are.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { INSERT_BYTES_MAX } from '../../core/limits.ts';
import type { TaggedSession } from './engine.ts';
import { Refusal } from './failure.ts';
import { type InsertHead, plainType, quoteName, quoteText } from './sql-text.ts';

interface Column {
  readonly name: string;
  readonly type: string;
}

export interface SpooledBody {
  readonly file: string;
  readonly bytes: number;
}

export class Inserts {
  readonly #spool: string;
  /** Columns that can be inserted, by qualified table name. Asking per insert costs as much as a small insert. */
  readonly #columns = new Map<string, readonly Column[]>();

  constructor(spool: string) {
    this.#spool = spool;
  }

  /** What a process that was killed left behind. Only the owner of the engine may call it. */
  async empty(): Promise<void> {
    for (const name of await readdir(this.#spool))
      await rm(path.join(this.#spool, name), { force: true, recursive: true });
  }

  /** After any statement that may have changed a table. */
  forget(): void {
    this.#columns.clear();
  }

  /** @throws Refusal beyond the limit; any failure removes the file */
  async spool(head: InsertHead, body: Readable): Promise<SpooledBody> {
    const file = path.join(this.#spool, `${randomUUID()}.${head.format.toLowerCase()}`);
    const counter = new ByteCounter();
    try {
      const target = createWriteStream(file, { mode: 0o600, flags: 'wx' });
      if (head.data !== '') counter.write(head.data);
      await pipeline(body, counter, target);
      return { file, bytes: counter.bytes };
    } catch (cause) {
      await rm(file, { force: true });
      throw cause;
    }
  }

  async run(
    session: TaggedSession,
    head: InsertHead,
    body: SpooledBody,
    settings: ReadonlyMap<string, string>,
  ): Promise<void> {
    const table = `${quoteName(head.database)}.${quoteName(head.table)}`;
    const columns = await this.#columnsOf(session, table);
    const named = head.columns.length === 0 ? columns : head.columns.map((name) => columnNamed(columns, name, table));
    const names = named.map((column) => quoteName(column.name)).join(', ');
    const structure = named.map((column) => `${quoteName(column.name)} ${plainType(column.type)}`).join(', ');
    const asked = [...settings].map(([name, value]) => `${name} = ${quoteText(value)}`);
    const given = [...asked, ...(head.settings === '' ? [] : [head.settings])].join(', ');
    const source = `file(${quoteText(body.file)}, ${quoteText(head.format)}, ${quoteText(structure)})`;
    // Settings that stand in the statement need no second one to set them back.
    await session.session.queryAsync(
      `INSERT INTO ${table} (${names}) ${given === '' ? '' : `SETTINGS ${given}`} SELECT * FROM ${source}`,
    );
  }

  async #columnsOf(session: TaggedSession, table: string): Promise<readonly Column[]> {
    const known = this.#columns.get(table);
    if (known !== undefined) return known;
    const answer = await session.session.queryAsync(`DESCRIBE TABLE ${table}`, { format: 'JSONCompactEachRow' });
    const columns: Column[] = [];
    for (const line of answer.text().split('\n')) {
      if (line === '') continue;
      const [name, type, kind]: string[] = JSON.parse(line);
      if (name !== undefined && type !== undefined && kind !== 'MATERIALIZED' && kind !== 'ALIAS')
        columns.push({ name, type });
    }
    this.#columns.set(table, columns);
    return columns;
  }
}

function columnNamed(columns: readonly Column[], name: string, table: string): Column {
  const column = columns.find((one) => one.name === name);
  if (column === undefined)
    throw new Refusal(16, 'NO_SUCH_COLUMN_IN_TABLE', `No such column ${name} in table ${table}`);
  return column;
}

class ByteCounter extends Transform {
  bytes = 0;

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: Error | null, chunk?: Buffer) => void,
  ): void {
    this.bytes += chunk.byteLength;
    if (this.bytes <= INSERT_BYTES_MAX) done(null, chunk);
    else done(new Refusal(307, 'TOO_MANY_BYTES', `An insert has more than ${INSERT_BYTES_MAX} bytes`));
  }
}
