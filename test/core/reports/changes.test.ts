import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf } from '../../../src/core/reports/changes.ts';
import { coverageSentence } from '../../../src/core/reports/coverage.ts';
import { labelOf, shellQuoted } from '../../../src/core/reports/labels.ts';
import { sentenceFrom } from '../../../src/core/reports/sentences.ts';
import { plural } from '../../../src/core/words.ts';

const rows = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), requests: fc.nat(99) }), { maxLength: 8 });
const compared = {
  by: ['key'],
  of: [{ name: 'requests', unit: 'requests' }],
  ...{ noun: 'key', before: '2026-10', isProvisional: false, goneRowsMax: 3 },
};

describe('what changed', () => {
  it('says of each row whether its thing was there before, and what it had', () => {
    fc.assert(
      fc.property(rows, rows, (now, before) => {
        const changes = changesOf(now, before, compared);
        const sum = (of: typeof now) => of.reduce((total, row) => total + row.requests, 0);
        expect(changes.deltas).toMatchObject([{ now: sum(now), before: sum(before) }]);
        for (const [at, row] of now.entries()) {
          const same = before.filter(({ key }) => key === row.key);
          expect(changes.before[at]).toEqual(same.length === 0 ? null : { requests: sum(same) });
        }
        const gone = before.filter(({ key }) => now.every((row) => row.key !== key));
        expect(changes.gone).toEqual(gone.slice(0, compared.goneRowsMax));
        expect([changes.new_total, changes.gone_total]).toEqual([
          changes.before.filter((one) => one === null).length,
          gone.length,
        ]);
      }),
    );
  });

  it('compares nothing to everything: what was not there has no direction', () => {
    expect(changesOf([{ key: 'a', requests: 3 }], [], compared).deltas).toMatchObject([{ direction: 'up' }]);
    expect(changesOf([], [], compared)).toMatchObject({ new_total: 0, gone_total: 0, deltas: [{ direction: 'same' }] });
  });
});

describe('a sentence', () => {
  const told = {
    rows: [
      { key: 'ci', requests: 1_200, proposal: 'keep' },
      { key: 'cd', requests: 0, proposal: 'no-owner-role' },
    ],
    rowsTotal: 2,
    numbers: ['requests'],
    texts: ['key', 'proposal'],
    changes: null,
  };

  it('names the first row, sums, and counts of words', () => {
    expect(sentenceFrom('{key} {requests} {rows:key} {sum_requests:request} {count_proposal_keep:key}', told)).toBe(
      'ci 1,200 2 keys 1,200 requests 1 key',
    );
    expect(
      sentenceFrom('{rows:key}[, {count_proposal_no_owner_role} of nobody][, {count_proposal_delete} gone]', told),
    ).toBe('2 keys, 1 of nobody');
  });

  it('leaves out what is nothing', () => {
    const none = { ...told, rows: [{ key: 'ci', requests: 0, proposal: '' }], rowsTotal: 1 };
    expect(sentenceFrom('{rows:key}[, {some_requests:request}][, {new} new].', none)).toBe('1 key.');
  });

  it.each([
    ['request', 'requests'],
    ['address', 'addresses'],
    ['country', 'countries'],
    ['key', 'keys'],
    ['day', 'days'],
  ])('has one %s, and several %s', (one, several) => expect(plural(one)).toBe(several));
});

describe('the coverage of a period', () => {
  const whole = {
    ...{
      data_until: '2026-11-02T00:00:00.000Z',
      stored_until: null,
      late_events: 0,
      dead_letters: 0,
      gaps: 0,
      conflicts: 0,
    },
  };
  const END = Date.UTC(2026, 10, 1);
  it('tells each doubt, and what could not be counted', () => {
    const doubtful = coverageSentence({ ...whole, gaps: 1, dead_letters: 2, conflicts: null }, END);
    expect(doubtful).toMatch(/1 gap .*2 records .*conflicts/);
    expect(coverageSentence(whole, END)).not.toMatch(/\d/);
    expect(coverageSentence({ ...whole, data_until: '2026-10-31T21:00:00.000Z' }, END)).toContain('2026-10-31 21:00');
  });
});

it('a word of a command is one word of a shell', () => {
  expect(shellQuoted('owner=ada@x.example')).toBe('owner=ada@x.example');
  expect(shellQuoted("a b'c;$(rm)")).toBe("'a b'\\''c;$(rm)'");
});

it('a column has a heading that people read', () => {
  expect(['first_seen', 'source_ip', 'days_unused', 'asn'].map(labelOf)).toEqual([
    'First seen',
    'Address',
    'Days unused',
    'ASN',
  ]);
});
