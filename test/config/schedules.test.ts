import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keytrail-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(yaml: string, env: Record<string, string> = {}) {
  await writeFile(join(folder, 'keytrail.yaml'), yaml);
  return (await loadConfig({ env, cwd: folder })).reports;
}

const CHANNELS = 'alerts: {channels: {out: {type: stdout}, page: {type: pagerduty}}}\n';
const file = (...schedules: string[]) =>
  `${CHANNELS}reports:\n  schedules:\n${schedules.map((one) => `    - ${one}\n`).join('')}`;
const GOOD = '{name: weekly, kind: key-usage, at: "monday 07:00", channels: [out]}';

test('schedules are read with their places', async () => {
  const { schedules, baseUrl } = await load(`${file(GOOD)}  base_url: https://audit.example/\n`);
  expect(schedules).toMatchObject([{ name: 'weekly', kind: 'key-usage', channels: ['out'] }]);
  expect(schedules[0]?.place).toMatch(/keytrail\.yaml, line 4$/);
  expect(baseUrl).toBe('https://audit.example');
});

test('those of a variable replace those of the file', async () => {
  const { schedules } = await load(file(GOOD), {
    KEYTRAIL_REPORTS_SCHEDULES: '[{"name": "other", "kind": "hygiene", "at": "monthly 07:00", "channels": ["out"]}]',
  });
  expect(schedules.map(({ name, place }) => [name, place])).toEqual([['other', 'KEYTRAIL_REPORTS_SCHEDULES, entry 1']]);
});

test('the example of docs/reports.md loads', async () => {
  const guide = await readFile(new URL('../../docs/reports.md', import.meta.url), 'utf8');
  const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const example = examples.find((one) => one.includes('schedules:')) ?? '';
  expect((await load(example)).schedules.length).toBeGreaterThan(1);
});

describe('refused, with its line', () => {
  const changed = (from: string, to: string) => file(GOOD, GOOD.replace('weekly', 'second').replace(from, to));
  test.each([
    ['two of one name', file(GOOD, GOOD), 'SCHEDULE_INVALID', 5],
    ['a zone that is none', changed('kind:', 'zone: Europe/Atlantis, kind:'), 'SCHEDULE_INVALID', 5],
    ['a time that is none', changed('monday 07:00', 'monday 25:00'), 'SCHEDULE_INVALID', 5],
    ['a pattern with seconds', changed('monday 07:00', '0 0 7 * * 1'), 'SCHEDULE_INVALID', 5],
    ['a time that never comes', changed('monday 07:00', '0 7 30 2 *'), 'SCHEDULE_INVALID', 5],
    ['a channel that there is not', changed('[out]', '[out, nowhere]'), 'SCHEDULE_INVALID', 5],
    ['a channel that wakes people', changed('[out]', '[page]'), 'SCHEDULE_INVALID', 5],
    ['recipients of nobody', changed('kind:', 'recipients: {a@b.c: [a@b.c]}, kind:'), 'SCHEDULE_INVALID', 5],
    ['an unknown field', changed('kind:', 'often: true, kind:'), 'CONFIG_INVALID', 5],
    ['no channel', changed('[out]', '[]'), 'CONFIG_INVALID', 5],
    ['a format that there is not', changed('kind:', 'formats: [docx], kind:'), 'CONFIG_INVALID', 5],
    ['a recipient with a line break', changed('kind:', 'recipients: {a: ["a@b\\nc"]}, kind:'), 'CONFIG_INVALID', 5],
    ['a name that is none', changed('second', 'Se cond'), 'CONFIG_INVALID', 5],
  ])('%s', async (_, yaml, code, line) => {
    const error = (await load(yaml).catch((cause: unknown) => cause)) as Error & { code?: string };
    expect(error.code, error.message).toBe(code);
    expect(error.message).toContain(`keytrail.yaml, line ${line}`);
  });
});
