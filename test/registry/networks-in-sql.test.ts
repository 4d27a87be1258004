/** Which network holds an address at a time: the longest prefix that somebody named, of the address's own family. */
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../examples/random.ts';
import { addressText, type Cidr, parseCidr } from '../../schemas/fields/cidr.ts';
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
  const bases = ['11.0.0.0', '11.20.0.0', '11.20.30.0', '203.0.113.0', '2400:1::', '2400:1:2::', '2400:1:2:3::', '::'];
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

const MAPPED = (address: bigint) => address >> 32n === 0xffffn;
const addresses = [
  ...new Set(NAMED.flatMap(({ cidr: { first, last } }) => [first - 1n, first, last, last + 1n])),
].filter((address) => address > 0n && address >> 128n === 0n);

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
  const entries = NAMED.map(({ network, cidr, from, to }) => {
    const until = Number.isFinite(to) ? `, valid_to: ${new Date(to).toISOString()}` : '';
    return `- {network: ${network}, kind: office, cidrs: ["${cidr.text}"], valid_from: ${new Date(from).toISOString()}${until}}`;
  });
  await importText(store, 'networks.yaml', `networks:\n${entries.join('\n')}\n`);
  await insertEvents(
    store,
    addresses.flatMap((address, index) =>
      [AT, DAY(100)].map((at, which) =>
        eventRow({
          ...{ event_id: `e${index}-${which}`, content_hash: (index * 2 + which).toString(16).padStart(32, '0') },
          event_time: new Date(at).toISOString(),
          source_ip: MAPPED(address) ? `::ffff:${addressText(address)}` : addressText(address),
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
    const other = (await temporaryStoreRow(['10.1.2.3', '172.16.0.1', '192.168.255.255', ''])) as {
      ip: string;
      network: string;
    }[];
    expect(other).toEqual([
      { ip: '', network: '', kind: '' },
      { ip: '10.1.2.3', network: 'private', kind: 'reserved' },
      { ip: '172.16.0.1', network: 'private', kind: 'reserved' },
      { ip: '192.168.255.255', network: 'private', kind: 'reserved' },
    ]);
  });

  it('that somebody named wins over a reserved range, however short its prefix', async () => {
    await importText(
      store,
      'networks.yaml',
      'networks: [{network: everything, kind: vpn, cidrs: [10.0.0.0/7], valid_from: 2026-01-01}]',
    );
    const rows = await store.rows("SELECT DISTINCT network FROM activity WHERE source_ip = toIPv6('10.1.2.3')");
    expect(rows).toEqual([{ network: 'everything' }]);
  });
});

async function temporaryStoreRow(ips: readonly string[]): Promise<unknown[]> {
  await insertEvents(
    store,
    ips.map((ip, index) =>
      eventRow({
        ...{ event_id: `r${index}`, content_hash: (100_000 + index).toString(16).padStart(32, '0') },
        source_ip: ip === '' ? '' : `::ffff:${ip}`,
      }),
    ),
  );
  return store.rows(
    `SELECT if(source_ip = toIPv6('::'), '', replaceOne(toString(source_ip), '::ffff:', '')) AS ip, network, network_kind AS kind
     FROM activity WHERE startsWith(event_id, 'r') ORDER BY ip`,
  );
}
