import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ALL_TIME } from '../../src/ask/time-range.ts';
import { type ExportFormat, type ExportRequest, exportEvents } from '../../src/export/export-events.ts';
import { statement } from '../../src/store/statements.ts';
import type { Settings, Store } from '../../src/store/store.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';
import { systemLogEntry, takeIn } from '../support/take-in.ts';

const GOLDEN = path.join(import.meta.dirname, '../golden/sources');
const CLOUDTRAIL = path.join(import.meta.dirname, '../../examples/data/cloudtrail/stratus-detonation-logs.ndjson');
const SYSTEM_LOG = 'redis-cloud/system-log';
/** Everything that an event says of itself; when and where it was stored is another matter. */
const SAID = `account_id, event_id, toUnixTimestamp64Milli(event_time) AS time, key_id, principal_kind, principal_name,
  principal_email, action, activity, resource_type, resource_id, resource_name, description, request_id, source_ip,
  source_host, http_method, url_path, status_code, user_agent, auth_result, auth_reason, outcome, error_code`;

const OCSF_SCHEMA = new URL('../../docs/schemas/ocsf-api-activity-written.schema.json', import.meta.url);
const isOcsf = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(OCSF_SCHEMA, 'utf8')),
);

let store: Store;

beforeAll(async () => {
  ({ store } = await temporaryStore());
});

beforeEach(async () => {
  for (const table of ['audit_events', 'dead_letters', 'ledger']) await store.command(`TRUNCATE TABLE ${table}`);
});

async function exported(format: ExportFormat, more: Partial<ExportRequest> = {}): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const request = { store, format, fromMs: ALL_TIME.fromMs, toMs: ALL_TIME.toMs, ...more };
  for await (const chunk of exportEvents(request)) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

async function exportedLines(format: ExportFormat, more: Partial<ExportRequest> = {}) {
  const text = (await exported(format, more)).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const MONTHS = [
  '2025-12-31T23:59:59.999Z',
  '2026-01-01T00:00:00.000Z',
  '2026-02-14T12:00:00.001Z',
  '2026-03-05T10:00:00Z',
];
const entries = MONTHS.map((time, id) => systemLogEntry(id, { time }));

describe('an export', () => {
  it('gives every event once, however often it was stored', async () => {
    for (const stream of ['file:a', 'file:b']) {
      await takeIn(store, entries, { source: SYSTEM_LOG, accountId: 'A1', stream });
    }
    expect(await store.rows('SELECT 1 FROM audit_events')).toHaveLength(2 * entries.length);
    const lines = await exportedLines('ndjson');
    expect(lines.map((line) => line.event_id)).toEqual(['A1/0', 'A1/1', 'A1/2', 'A1/3']);
    expect(lines.map((line) => line.stream)).toEqual(entries.map(() => 'file:a'));
  });

  it('is the same bytes each time, ordered by month, account, key and time', async () => {
    const records = Array.from({ length: 300 }, (_, id) =>
      systemLogEntry(id, { time: `2026-0${1 + (id % 3)}-1${id % 10}T00:00:00Z`, apiKeyName: `key-${(id * 7) % 13}` }),
    );
    for (const [from, accountId] of [
      [200, 'B'],
      [0, 'A'],
      [100, 'B'],
    ] as const) {
      await takeIn(store, records.slice(from, from + 100), { source: SYSTEM_LOG, accountId });
    }
    const first = await exported('ndjson');
    await store.command('OPTIMIZE TABLE audit_events FINAL');
    expect(await exported('ndjson')).toEqual(first);
    const keys = (await exportedLines('ndjson')).map((line) =>
      JSON.stringify([
        String(line.event_time).slice(0, 7),
        line.account_id,
        line.key_id,
        line.event_time,
        line.event_id,
      ]),
    );
    expect(keys).toHaveLength(300);
    expect(keys).toEqual([...keys].sort());
  });

  it.each(['ndjson', 'csv', 'parquet', 'ocsf'] as const)(
    'as %s holds the events of its range, the end not included',
    async (format) => {
      await takeIn(store, entries, { source: SYSTEM_LOG, accountId: 'A1' });
      const range = { fromMs: Date.parse('2026-01-01T00:00:00Z'), toMs: Date.parse('2026-03-05T10:00:00Z') };
      const bytes = (await exported(format, range)).toString('latin1');
      const held = ['A1/0', 'A1/1', 'A1/2', 'A1/3'].filter((id) => bytes.includes(id));
      expect(held).toEqual(['A1/1', 'A1/2']);
    },
  );

  it('tells how far it is', async () => {
    await takeIn(store, entries, { source: SYSTEM_LOG, accountId: 'A1' });
    const told: [number, number][] = [];
    await exported('ndjson', { onProgress: (events, total) => told.push([events, total]) });
    expect(told).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
  });

  it('ends when nobody takes its bytes any more', async () => {
    await takeIn(store, entries, { source: SYSTEM_LOG, accountId: 'A1' });
    for await (const chunk of exportEvents({ store, format: 'ndjson', ...ALL_TIME })) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(await exportedLines('ndjson')).toHaveLength(4);
  });
});

describe('ndjson', () => {
  it('has the recorded columns of SQL, times in ISO 8601, addresses as people write them, and numbers', async () => {
    await takeIn(
      store,
      golden('gateway/request', 'read').map(({ record }) => record),
      { source: 'gateway/request' },
    );
    const [line] = await exportedLines('ndjson');
    expect(line).toMatchObject({
      source: 'gateway/request',
      event_time: '2026-11-20T08:15:00.123Z',
      source_ip: '203.0.113.7',
      principal_kind: 'api-key',
      status_code: 200,
      stream_offset: 0,
      latitude: null,
      content_hash: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const columns = await store.rows<{ name: string }>(
      `SELECT name FROM system.columns WHERE table = 'activity' AND database = currentDatabase()
        AND name IN (SELECT name FROM system.columns WHERE table = 'audit_events' AND database = currentDatabase())
      ORDER BY position`,
    );
    expect(Object.keys(line ?? {})).toEqual(columns.map(({ name }) => name));
  });

  it('is nothing where there is nothing', async () => {
    expect(await exported('ndjson')).toHaveLength(0);
    expect(await exported('ocsf')).toHaveLength(0);
  });
});

describe('csv', () => {
  it('says what ndjson says, by RFC 4180, with one header for all months', async () => {
    const odd = ['a,b', 'say "x"', 'two\nlines', 'plain', 'Zoë \u202e'];
    const records = odd.map((description, id) =>
      systemLogEntry(id, { description, time: `2026-0${id + 1}-01T00:00:00Z` }),
    );
    await takeIn(store, records, { source: SYSTEM_LOG, accountId: 'A1' });
    const [header = [], ...rows] = parseCsv((await exported('csv')).toString());
    const lines = await exportedLines('ndjson');
    expect(header).toEqual(Object.keys(lines[0] ?? {}));
    expect(rows).toEqual(
      lines.map((line) => Object.values(line).map((value) => (value === null ? '' : String(value)))),
    );
  });

  it('gives a spreadsheet no formula to run', async () => {
    const records = ['=1+1', '+x', '-x', '@x'].map((apiKeyName, id) => systemLogEntry(id, { apiKeyName }));
    await takeIn(store, records, { source: SYSTEM_LOG, accountId: 'A1' });
    const [header = [], ...rows] = parseCsv((await exported('csv')).toString());
    const at = header.indexOf('key_id');
    expect(rows.map((row) => row[at]).sort()).toEqual(["'+x", "'-x", "'=1+1", "'@x"]);
    expect(statementColumns('export-events-csv')).toEqual(statementColumns('export-events'));
  });

  it('is a header where there is nothing', async () => {
    expect(parseCsv((await exported('csv')).toString())).toEqual([statementColumns('export-events')]);
  });
});

describe('parquet', () => {
  let file: string;

  beforeAll(async () => {
    file = path.join(await temporaryDirectory(), 'events.parquet');
  });

  /** In the file's own order, which is what is looked at: by itself the engine reads parts of it side by side. */
  const inFile = (select: string, settings: Settings = {}) =>
    store.rows<Record<string, unknown>>(`${select} FROM file('${file}', Parquet)`, {
      settings: { max_threads: 1, input_format_parquet_preserve_order: 1, ...settings },
    });

  it('joins months into one file that reads as the events that were stored', async () => {
    await takeIn(store, entries, { source: SYSTEM_LOG, accountId: 'A1' });
    await takeIn(
      store,
      golden('gateway/request').map(({ record }) => record),
      { source: 'gateway/request' },
    );
    await writeFile(file, await exported('parquet'));
    const columns = statementColumns('export-events');
    const found = await inFile(`SELECT ${columns.join(', ')}`, {
      date_time_output_format: 'iso',
      output_format_json_quote_64bit_integers: 0,
    });
    expect(found).toEqual(await exportedLines('ndjson'));
  });

  it('has proper types: times are times, addresses are text', async () => {
    await takeIn(store, entries, { source: SYSTEM_LOG, accountId: 'A1' });
    await writeFile(file, await exported('parquet'));
    const [types] = await inFile(
      'SELECT toTypeName(event_time) AS event_time, toTypeName(source_ip) AS source_ip, toTypeName(status_code) AS status_code, toTypeName(raw) AS raw',
    );
    expect(types).toMatchObject({
      event_time: expect.stringMatching(/DateTime64\(3, 'UTC'\)/),
      source_ip: expect.stringMatching(/String/),
      status_code: expect.stringMatching(/UInt16/),
      raw: expect.stringMatching(/String/),
    });
  });

  it('holds many row groups of months that are longer than what is held back', async () => {
    await store.command(
      `INSERT INTO audit_events (source, account_id, event_id, content_hash, event_time, ingested_at, key_id, raw)
       SELECT 'gateway/request', 'A', toString(number), unhex(hex(MD5(toString(number)))),
         if(number % 10 = 0, toDateTime64('2026-01-01 00:00:00', 3, 'UTC'), toDateTime64('2026-02-01 00:00:00', 3, 'UTC')) + number,
         now64(3), 'key', randomPrintableASCII(300)
       FROM numbers(150000)`,
    );
    const bytes = await exported('parquet');
    expect(bytes.length).toBeGreaterThan(2 * 16 * 1_048_576);
    await writeFile(file, bytes);
    const sums = 'count() AS rows, sum(cityHash64(event_id, raw)) AS digest';
    expect(await inFile(`SELECT ${sums}`)).toEqual(await store.rows(`SELECT ${sums} FROM activity`));
    const [metadata] = await store.rows<{ groups: string }>(
      `SELECT toString(num_row_groups) AS groups FROM file('${file}', ParquetMetadata)`,
    );
    expect(Number(metadata?.groups)).toBeGreaterThan(2);
  });

  it('is a file without rows where there is nothing', async () => {
    await writeFile(file, await exported('parquet'));
    expect(await inFile('SELECT count() AS rows')).toEqual([{ rows: '0' }]);
    expect(await inFile('SELECT event_id, raw')).toEqual([]);
  });
});

describe('ocsf', () => {
  it('read into an empty store gives every column of time, who, what, request and outcome again, and the event id', async () => {
    for (const source of [
      'redis-cloud/system-log',
      'redis-cloud/session-log',
      'gateway/request',
      'aws/cloudtrail',
      'ocsf/api-activity',
    ]) {
      const records = golden(source);
      for (const accountId of new Set(records.map((one) => one.accountId))) {
        const values = records.filter((one) => one.accountId === accountId).map((one) => one.record);
        await takeIn(store, values, { source, accountId, stream: `file:${source}` });
      }
    }
    await takeIn(store, readFileSync(CLOUDTRAIL, 'utf8').trim().split('\n'), { source: 'aws/cloudtrail' });
    const said = `SELECT ${SAID} FROM activity ORDER BY ${SAID.replace(/ AS time/, '')}`;
    const expected = await store.rows(said);
    expect(expected.length).toBeGreaterThan(350);
    const sources = await store.rows('SELECT DISTINCT source FROM activity');
    expect(sources).toHaveLength(5);

    const lines = (await exported('ocsf')).toString();
    for (const line of lines.trim().split('\n')) {
      if (!isOcsf(JSON.parse(line))) throw new Error(`${JSON.stringify(isOcsf.errors)}: ${line}`);
    }
    for (const table of ['audit_events', 'dead_letters', 'ledger']) await store.command(`TRUNCATE TABLE ${table}`);
    await takeIn(store, lines.trim().split('\n'), { source: 'ocsf/api-activity' });
    expect(await store.rows('SELECT reason, got FROM dead_letters')).toEqual([]);
    expect(await store.rows(said)).toEqual(expected);
  });
});

interface Golden {
  readonly name: string;
  readonly record: string;
  readonly accountId: string;
}

/** The golden records of a source that become events. */
function golden(source: string, only?: string): Golden[] {
  const folder = path.join(GOLDEN, source);
  return readdirSync(folder)
    .filter((name) => only === undefined || name === only)
    .flatMap((name) => {
      const read = (file: string) => readFileSync(path.join(folder, name, file), 'utf8');
      if ((JSON.parse(read('event.json')) as { kind: string }).kind !== 'event') return [];
      const context = readdirSync(path.join(folder, name)).includes('context.json')
        ? (JSON.parse(read('context.json')) as { accountId?: string })
        : {};
      return [{ name, record: read('record.json'), accountId: context.accountId ?? '' }];
    });
}

function statementColumns(name: string): string[] {
  return [...statement(name).matchAll(/ AS (\w+),?$/gm)]
    .map((match) => match[1] ?? '')
    .filter((column) => column !== 'event');
}

/** RFC 4180, to the letter. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '' && row.length === 0) break;
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
