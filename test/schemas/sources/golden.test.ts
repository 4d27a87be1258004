/**
 * Golden cases: a record beside what it becomes. `UPDATE_GOLDEN=1 npx vitest run test/schemas/sources/golden` writes
 * them anew.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventFieldsSchema } from '../../../schemas/audit-event.ts';
import { createTrustedProxies } from '../../../schemas/fields/cidr.ts';
import { recogniseSource, SOURCES } from '../../../schemas/sources/index.ts';
import type { JsonObject, NormaliseContext } from '../../../schemas/sources/source.ts';

const FOLDER = join(import.meta.dirname, '../../golden/sources');
const updating = process.env.UPDATE_GOLDEN === '1';

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

function contextOf(folder: string): NormaliseContext {
  const path = join(folder, 'context.json');
  const given = existsSync(path) ? read<{ accountId: string; trustedProxies?: string[] }>(path) : { accountId: '' };
  const proxies = createTrustedProxies(given.trustedProxies ?? []);
  if (proxies.kind === 'invalid') throw new Error(`${path}: ${proxies.cidr}`);
  return { accountId: given.accountId, isTrustedProxy: proxies.isTrusted };
}

it('golden files are never written where nobody looks at them', () => {
  expect(updating && process.env.CI !== undefined).toBe(false);
});

for (const source of SOURCES) {
  describe(`${source.name}: the same record always becomes the same fields`, () => {
    const cases = readdirSync(join(FOLDER, source.name)).sort();
    it('has its cases', () => expect(cases.length).toBeGreaterThan(10));

    it.each(cases)('%s', (name) => {
      const folder = join(FOLDER, source.name, name);
      const record = read<JsonObject>(join(folder, 'record.json'));
      const normalised = source.normalise(record, contextOf(folder));
      const expected = join(folder, 'event.json');
      if (updating) writeFileSync(expected, `${JSON.stringify(normalised, null, 2)}\n`);
      expect(normalised).toEqual(read(expected));
      if (normalised.kind === 'event') expect(eventFieldsSchema.parse(normalised.fields)).toEqual(normalised.fields);
    });

    it.each(cases)('%s is recognised as no other source', (name) => {
      const record = read<JsonObject>(join(FOLDER, source.name, name, 'record.json'));
      expect(
        SOURCES.filter((other) => other !== source && other.recognises(record)).map((other) => other.name),
      ).toEqual([]);
      expect([source, undefined]).toContain(recogniseSource(record));
    });
  });
}
