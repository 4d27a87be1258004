import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  addressNumber,
  addressText,
  type Cidr,
  createTrustedProxies,
  parseCidr,
  piecesOf,
} from '../../../schemas/fields/cidr.ts';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.expected);
  return parsed;
}

const pieces = (text: string) => piecesOf(cidr(text)).map(({ first, last }) => [written(first), written(last)]);
const written = (address: bigint) => addressText(address) || '::';
const holds = (text: string, ip: string) => {
  const address = addressNumber(ip);
  return piecesOf(cidr(text)).some(({ first, last }) => address >= first && address <= last);
};

const ipv4 = fc.tuple(...([0, 1, 2, 3] as const).map(() => fc.nat(255))).map((octets) => octets.join('.'));
const ipv6 = fc
  .tuple(...Array.from({ length: 8 }, () => fc.nat(0xffff)))
  .map((groups) => ipaddr.parse(groups.map((group) => group.toString(16)).join(':')).toString());

describe('a range of addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8', 104, true],
    ['10.0.0.0/32', '10.0.0.0/32', 128, true],
    ['203.0.113.7', '203.0.113.7/32', 128, true],
    ['0.0.0.0/0', '0.0.0.0/0', 96, true],
    ['10.1.2.3/8', '10.0.0.0/8', 104, true],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8', 104, true],
    ['::ffff:0:0/96', '0.0.0.0/0', 96, true],
    ['::ffff:10.1.2.3', '10.1.2.3/32', 128, true],
    ['2001:db8::/32', '2001:db8::/32', 32, false],
    ['2001:DB8::1/128', '2001:db8::1/128', 128, false],
    ['2001:db8::1', '2001:db8::1/128', 128, false],
    ['2001:db8:1::/32', '2001:db8::/32', 32, false],
    ['::/0', '::/0', 0, false],
    ['::/64', '::/64', 64, false],
    ['0:0:0:0:0:0:0:0/0', '::/0', 0, false],
    ['::ffff:0:0/95', '::fffe:0:0/95', 95, false],
  ])('%s is %s', (text, printed, bits, isIpv4) => {
    expect(cidr(text)).toMatchObject({ text: printed, bits, isIpv4 });
    expect(cidr(printed)).toMatchObject({ text: printed, bits, isIpv4, hadHostBits: false });
  });

  it.each(['10.1.2.3/8', '203.0.113.7/24', '2001:db8::1/64', '::ffff:10.1.0.0/104', '::1/0'])(
    'with host bits, as %s, is masked, and that is said',
    (text) => {
      expect(cidr(text).hadHostBits).toBe(true);
    },
  );

  it.each([
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '010.0.0.0/8',
    '10.0.0.0 /8',
    '2001:db8::/129',
    'fe80::1%eth0/64',
    'fe80::%1',
    '::ffff:10.0.0.0/129',
    'office',
    '::g/64',
  ])('%j is none, and what is expected is said', (text) => {
    expect(parseCidr(text)).toMatchObject({ kind: 'invalid', expected: expect.stringMatching(/an /) });
  });

  it('holds exactly the addresses with its leading bits, one before and one after it not', () => {
    const any = fc.oneof(fc.record({ ip: ipv4, prefix: fc.nat(32) }), fc.record({ ip: ipv6, prefix: fc.nat(128) }));
    fc.assert(
      fc.property(any, ({ ip, prefix }) => {
        const parsed = cidr(`${ip}/${prefix}`);
        const theirs = ipaddr.parseCIDR(parsed.text);
        for (const edge of [parsed.first - 1n, parsed.first, parsed.last, parsed.last + 1n]) {
          if (edge < 0n || edge >> 128n > 0n) continue;
          const address = ipaddr.process(written(edge));
          const expected = address.kind() === theirs[0].kind() && address.match(theirs as never);
          expect(holds(parsed.text, addressText(edge)), `${written(edge)} in ${parsed.text}`).toBe(expected);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a range of IPv6 that covers the mapped addresses', () => {
  it('is the two pieces around them', () => {
    expect(pieces('::/0')).toEqual([
      ['::', '::fffe:ffff:ffff'],
      ['::1:0:0:0', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ]);
    expect(pieces('::/64')).toEqual([
      ['::', '::fffe:ffff:ffff'],
      ['::1:0:0:0', '::ffff:ffff:ffff:ffff'],
    ]);
    expect(pieces('::/80')).toEqual([['::', '::fffe:ffff:ffff']]);
    expect(pieces('::ffff:10.0.0.0/104')).toEqual([['10.0.0.0', '10.255.255.255']]);
    expect(pieces('2001:db8::/32')).toHaveLength(1);
  });

  it.each(['::/0', '::/64', '::/1', '::fffe:0:0/95'])('as %s does holds no address of IPv4', (text) => {
    for (const ip of ['0.0.0.0', '10.0.0.1', '203.0.113.7', '255.255.255.255']) expect(holds(text, ip)).toBe(false);
  });

  it('and no range of IPv4 holds an address of IPv6', () => {
    for (const ip of ['::1', '2001:db8::1', '::fffe:ffff:ffff', '::1:0:0:0'])
      expect(holds('0.0.0.0/0', ip)).toBe(false);
  });
});

describe('an address as a number', () => {
  it('is printed as it was', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (ip) => {
        expect(addressNumber(addressText(addressNumber(ip)))).toBe(addressNumber(ip));
      }),
    );
    expect(addressNumber('10.0.0.1')).toBe(0xffff_0a00_0001n);
    expect(addressNumber('')).toBe(0n);
    expect(addressText(0n)).toBe('');
  });
});

const trusting = (...cidrs: string[]) => {
  const proxies = createTrustedProxies(cidrs);
  if (proxies.kind !== 'proxies') throw new Error(proxies.expected);
  return proxies.isTrusted;
};

describe('trusted proxies', () => {
  it.each(['10.0.0.0/33', '10.0.0/8', '2001:db8::/129', 'proxy', '10.0.0.0/', '10.0.0.0/08', ''])(
    'the bad network %s is named',
    (cidr) => {
      expect(createTrustedProxies(['10.0.0.0/8', cidr])).toMatchObject({ kind: 'invalid', cidr });
    },
  );
  it('hold exactly the addresses of their networks', () => {
    const isTrusted = trusting('192.0.2.128/25', '198.51.100.7', '2001:db8::/33');
    expect(['192.0.2.127', '192.0.2.128', '192.0.2.255', '192.0.3.0'].map(isTrusted)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(['198.51.100.6', '198.51.100.7', '198.51.100.8'].map(isTrusted)).toEqual([false, true, false]);
    expect(['2001:db8:7fff::1', '2001:db8:8000::', ''].map(isTrusted)).toEqual([true, false, false]);
  });
  it('of everything trust every address of their family', () => {
    expect(['203.0.113.7', '2001:db8::1'].map(trusting('0.0.0.0/0'))).toEqual([true, false]);
    expect(['203.0.113.7', '2001:db8::1'].map(trusting('::/0'))).toEqual([false, true]);
    expect(['10.0.0.7', '2001:db8::1'].map(trusting('::ffff:10.0.0.0/104'))).toEqual([true, false]);
  });
});
