import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kindNamed, loadReportKinds, parseReportKind } from '../../src/report/kinds.ts';
import { errorsOf, validatorOf } from '../support/published-schema.ts';
import { temporaryDirectory } from '../support/store.ts';
import { KINDS, KINDS_FOLDER, QUESTIONS } from './support.ts';

const WHOLE = `title: Mine
description: A kind of a person's own.
period: month
summary: keys
sections:
  - id: keys
    title: Keys
    question: key-usage
    show: table
    columns: [key_id, requests]
    compare: {by: [account_id, key_id], of: [requests], noun: key}
    sentence: "{rows:key}[, {new} new][, {count_app_builds:build}]."
`;

/** @returns code and `file:line` of the refusal */
function refusal(text: string, file = 'mine.yaml'): string {
  try {
    parseReportKind(Buffer.from(text), `/kinds/${file}`, QUESTIONS);
    return 'none';
  } catch (error) {
    const { code, message } = error as { readonly code: string; readonly message: string };
    return `${code} ${/^(\S+)/.exec(message)?.[1]}`;
  }
}

describe('the shipped kinds', () => {
  test('are those that owners and auditors ask for, each for its period', () => {
    expect(Object.fromEntries(KINDS.map(({ id, period }) => [id, period]))).toEqual({
      'access-review': 'quarter',
      'app-usage': 'month',
      completeness: 'month',
      hygiene: 'month',
      incident: 'month',
      'key-usage': 'week',
      'source-ips': 'week',
    });
  });

  test('are what the published schema says', () => {
    const validate = validatorOf('report-kind');
    for (const { id, file } of KINDS) expect(errorsOf(validate, parse(readFileSync(file, 'utf8'))), id).toEqual([]);
    expect(validate({ title: 'no sections' })).toBe(false);
  });

  test('say of each section without rows what that means', () => {
    const silent = KINDS.flatMap(({ id, sections }) =>
      sections.filter(({ empty }) => empty === undefined).map((section) => `${id} ${section.id}`),
    );
    expect(silent).toEqual([]);
  });
});

describe('a kind of a person’s own', () => {
  test('stands beside the shipped ones', async () => {
    const folder = await temporaryDirectory();
    await writeFile(path.join(folder, 'mine.yaml'), WHOLE);
    const kinds = await loadReportKinds([KINDS_FOLDER, folder], QUESTIONS);
    expect(kindNamed(kinds, 'mine').sections[0]?.question).toBe('key-usage');
    expect(() => kindNamed(kinds, 'yours')).toThrow(
      expect.objectContaining({ code: 'REPORT_KIND_UNKNOWN', exitCode: 2 }),
    );
  });

  test.each<readonly [what: string, text: string, place: string]>([
    ['an unknown field', WHOLE.replace('period: month', 'period: month\nperoid: week'), '4'],
    ['an unknown field of a section', WHOLE.replace('show: table', 'show: table\n    colums: [key_id]'), '10'],
    ['a period that there is not', WHOLE.replace('month', 'fortnight'), '3'],
    ['a question that there is not', WHOLE.replace('key-usage', 'key-usages'), '8'],
    ['a detection', WHOLE.replace('key-usage', 'secret-in-log'), '8'],
    ['a column that the question has not', WHOLE.replace('[key_id, requests]', '[key, requests]'), '10'],
    ['a compared column that it has not', WHOLE.replace('of: [requests]', 'of: [clicks]'), '11'],
    ['a sentence that names what there is not', WHOLE.replace('{rows:key}', '{row:key}'), '12'],
    ['a sum of what there is not', WHOLE.replace('{new}', '{sum_clicks}'), '12'],
    ['a drawing of nothing', WHOLE.replace('show: table', 'show: series'), '9'],
    [
      'a parameter that the question has not',
      WHOLE.replace('show: table', 'show: table\n    parameters: {days: 3}'),
      '10',
    ],
    ['a parameter that no question has', `${WHOLE}parameters:\n  days: {default: 3, description: days}\n`, '14'],
    ['a summary of a section that there is not', WHOLE.replace('summary: keys', 'summary: kees'), '4'],
    ['two sections of one name', WHOLE + WHOLE.slice(WHOLE.indexOf('  - id')), '13'],
    ['no YAML', WHOLE.replace('sections:', 'sections: ['), '6'],
  ])('with %s is refused, with its line', (_, text, line) => {
    const found = refusal(text);
    expect(found).toMatch(/^REPORT_KIND_INVALID \/kinds\/mine\.yaml:/);
    expect(found.split(':').at(-1)).toBe(line);
  });

  test('is whole without a fault, and refused for a name that is none, or for too much', () => {
    expect(refusal(WHOLE)).toBe('none');
    expect(refusal(WHOLE, 'My Kind.yaml')).toMatch(/^REPORT_KIND_INVALID/);
    expect(refusal(`${WHOLE}#${' '.repeat(262_144)}`)).toMatch(/^REPORT_KIND_INVALID/);
    expect(refusal('')).toMatch(/^REPORT_KIND_INVALID/);
  });

  test('that has the name of another is refused, and so is a folder that is not there', async () => {
    const folder = await temporaryDirectory();
    await mkdir(path.join(folder, 'kinds'));
    await writeFile(path.join(folder, 'kinds', 'key-usage.yaml'), WHOLE);
    await expect(loadReportKinds([KINDS_FOLDER, path.join(folder, 'kinds')], QUESTIONS)).rejects.toMatchObject({
      code: 'REPORT_KIND_DUPLICATE',
    });
    await expect(loadReportKinds([path.join(folder, 'none')], QUESTIONS)).rejects.toMatchObject({
      code: 'REPORT_KINDS_UNREADABLE',
    });
  });
});
