import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesOf, tightList } from '../../console/src/pages/entities/allow-list-use.ts';
import { changesOf, lastChange, versionsOf } from '../../console/src/pages/entities/registry-keys.ts';
import { parseCidr } from '../../schemas/fields/cidr.ts';

describe('a list that is proposed', () => {
  test('holds every address that was used, whatever they are', () => {
    const addresses = fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 40 });
    fc.assert(
      fc.property(addresses, (used) => {
        const ranges = tightList(used).map(parseCidr);
        for (const address of used) {
          const one = parseCidr(address);
          if (one.kind !== 'cidr') continue;
          const isHeld = ranges.some(
            (range) => range.kind === 'cidr' && range.first <= one.first && one.last <= range.last,
          );
          expect(isHeld, address).toBe(true);
        }
      }),
    );
  });

  test('names addresses one by one, until eight of them are neighbours', () => {
    const neighbours = (count: number) => Array.from({ length: count }, (_, at) => `203.0.113.${at + 1}`);
    expect(tightList(neighbours(7))).toHaveLength(7);
    expect(tightList([...neighbours(8), '198.51.100.9'])).toEqual(['198.51.100.9/32', '203.0.113.0/24']);
    const six = Array.from({ length: 8 }, (_, at) => `2001:db8:5:1::${at}`);
    expect(tightList(six)).toEqual(['2001:db8:5:1::/64']);
    expect(tightList([])).toEqual([]);
  });

  test('keeps what is used to its edges, narrows what could be narrower, and leaves out what is not used', () => {
    const list = ['10.0.0.0/8', '192.0.2.0/24', '198.51.100.4/32'];
    const rows = [
      { entry: '10.0.0.0/8', suggestion: 'narrow', tightest: '10.1.0.0/24', requests: 5, source_ips: 2 },
      { entry: '192.0.2.0/24', suggestion: 'remove', tightest: '', requests: 0, source_ips: 0 },
    ];
    expect(entriesOf(list, rows).map(({ next }) => next)).toEqual([['10.1.0.0/24'], [], ['198.51.100.4/32']]);
  });
});

describe('the history of a key', () => {
  const version = (valid_from: string, valid_to: string | null, more: Record<string, unknown> = {}) => ({
    ...{ account_id: 'a', key_number: 1, valid_from, valid_to, state: 'active', owner: 'x', app: '', purpose: '' },
    ...{ created_at: null, allow_list_state: 'none', allow_list: [], precision_ms: 1, recorded_at: valid_from },
    ...{ origin: 'file', ...more },
  });
  const MARCH = '2026-03-01T00:00:00.000Z';
  const APRIL = '2026-04-01T00:00:00.000Z';
  const MAY = '2026-05-01T00:00:00.000Z';

  test('tells the last change of what is valid now, and passes over what only said the same again', () => {
    const rows = [version(MARCH, APRIL, { owner: 'w' }), version(APRIL, MAY), version(MAY, null)];
    expect(lastChange(versionsOf({ columns: [], rows }))).toEqual({
      at: APRIL,
      changes: [{ field: 'owner', from: 'w', to: 'x' }],
    });
    expect(lastChange(versionsOf({ columns: [], rows: rows.slice(1) }))).toBeUndefined();
  });

  test('tells a list that is empty from one that is not there', () => {
    const [none, empty] = versionsOf({
      columns: [],
      rows: [version(MARCH, APRIL), version(APRIL, null, { allow_list_state: 'defined' })],
    });
    if (none === undefined || empty === undefined) throw new Error('there are two');
    expect(changesOf(empty, none)).toHaveLength(1);
    expect(changesOf(empty, empty)).toEqual([]);
  });
});
