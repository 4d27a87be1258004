/**
 * Everything that people give by mistake or malice, through the whole program: nothing is lost, each part gets its
 * reason, and a secret that was seeded into it is found nowhere afterwards.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const SECRET = 'S3cr3t-QmFkSW5wdXQtVGVzdC1LZXk';

let counter = 0;
function record(changes: Record<string, unknown> = {}, request: Record<string, unknown> = {}): Record<string, unknown> {
  counter++;
  return {
    id: `bad-${counter}`,
    time: '2026-11-01T10:00:00Z',
    originator: 'Jay Doe (jay@example.com)',
    apiKeyName: 'deploy',
    type: 'Configuration',
    request: {
      sourceIp: '203.0.113.7',
      method: 'GET',
      path: '/v1/subscriptions',
      status: 200,
      headers: { 'X-Api-Secret-Key': SECRET },
      ...request,
    },
    authentication: { accountId: '1001', result: 'success' },
    ...changes,
  };
}
const line = (changes?: Record<string, unknown>, request?: Record<string, unknown>) =>
  JSON.stringify(record(changes, request));
const lines = (count: number) => `${Array.from({ length: count }, () => line()).join('\n')}\n`;

interface Case {
  readonly name: string;
  readonly bytes: () => string | Buffer;
  readonly events: number;
  readonly letters: Readonly<Record<string, number>>;
}

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const CASES: readonly Case[] = [
  { name: 'an empty file', bytes: () => '', events: 0, letters: {} },
  {
    name: 'a truncated gzip keeps the records before the cut',
    // Random text keeps the compressor from putting everything into one block that is lost as a whole.
    bytes: () => {
      const noise = () => line({ description: Array.from({ length: 40 }, () => Math.random().toString(36)).join('') });
      const whole = gzipSync(`${Array.from({ length: 400 }, noise).join('\n')}\n`);
      return whole.subarray(0, whole.length - 2_000);
    },
    events: -1,
    letters: { 'container-truncated': 1 },
  },
  {
    name: 'a gzip bomb keeps the records before it',
    bytes: () => gzipSync(Buffer.concat([Buffer.from(lines(3)), Buffer.alloc(120_000_000, 0x20)])),
    events: 3,
    letters: { 'container-too-large': 1 },
  },
  {
    name: 'invalid UTF-8 harms only its own line',
    bytes: () =>
      Buffer.concat([
        Buffer.from(`${line()}\n`),
        Buffer.from(line({ description: '\u00ff' }), 'latin1'),
        Buffer.from(`\n${line()}\n`),
      ]),
    events: 2,
    letters: { 'invalid-utf8': 1 },
  },
  {
    name: 'a record of 20 MiB keeps its head, length and digest',
    bytes: () => `${line()}\n${line({ description: 'x'.repeat(20 * 1_048_576) })}\n${line()}\n`,
    events: 2,
    letters: { 'record-too-large': 1 },
  },
  {
    name: 'deeply nested JSON',
    bytes: () => `${line({ deep: JSON.parse(nested(90)) })}\n${line().slice(0, -1)},"deep":${nested(200)}}\n`,
    events: 1,
    letters: { 'too-deep': 1 },
  },
  {
    name: 'duplicate keys: the last one counts, and every secret is cut',
    bytes: () => `${line().slice(0, -1)},"x-api-key":"${SECRET}","x-api-key":"${SECRET}","apiKeyName":"second"}\n`,
    events: 1,
    letters: {},
  },
  {
    name: 'numbers where text is expected, and integers above 2^53',
    bytes: () => {
      const withId = (digits: string) => line().replace(/"bad-\d+"/, digits);
      const strange = line({ apiKeyName: 17, resource: true, resourceId: 'abc' });
      return [strange, withId('9007199254740993'), withId('9007199254740992')].join('\n');
    },
    events: 3,
    letters: {},
  },
  {
    name: 'times before 1970, after 2299, without a zone and no time at all; in the future and with an offset is fine',
    bytes: () =>
      [
        '1969-12-31T23:59:59Z',
        '2300-01-01T00:00:00Z',
        '2026-11-01T10:00:00',
        'yesterday',
        '2199-01-01T00:00:00Z',
        '2026-11-01T12:00:00+02:00',
      ]
        .map((time) => line({ time }))
        .join('\n'),
    events: 2,
    letters: { 'time-out-of-range': 2, 'time-without-zone': 1, 'time-invalid': 1 },
  },
  {
    name: 'addresses of every spelling, and what is none',
    bytes: () =>
      [
        '198.51.100.1',
        '2001:db8::2',
        '::ffff:198.51.100.3',
        'fe80::4%eth0',
        '198.51.100.5:443',
        '[2001:db8::6]:443',
        '6.6.6.6, 198.51.100.7',
        '010.1.2.8',
        'AWS Internal',
      ]
        .map((sourceIp) => line({}, { sourceIp }))
        .join('\n'),
    events: 9,
    letters: {},
  },
  {
    name: 'NUL bytes and bidi controls',
    bytes: () => `${line({ apiKeyName: 'nul\u0000key', description: 'evil\u202etxt.exe' })}\n`,
    events: 1,
    letters: {},
  },
  {
    name: 'CSV by mistake: each line is a letter',
    bytes: () => `id,time,key\n1,2026-11-01T10:00:00Z,deploy\n2,x,"X-Api-Secret-Key: ${SECRET}"\n`,
    events: 0,
    letters: { 'invalid-json': 3 },
  },
  {
    name: 'a broken line harms only itself',
    bytes: () => `${line()}\n${line().slice(0, -20)}\n${line()}\n[1,2]\n"text"\n`,
    events: 2,
    letters: {},
  },
  {
    name: 'a record that no source knows',
    bytes: () => `{"hello":"world","Authorization":"Bearer ${SECRET}"}\n`,
    events: 0,
    letters: { 'unrecognised-source': 1 },
  },
];

let folder: string;
let dataDir: string;
const said: string[] = [];

beforeAll(async () => {
  folder = await temporaryDirectory();
  dataDir = path.join(folder, 'data');
});

async function sql(statement: string): Promise<Record<string, unknown>[]> {
  return rowsOf(await runKeytrail(['sql', statement, '--data-dir', dataDir, '--format', 'json']));
}

describe('bad input', () => {
  for (const one of CASES) {
    it(one.name, async () => {
      const file = path.join(folder, `${one.name.replaceAll(/\W+/g, '-').slice(0, 60)}.ndjson`);
      await writeFile(file, one.bytes());
      const done = await runKeytrail(['ingest', file, '--data-dir', dataDir, '--log-level', 'trace']);
      said.push(done.stdout, done.stderr);
      const summary = JSON.parse(done.stdout) as Record<string, number & Record<string, number>>;
      if (one.events >= 0) expect(summary.new_events).toBe(one.events);
      else expect(summary.new_events).toBeGreaterThan(100);
      expect(summary.dead_letters_by_reason).toMatchObject(one.letters);
      expect(done.code).toBe((summary.dead_letters ?? 0) === 0 ? 0 : 3);
      expect(summary.records).toBe((summary.new_events ?? 0) + (summary.dead_letters ?? 0));
    });
  }

  it('addresses are stored as people write them, and what is none as it stood', async () => {
    const rows = await sql(
      "SELECT source_ip, source_host FROM activity WHERE event_time = '2026-11-01 10:00:00' AND source_ip != toIPv6('203.0.113.7')",
    );
    const found = rows.map(({ source_ip, source_host }) => `${source_ip}|${source_host}`).sort();
    expect(found).toEqual(
      [
        '198.51.100.1|',
        '198.51.100.3|',
        '198.51.100.5|',
        '198.51.100.7|',
        '2001:db8::2|',
        '2001:db8::6|',
        'fe80::4|',
        '|010.1.2.8',
        '|AWS Internal',
      ].sort(),
    );
  });

  it('integers above 2^53 keep their digits, so that neighbours stay two events', async () => {
    const rows = await sql("SELECT event_id FROM activity WHERE event_id LIKE '90071992547409%' ORDER BY event_id");
    expect(rows).toEqual([{ event_id: '9007199254740992' }, { event_id: '9007199254740993' }]);
  });

  it('a time in the future is stored, and is nobody’s last use', async () => {
    const used = await runKeytrail(['query', 'key-usage', '--data-dir', dataDir, '--format', 'json']);
    const deploy = rowsOf(used).find(({ key_id }) => key_id === 'deploy');
    expect(deploy?.last_seen).toBe('2026-11-01T10:00:00.000Z');
    expect((await sql("SELECT count() AS n FROM activity WHERE event_time >= '2199-01-01'"))[0]?.n).toBe(1);
  });

  it('control characters are kept in raw and made visible in tables', async () => {
    const table = await runKeytrail(['query', 'key-usage', '--data-dir', dataDir, '--format', 'table']);
    expect(table.stdout).toContain('nul');
    expect(table.stdout).not.toMatch(/[\u0000\u202e]/);
    const [row] = await sql("SELECT raw FROM activity WHERE description LIKE 'evil%'");
    expect(JSON.parse(String(row?.raw))).toMatchObject({
      apiKeyName: 'nul\u0000key',
      description: 'evil\u202etxt.exe',
    });
  });

  it('the secret is in no table, no file of the store, no log line and no answer', async () => {
    for (const table of ['audit_events', 'dead_letters', 'ledger']) {
      const everything = await runKeytrail([
        'sql',
        `SELECT * FROM ${table}`,
        '--data-dir',
        dataDir,
        '--format',
        'json',
      ]);
      expect(everything.code, everything.stderr).toBe(0);
      expect(everything.stdout.length).toBeGreaterThan(1_000);
      expectNoSecret(everything.stdout, table);
      if (table !== 'ledger') expect(everything.stdout).toMatch(/\[secret:[^:]+:[0-9a-f]{32}\]/);
    }
    for (const text of said) expectNoSecret(text, 'output');
    for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      expectNoSecret((await readFile(file)).toString('latin1'), file);
    }
  });
});

function expectNoSecret(text: string, where: string): void {
  for (const form of [
    SECRET,
    SECRET.slice(4, 24),
    Buffer.from(SECRET).toString('base64').slice(0, 24),
    encodeURIComponent(SECRET),
  ]) {
    expect(text.includes(form), `${form} in ${where}`).toBe(false);
  }
}
