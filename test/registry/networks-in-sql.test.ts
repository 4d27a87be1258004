/** Which network holds an address at a time: the longest prefix that somebody named, of the address's own family. */
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../examples/random.ts';
import { addressText, type Cidr, parseCidr } from '../../schemas/fields/cidr.ts';
import { RESERVED_RANGES } from '../../schemas/fields/reserved-ranges.ts';
import type { Store } from '../../src/store/store.ts';
import { eventRow, insertEvents } from '../ask/fixture.ts';
import { temporaryStore } from '../support/store.ts';
import { importText } from './import-text.ts';

interface Named {
  readonly network: string;
  readonly cidr: Cidr;
  readonly from: number;
  readonly to: number;
}

const random = seededRandom(20_261_126);
const DAY = (number: number) => Date.UTC(2026, 0, 1 + number);
const AT = DAY(50);

function cidrOf(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed.kind === 'invalid') throw new Error(`${text}: ${parsed.expected}`);
  return parsed;
}

/** Nested ranges of both families, each of a network of its own; some of them not at the time of the events. */
function networks(): Named[] {
  const texts = new Map<string, Cidr>();
  const bases = [
    '11.0.0.0',
    '11.20.0.0',
    '11.20.30.0',
    '203.0.113.0',
    '2400:1::',
    '2400:1:2::',
    '2400:1:2:3::',
    '4000::',
  ];
  for (let number = 0; number < 160; number += 1) {
    const base = bases[random.below(bases.length)] ?? '';
    const cidr = cidrOf(`${base}/${base.includes('.') ? 8 + random.below(25) : random.below(129)}`);
    texts.set(cidr.text, cidr);
  }
  return [...texts.values()].map((cidr, number) => {
    const ended = random.chance(0.3);
    const begun = random.chance(0.8);
    return {
      network: `n${number}`,
      cidr,
      from: begun ? DAY(0) : DAY(80),
      to: ended && begun ? DAY(40) : Number.POSITIVE_INFINITY,
    };
  });
}

const NAMED = networks();

function expectedNetwork(address: bigint, isIpv4: boolean, at: number): string | undefined {
  return NAMED.filter(
    ({ cidr, from, to }) =>
      cidr.isIpv4 === isIpv4 && address >= cidr.first && address <= cidr.last && from <= at && at < to,
  ).sort((one, other) => other.cidr.bits - one.cidr.bits)[0]?.network;
}

/** As the fixture writes an address; the absent one is no text. */
const storedText = (address: bigint) => (MAPPED(address) ? `::ffff:${addressText(address)}` : addressText(address));
const MAPPED = (address: bigint) => address >> 32n === 0xffffn;
const addresses = [
  ...new Set(NAMED.flatMap(({ cidr: { first, last } }) => [first - 1n, first, last, last + 1n])),
].filter((address) => address > 0n && address >> 128n === 0n);

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
  const entries = NAMED.map(({ network, cidr, from, to }) => {
    const until = Number.isFinite(to) ? `, valid_to: ${new Date(to).toISOString()}` : '';
    const since = `valid_from: ${new Date(from).toISOString()}${until}`;
    return `- {network: ${network}, kind: office, cidrs: ["${cidr.text}"], ${since}}`;
  });
  await importText(store, 'networks.yaml', `networks:\n${entries.join('\n')}\n`);
  await insertEvents(
    store,
    addresses.flatMap((address, index) =>
      [AT, DAY(100)].map((at, which) =>
        eventRow({
          ...{ event_id: `e${index}-${which}`, content_hash: (index * 2 + which).toString(16).padStart(32, '0') },
          event_time: new Date(at).toISOString(),
          source_ip: storedText(address),
        }),
      ),
    ),
  );
});

describe('the network of an event', () => {
  it('is the longest prefix of the family of its address that held at its time, at every edge of every range', async () => {
    const rows = await store.rows<{ event_id: string; network: string; network_kind: string }>(
      "SELECT event_id, network, network_kind FROM activity WHERE network_kind != 'reserved' AND network != ''",
    );
    const found = new Map(rows.map(({ event_id, network }) => [event_id, network]));
    const expected = new Map(
      addresses.flatMap((address, index) =>
        [AT, DAY(100)].flatMap((at, which) => {
          const network = expectedNetwork(address, MAPPED(address), at);
          return network === undefined ? [] : [[`e${index}-${which}`, network] as const];
        }),
      ),
    );
    expect(expected.size).toBeGreaterThan(300);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  it('is a reserved range where nobody named one, and nothing where there is no address', async () => {
    const ranges = RESERVED_RANGES.map(({ cidr, name }) => ({ ...cidrOf(cidr), name }));
    const edges = [...new Set(ranges.flatMap(({ first, last }) => [first - 1n, first, last, last + 1n]))].filter(
      (address) => address > 0n && address >> 128n === 0n,
    );
    await insertEvents(
      store,
      [0n, ...edges].map((address, index) =>
        eventRow({
          ...{ event_id: `r${index}`, content_hash: (100_000 + index).toString(16).padStart(32, '0') },
          ...{ event_time: new Date(AT).toISOString(), source_ip: storedText(address) },
        }),
      ),
    );
    const rows = await store.rows<{ event_id: string; network: string; network_kind: string }>(
      `SELECT event_id, network, network_kind FROM activity
       WHERE startsWith(event_id, 'r') AND network_kind IN ('', 'reserved') ORDER BY toUInt32(substring(event_id, 2))`,
    );
    const named = [0n, ...edges].map(
      (address) => expectedNetwork(address, MAPPED(address), AT) !== undefined && address > 0n,
    );
    const expected = [0n, ...edges].flatMap((address, index) => {
      if (named[index]) return [];
      const range = ranges
        .filter(
          ({ first, last, isIpv4 }) =>
            isIpv4 === MAPPED(address) && address >= first && address <= last && address > 0n,
        )
        .sort((one, other) => other.bits - one.bits)[0];
      return [
        { event_id: `r${index}`, network: range?.name ?? '', network_kind: range === undefined ? '' : 'reserved' },
      ];
    });
    expect(expected.length).toBeGreaterThan(40);
    expect(rows).toEqual(expected);
  });

  it('that somebody named wins over a reserved range, however short its prefix', async () => {
    await importText(
      store,
      'networks.yaml',
      'networks: [{network: everything, kind: vpn, cidrs: [8.0.0.0/5], valid_from: 2026-01-01}]',
    );
    const rows = await store.rows("SELECT DISTINCT network FROM activity WHERE source_ip = toIPv6('10.0.0.0')");
    expect(rows).toEqual([{ network: 'everything' }]);
  });
});
