/** The answer of a SELECT, in pieces. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { TaggedSession } from './engine.ts';
import type { StatementRequest } from './request.ts';
import { quoteText, splitFormat } from './sql-text.ts';

/** The engine's stream writes each piece as a document of its own: only in these formats are several of them one. */
const CONCATENABLE: ReadonlySet<string> = new Set([
  'TabSeparated',
  'TSV',
  'TabSeparatedRaw',
  'TSVRaw',
  'CSV',
  'JSONEachRow',
  'JSONLines',
  'NDJSON',
  'JSONCompactEachRow',
  'JSONStringsEachRow',
  'JSONCompactStringsEachRow',
  'RowBinary',
  'Native',
  'TSKV',
  'Null',
]);

const READ_BYTES = 1_048_576;

/** Constant memory in any format: what cannot be streamed is written to a spool file first. */
export function selected(
  { session }: TaggedSession,
  request: StatementRequest,
  spool: string,
): AsyncGenerator<Uint8Array> {
  const { sql, format } = splitFormat(request.sql);
  const wanted = format ?? request.format;
  return CONCATENABLE.has(wanted) ? streamed(session, sql, wanted) : throughFile(session, sql, wanted, spool);
}

async function* streamed(session: TaggedSession['session'], sql: string, format: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of session.queryStream(sql, { format })) yield chunk.raw();
}

async function* throughFile(
  session: TaggedSession['session'],
  sql: string,
  format: string,
  spool: string,
): AsyncGenerator<Uint8Array> {
  const file = path.join(spool, `${randomUUID()}.answer`);
  try {
    await session.queryAsync(`${sql}\nINTO OUTFILE ${quoteText(file)} FORMAT ${format}`);
    yield* createReadStream(file, { highWaterMark: READ_BYTES });
  } finally {
    await rm(file, { force: true });
  }
}
