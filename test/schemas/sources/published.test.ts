import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EMPTY_FIELDS } from '../../../schemas/audit-event.ts';
import { recogniseSource, SOURCES } from '../../../schemas/sources/index.ts';
import { publishedSchemas } from '../../../schemas/sources/published.ts';
import type { JsonObject } from '../../../schemas/sources/source.ts';
import { errorsOf, validatorOf } from '../../support/published-schema.ts';

const ROOT = join(import.meta.dirname, '../../..');
const fileOf = (source: string) => source.replace('/', '-');

describe('docs/schemas', () => {
  it.each([...publishedSchemas()])(
    '%s is current (npm run build && node scripts/publish-schemas.mjs)',
    (file, text) => {
      expect(readFileSync(join(ROOT, 'docs/schemas', file), 'utf8')).toBe(text);
    },
  );

  it('publishes one for every source', () => {
    const files = readdirSync(join(ROOT, 'docs/schemas'));
    expect(files).toEqual(expect.arrayContaining(SOURCES.map(({ name }) => `${fileOf(name)}.schema.json`)));
  });
});

describe.each(SOURCES.map((source) => [source.name, source] as const))('the page of %s', (name, source) => {
  const page = readFileSync(join(ROOT, 'docs/sources', `${fileOf(name)}.md`), 'utf8');
  const records = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => JSON.parse(json ?? '') as JsonObject);

  it('shows records that its JSON Schema allows and that become events', () => {
    const validate = validatorOf(fileOf(name));
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      expect(errorsOf(validate, record)).toEqual([]);
      expect(recogniseSource(record)).toBe(source);
      expect(source.normalise(record, { accountId: '1001', isTrustedProxy: () => false }).kind).toBe('event');
    }
  });
});

describe('the published schemas', () => {
  it('allow the real records', () => {
    const sample = readFileSync(join(ROOT, 'examples/data/cloudtrail/stratus-detonation-logs.ndjson'), 'utf8');
    const validate = validatorOf('aws-cloudtrail');
    for (const line of sample.trim().split('\n')) expect(errorsOf(validate, JSON.parse(line))).toEqual([]);
  });

  it.each(['id', 'time', 'request'])('refuse a request event without %s', (field) => {
    const record: Record<string, unknown> = { id: 'a', time: '2026-11-20T08:15:00Z', request: {} };
    const validate = validatorOf('gateway-request');
    expect(validate(record)).toBe(true);
    delete record[field];
    expect(validate(record)).toBe(false);
  });

  it('allow an event as the pipeline makes it', () => {
    const event = {
      ...EMPTY_FIELDS,
      source: 'gateway/request',
      eventId: 'a',
      contentHash: '0'.repeat(32),
      schemaVersion: 1,
      timePrecisionMs: 1,
      ingestedAt: 1,
      ...{ asn: 0, asName: '', country: '', city: '', latitude: null, longitude: null, networkEdition: '' },
      ...{ stream: 's', streamPartition: 0, streamOffset: 0, recordIndex: 0 },
      blockId: '11111111-2222-4333-8444-555555555555',
      raw: '{}',
    };
    expect(errorsOf(validatorOf('audit-event'), event)).toEqual([]);
  });
});
