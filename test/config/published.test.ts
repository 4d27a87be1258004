import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configFileSchema } from '../../schemas/config.ts';
import { configJsonSchema, configMarkdown, describeConfig } from '../../src/config/describe.ts';
import { parseConfig } from '../../src/config/file.ts';
import { OTHER_VARIABLES } from '../../src/config/settings.ts';

const SCHEMA = new URL('../../docs/schemas/config.schema.json', import.meta.url);
const GUIDE = new URL('../../docs/configuration.md', import.meta.url);
const TABLE = /(<!-- settings:begin[^\n]*-->\n)[\s\S]*?(<!-- settings:end -->)/;

/**
 * Compares a published file with what the code says now; UPDATE_GOLDEN=1 rewrites it instead, and never where CI is
 * set.
 */
async function published(file: URL, current: string): Promise<void> {
  if (process.env.UPDATE_GOLDEN === '1' && !process.env.CI) await writeFile(file, current);
  expect(await readFile(file, 'utf8')).toBe(current);
}

test('the published JSON Schema is that of the program', () =>
  published(SCHEMA, `${JSON.stringify(configJsonSchema(), null, 2)}\n`));

test('docs/configuration.md lists every setting and variable as it is', async () => {
  const guide = await readFile(GUIDE, 'utf8');
  expect(guide).toMatch(TABLE);
  await published(
    GUIDE,
    guide.replace(TABLE, (_, begin, end) => `${begin}${configMarkdown()}\n${end}`),
  );
});

test('every setting has a meaning, and no two share a variable', () => {
  const settings = describeConfig();
  expect(settings.filter((one) => one.description.length < 4)).toEqual([]);
  expect(new Set(settings.map((one) => one.variable)).size).toBe(settings.length);
});

test('every variable that the program reads is documented, or no setting', async () => {
  const known = new Set([...OTHER_VARIABLES, ...describeConfig().map((one) => one.variable)]);
  const root = fileURLToPath(new URL('../../src/', import.meta.url));
  for (const file of await glob('**/*.ts', { cwd: root })) {
    const read = [...(await readFile(`${root}${file}`, 'utf8')).matchAll(/KEYTRAIL_[A-Z_]*[A-Z]/g)].map(
      (match) => match[0],
    );
    expect(
      read.filter((name) => !known.has(name)),
      file,
    ).toEqual([]);
  }
});

test('the example of docs/configuration.md loads, and the published schema agrees', async () => {
  const examples = [...(await readFile(GUIDE, 'utf8')).matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    (match) => match[1] ?? '',
  );
  expect(examples).not.toEqual([]);
  const validate = new Ajv2020({ strict: true, validateFormats: false }).compile(configJsonSchema());
  for (const example of examples) {
    parseConfig(Buffer.from(example), 'the example');
    expect(validate(parse(example)), JSON.stringify(validate.errors)).toBe(true);
  }
});

test('what the published schema refuses, the program refuses', () => {
  const validate = new Ajv2020({ strict: true, validateFormats: false }).compile(configJsonSchema());
  for (const value of [
    { a: 1 },
    { log_level: 'loud' },
    { block: { rows_max: 0 } },
    { retention: { x: 1 } },
    { kafka: { topics: [{}] } },
  ]) {
    expect(validate(value)).toBe(false);
    expect(configFileSchema.safeParse(value).success).toBe(false);
  }
});
