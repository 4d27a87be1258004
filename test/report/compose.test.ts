import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportDocument } from '../../schemas/reports.ts';
import { loadQuestions } from '../../src/ask/loader.ts';
import { parsePeriod, previousPeriod } from '../../src/core/reports/period.ts';
import { composeForOwners, composeReport } from '../../src/report/compose.ts';
import { parseReportKind } from '../../src/report/kinds.ts';
import { limitedTo } from '../../src/store/limited-store.ts';
import type { Store } from '../../src/store/store.ts';
import { QUERIES } from '../ask/fixture.ts';
import { WORLD_NOW, worldStore } from '../queries/world.ts';
import { errorsOf, validatorOf } from '../support/published-schema.ts';
import { temporaryDirectory } from '../support/store.ts';
import { askedAgain, depsOf, KINDS, report, requestOf, type Wanted } from './support.ts';

const { store } = worldStore();
const DANA = 'dana@northwind.example';
const made = (kind: string, wanted: Wanted = {}): Promise<ReportDocument> => report(store(), WORLD_NOW, kind, wanted);
const section = (document: ReportDocument, id: string) => {
  const found = document.sections.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no section ${id}`);
  return found;
};

async function ownersOf(kind: string, wanted: Wanted = {}): Promise<ReportDocument[]> {
  const documents: ReportDocument[] = [];
  for await (const one of composeForOwners(depsOf(store(), WORLD_NOW), requestOf(kind, wanted))) documents.push(one);
  return documents;
}

describe.each(KINDS.map(({ id }) => id))('%s', (kind) => {
  test.each<Wanted>([{}, { period: '2026-11-01..2026-11-20', zone: 'America/New_York' }, { account: 'p1' }])(
    'has only figures that the commands it cites give again, for %j',
    async (wanted) => {
      // Nothing of a stream belongs to an account.
      if (kind === 'completeness' && wanted.account !== undefined) {
        const left = (await made(kind, wanted)).sections.map(({ id }) => id);
        expect(left).toEqual(['attribution']);
      }
      const document = await made(kind, wanted);
      for (const one of document.sections) {
        expect(one.error, one.id).toBeNull();
        expect(one.rows, `${one.id}: ${one.command}`).toEqual(await askedAgain(store(), one.command));
        expect(one.rows_total).toBe(one.rows.length);
      }
      expect(document.totals).toEqual({
        sections: document.sections.length,
        sections_failed: 0,
        rows: document.sections.reduce((sum, { rows }) => sum + rows.length, 0),
      });
    },
  );

  test('is what its published schema says', async () => {
    expect(errorsOf(validatorOf('report'), JSON.parse(JSON.stringify(await made(kind))))).toEqual([]);
  });

  test('holds what it compares against the same question of the period before', async () => {
    const document = await made(kind);
    const { fromMs, toMs } = previousPeriod(parsePeriod('2026-11', 'UTC'));
    for (const { changes, rows, command, id } of document.sections) {
      if (changes === null) continue;
      const before = command
        .replace(/--from \S+/, `--from ${new Date(fromMs).toISOString()}`)
        .replace(/--to \S+/, `--to ${new Date(toMs).toISOString()}`)
        .replace(/--as-of \S+/, `--as-of ${new Date(toMs).toISOString()}`);
      const earlier = await askedAgain(store(), before);
      const sum = (of: readonly Record<string, unknown>[], name: string) =>
        of.reduce((total, row) => total + Number(row[name] ?? 0), 0);
      for (const delta of changes.deltas) {
        expect([delta.now, delta.before], `${id} ${delta.column}`).toEqual([
          sum(rows, delta.column),
          sum(earlier, delta.column),
        ]);
      }
      if (changes.by.length === 0) continue;
      const thing = (row: Record<string, unknown>) => JSON.stringify(changes.by.map((name) => row[name]));
      const [now, then] = [rows.map(thing), earlier.map(thing)];
      expect(changes.new_total, id).toBe(now.filter((one) => !then.includes(one)).length);
      expect(changes.gone.map(thing), id).toEqual(then.filter((one) => !now.includes(one)));
      expect(
        changes.before.map((one) => one === null),
        id,
      ).toEqual(now.map((one) => !then.includes(one)));
    }
  });
});

describe('a document of one owner', () => {
  test.each(['access-review', 'key-usage'])(
    '%s is the same whether it is made alone or with those of all',
    async (kind) => {
      const all = await ownersOf(kind);
      expect(all.map(({ scope }) => scope.owner)).toContain(DANA);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      for (const one of all) expect(one).toEqual(await made(kind, { owner: one.scope.owner ?? '' }));
    },
  );

  test('holds only rows of their keys, and no section that could not be asked for them alone', async () => {
    const own = await made('key-usage', { owner: DANA });
    expect(own.sections.map(({ id }) => id)).toEqual(['own-figures', 'keys', 'places', 'idle']);
    const owners = own.sections.flatMap(({ rows }) => rows.map(({ owner }) => owner));
    expect([new Set(owners), owners.length > 3]).toEqual([new Set([DANA]), true]);
    const text = JSON.stringify(own);
    for (const other of ['ben@', 'ada@', 'chen@', 'terraform']) expect(text).not.toContain(other);
  });

  test('asks each question once for all owners', async () => {
    let statements = 0;
    const counting: Store = {
      ...bound(store()),
      stream: (sql, format, options) => {
        statements++;
        return store().stream(sql, format, options);
      },
    };
    const request = requestOf('access-review');
    let documents = 0;
    for await (const _ of composeForOwners(depsOf(counting, WORLD_NOW), request)) documents++;
    expect(documents).toBe(4);
    // Three questions, of which two are also asked of the period before.
    expect(statements).toBe(5);
  });

  test('a kind without a section for one owner says so', async () => {
    await expect(made('completeness', { owner: DANA })).rejects.toMatchObject({
      code: 'REPORT_SCOPE_EMPTY',
      exitCode: 2,
    });
  });
});

function bound(of: Store): Store {
  return {
    rows: (sql, options) => of.rows(sql, options),
    stream: (sql, format, options) => of.stream(sql, format, options),
    command: (sql, options) => of.command(sql, options),
    insert: (insert) => of.insert(insert),
    close: async () => undefined,
  };
}

test('a caller who is held to an account gets a report of nothing else', async () => {
  const document = await report(limitedTo(store(), ['s1']), WORLD_NOW, 'key-usage');
  const accounts = document.sections.flatMap(({ rows }) =>
    rows.flatMap(({ account_id: id }) => (id === undefined ? [] : [id])),
  );
  expect([new Set(accounts), accounts.length > 1]).toEqual([new Set(['s1']), true]);
  expect(section(document, 'figures').rows).toMatchObject([{ keys: 1 }]);
});

describe('the identity of a report', () => {
  test('is that of kind, period, parameters and scope, and not of when it is made', async () => {
    const again = await report(store(), new Date(WORLD_NOW.getTime() + 1_000), 'access-review', { owner: DANA });
    const first = await made('access-review', { owner: DANA });
    expect(again.id).toBe(first.id);
    const others = [
      await made('access-review', { owner: 'ben@northwind.example' }),
      await made('access-review'),
      await made('access-review', { owner: DANA, period: '2026-10' }),
      await made('access-review', { owner: DANA, zone: 'Europe/Berlin' }),
      await made('access-review', { owner: DANA, account: 'p1' }),
      await made('access-review', { owner: DANA, parameters: { unused_days: 30 } }),
      await made('key-usage', { owner: DANA }),
    ];
    expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(others.length + 1);
  });
});

describe('a period', () => {
  test('without data gives a document that says so, and how far the data reach', async () => {
    const document = await made('source-ips', { period: '2020-W10' });
    expect(document).toMatchObject({ is_empty: true, totals: { rows: 0, sections_failed: 0 } });
    expect(document.summary).toContain('2026-11-22 11:00');
    const whole = await made('source-ips');
    expect(whole.is_empty).toBe(false);
  });

  test('that still runs is provisional, and is told as of now', async () => {
    const document = await made('hygiene');
    expect(document.period).toMatchObject({
      is_provisional: true,
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-12-01T00:00:00.000Z',
    });
    expect(section(document, 'unused').parameters.now).toBe(WORLD_NOW.toISOString());
    expect(document.coverage.sentence).not.toBe('');
  });

  test('that is over is told as of its end, however late the report is made', async () => {
    const document = await made('hygiene', { period: '2026-09' });
    expect(document.period.is_provisional).toBe(false);
    expect(section(document, 'unused').parameters.now).toBe('2026-10-01T00:00:00.000Z');
    // Only what was known and used by then: the key of the name that was made again later is not there.
    expect(section(document, 'review').rows.map(({ key_id: key }) => key)).not.toContain('late');
  });
});

describe('a question that fails', () => {
  test('fails its section and nothing else', async () => {
    const folder = await temporaryDirectory();
    const front = '/*\ntitle: Broken\nquestion: Does it fail?\ncolumns:\n  owner: nobody\n*/\n';
    await writeFile(
      path.join(folder, 'broken.sql'),
      `${front}SELECT throwIf(number = 0) AS owner FROM numbers(1) ORDER BY owner`,
    );
    const questions = await loadQuestions([QUERIES, folder]);
    const kind = parseReportKind(Buffer.from(KIND), '/mine.yaml', questions);
    const document = await composeReport({ store: store(), questions, now: () => WORLD_NOW }, requestOf(kind));
    expect(document.totals).toMatchObject({ sections: 2, sections_failed: 1 });
    expect(section(document, 'bad')).toMatchObject({ rows: [], error: { code: 'SQL_REFUSED' } });
    expect(section(document, 'good').rows.length).toBeGreaterThan(0);
  });

  test('because the store is away fails the report: it can be made later', async () => {
    const away: Store = {
      ...bound(store()),
      stream: () => {
        throw new Error('connection refused');
      },
    };
    await expect(composeReport(depsOf(away, WORLD_NOW), requestOf('key-usage'))).rejects.toThrow('connection refused');
  });
});

const KIND = `title: Mine
description: Mine.
period: month
summary: good
sections:
  - {id: good, title: Good, question: key-usage, show: table, sentence: "{rows:key}."}
  - {id: bad, title: Bad, question: broken, show: table, sentence: "{rows:row}."}
`;

describe('parameters', () => {
  test.each<readonly [what: string, kind: string, parameters: Wanted['parameters'], code: string]>([
    ['that the kind has not', 'hygiene', { colour: 'blue' }, 'PARAMETER_UNKNOWN'],
    ['that must be given', 'incident', {}, 'PARAMETER_MISSING'],
    ['that are no address', 'incident', { source_ips: ['203.0.113'] }, 'PARAMETER_INVALID'],
    ['that are no number', 'hygiene', { unused_days: 'many' }, 'PARAMETER_INVALID'],
  ])('%s are refused before anything is asked', async (_, kind, parameters, code) => {
    const untouched = { ...bound(store()), rows: () => Promise.reject(new Error('asked')) } as Store;
    await expect(
      composeReport(depsOf(untouched, WORLD_NOW), requestOf(kind, { parameters: parameters ?? {} })),
    ).rejects.toMatchObject({ code, exitCode: 2 });
  });

  test('reach the questions that have them', async () => {
    const document = await made('hygiene', { parameters: { unused_days: 3 } });
    expect(section(document, 'unused').command).toContain('unused_days=3');
    expect(section(document, 'unused').rows.length).toBeGreaterThan(2);
  });
});
