import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CaseFinding, casesOf } from '../../../src/core/findings/cases.ts';

const finding = (fingerprint: string, first_ms: number, more: Partial<CaseFinding> = {}): CaseFinding => ({
  ...{ fingerprint, account_id: 'a1', key_id: '', address: '', first_ms, last_ms: first_ms },
  ...more,
});
const members = (findings: readonly CaseFinding[], within = 10) =>
  casesOf(findings, within).map((one) => one.findings.map(({ fingerprint }) => fingerprint));

describe('a case', () => {
  it('joins findings of a key, and those of an address of one of them', () => {
    const one = finding('a', 0, { key_id: 'k', address: '192.0.2.1' });
    const two = finding('b', 5, { address: '192.0.2.1' });
    const other = finding('c', 5, { key_id: 'l', address: '192.0.2.2' });
    expect(members([other, two, one])).toEqual([['a', 'b'], ['c']]);
  });

  it('joins two cases when a finding shares something with both', () => {
    const both = finding('c', 2, { key_id: 'k', address: '192.0.2.1' });
    expect(members([finding('a', 0, { key_id: 'k' }), finding('b', 1, { address: '192.0.2.1' }), both])).toEqual([
      ['a', 'b', 'c'],
    ]);
  });

  it('ends after the time in which nothing more came, and not a moment before', () => {
    const long = finding('a', 0, { key_id: 'k', last_ms: 7 });
    expect(members([long, finding('b', 17, { key_id: 'k' })])).toEqual([['a', 'b']]);
    expect(members([long, finding('b', 18, { key_id: 'k' })])).toEqual([['a'], ['b']]);
  });

  it('does not join keys of one name in two accounts, nor findings without either', () => {
    const keys = [finding('a', 0, { key_id: 'k' }), finding('b', 0, { key_id: 'k', account_id: 'a2' })];
    expect(members([...keys, finding('c', 0), finding('d', 0)])).toHaveLength(4);
  });

  it('keeps its id when more of it comes later', () => {
    const some = [finding('aaaaaaaaaaaa', 0, { key_id: 'k' }), finding('bbbbbbbbbbbb', 3, { key_id: 'k' })];
    expect(casesOf(some.slice(0, 1), 10)[0]?.id).toBe('aaaaaaaa');
    expect(casesOf(some, 10)[0]?.id).toBe('aaaaaaaa');
  });

  it('holds each finding once, whatever order they came in', () => {
    const one = fc.record({
      fingerprint: fc.uuid(),
      account_id: fc.constant('a1'),
      key_id: fc.constantFrom('', 'k', 'l'),
      address: fc.constantFrom('', '192.0.2.1', '192.0.2.2'),
      first_ms: fc.integer({ min: 0, max: 100 }),
      last_ms: fc.constant(0),
    });
    const all = fc.uniqueArray(one, { selector: ({ fingerprint }) => fingerprint, maxLength: 20 });
    fc.assert(
      fc.property(all, (findings) => {
        const some = findings.map((of) => ({ ...of, last_ms: of.first_ms }));
        const told = members(some);
        expect(told.flat().toSorted()).toEqual(some.map(({ fingerprint }) => fingerprint).toSorted());
        expect(members(some.toReversed())).toEqual(told);
      }),
    );
  });
});
