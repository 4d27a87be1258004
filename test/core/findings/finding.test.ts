import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANCHORS } from '../../../schemas/detections.ts';
import { bucketOf, type Found, fingerprintOf, merged, summaryOf } from '../../../src/core/findings/finding.ts';
import { type Suppression, suppressedBy } from '../../../src/core/findings/suppression.ts';

const ms = (text: string): number => Date.parse(text);
const found = (more: Partial<Found>): Found => ({
  ...{ entity: [['key_id', 'orders']], anchorAt: 0, firstSeen: 10, lastSeen: 20, storedUntil: 30, events: 2 },
  ...{ eventIds: ['a'], facts: '{}', summary: 's' },
  ...more,
});

describe('the span of an anchor', () => {
  it.each([
    ['once', '2026-11-23T12:34:56.789Z', '1970-01-01T00:00:00Z'],
    ['hour', '2026-11-23T12:34:56.789Z', '2026-11-23T12:00:00Z'],
    ['day', '2026-11-23T23:59:59.999Z', '2026-11-23T00:00:00Z'],
    ['week', '2026-11-22T23:59:59.999Z', '2026-11-16T00:00:00Z'],
    ['week', '2026-11-23T00:00:00.000Z', '2026-11-23T00:00:00Z'],
    ['month', '2026-11-30T23:59:59.999Z', '2026-11-01T00:00:00Z'],
  ] as const)('%s of %s begins at %s', (anchor, at, begins) => {
    expect(bucketOf(anchor, ms(at))).toBe(ms(begins));
  });

  it('begins at or before its time, and its beginning begins it', () => {
    const times = fc.integer({ min: 0, max: ms('2200-01-01') });
    fc.assert(
      fc.property(fc.constantFrom(...ANCHORS), times, (anchor, at) => {
        const begins = bucketOf(anchor, at);
        expect(begins).toBeLessThanOrEqual(at);
        expect(bucketOf(anchor, begins)).toBe(begins);
      }),
    );
  });
});

it('a fingerprint is of rule, entity and anchor, and of nothing else', () => {
  const of = (rule: string, more: Partial<Found>) => fingerprintOf(rule, found(more));
  expect(of('r', { events: 9, lastSeen: 99 })).toBe(of('r', {}));
  const others = [of('r', {}), of('q', {}), of('r', { anchorAt: 1 }), of('r', { entity: [['key_id', 'builds']] })];
  expect(new Set(others).size).toBe(4);
});

it('rows of one finding are one: the fullest one, over all of their time', () => {
  const rows = [found({ events: 3, firstSeen: 12, eventIds: ['full'] }), found({ firstSeen: 5, lastSeen: 40 })];
  expect(merged(rows)).toMatchObject({ events: 3, eventIds: ['full'], firstSeen: 5, lastSeen: 40 });
});

it('a summary shows what is there, and says where nothing is', () => {
  const values = { a: 'x', b: ['y', 'z'], c: [], d: null, e: 1.23456, f: 7 };
  expect(summaryOf('{a} {b} {c} {d} {e} {f} {g}.', values)).toBe('x y, z (none) (none) 1.23 7 (none).');
});

it('a part of a summary in brackets is told only when all of its columns have a value', () => {
  const template = 'From {ip}[ of {as}][ in {country} ({as})], {n:request} and {m:request}.';
  const told = { ip: '192.0.2.1', as: '', country: 'NL', n: 1, m: 21 };
  expect(summaryOf(template, told)).toBe('From 192.0.2.1, 1 request and 21 requests.');
  const all = 'From 192.0.2.1 of Net in NL (Net), 1 request and 21 requests.';
  expect(summaryOf(template, { ...told, as: 'Net' })).toBe(all);
});

it('what a value holds is no template', () => {
  expect(summaryOf('By {agent}.', { agent: '[{ip}]', ip: 'x' })).toBe('By [{ip}].');
});

describe('a suppression', () => {
  const one: Suppression = { id: 's', rule: '', entity: {}, cidr: '', until: 100 };
  const covers = (more: Partial<Suppression>, entity: Found['entity'] = [['key_id', 'orders']], now = 0) =>
    suppressedBy([{ ...one, ...more }], 'rule', { entity }, now) !== undefined;

  it.each([
    ['its rule', { rule: 'rule' }, true],
    ['another rule', { rule: 'other' }, false],
    ['a pattern', { entity: { key_id: 'ord*' } }, true],
    ['a pattern that is not of the whole text', { entity: { key_id: 'rders' } }, false],
    ['a pattern in which a dot is a dot', { entity: { key_id: 'o.ders' } }, false],
    ['a column that the entity lacks', { entity: { owner: '*' } }, false],
    ['a range, and an entity without an address', { cidr: '0.0.0.0/0' }, false],
  ])('of %s', (_, more, expected) => {
    expect(covers(more)).toBe(expected);
  });

  it('holds until its end, and not at it', () => {
    expect([covers({}, undefined, 99), covers({}, undefined, 100)]).toEqual([true, false]);
  });

  it('of a range holds its first and last address, and none of the other family', () => {
    const of = (address: string) => covers({ cidr: '203.0.113.0/30' }, [['source_ip', address]]);
    expect(['203.0.113.0', '203.0.113.3', '203.0.113.4', '::1'].map(of)).toEqual([true, true, false, false]);
    expect(covers({ cidr: '::/0' }, [['source_ip', '203.0.113.1']])).toBe(false);
  });
});
