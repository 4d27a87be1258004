import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../schemas/fields/address.ts';
import { RESERVED_RANGES } from '../../schemas/fields/reserved-ranges.ts';
import { addressWords } from '../../src/enrich/address-words.ts';
import { joined, NO_PLACE, NO_SYSTEM } from '../../src/enrich/halves.ts';
import * as reserved from '../../src/enrich/reserved.ts';

const isReserved = (ip: string) => reserved.isReserved(addressWords(ip));

function plainly(ip: string): boolean {
  const address = ipaddr.parse(ip);
  return RESERVED_RANGES.some(({ cidr }) => {
    const [range, bits] = ipaddr.parseCIDR(cidr);
    return range.kind() === address.kind() && address.match(range, bits);
  });
}

const canonical = (address: ipaddr.IPv4 | ipaddr.IPv6) => canonicalAddress(address.toString());

/** The address that lies `step` behind another one; nothing beyond the first and last of the family. */
function beside(address: ipaddr.IPv4 | ipaddr.IPv6, step: bigint): string | undefined {
  const bytes = address.toByteArray();
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`) + step;
  if (value < 0n || value >= 2n ** BigInt(bytes.length * 8)) return undefined;
  const moved = Buffer.from(value.toString(16).padStart(bytes.length * 2, '0'), 'hex');
  return canonical(ipaddr.fromByteArray([...moved]));
}

describe('reserved addresses', () => {
  it.each(RESERVED_RANGES)(
    '$cidr ($name) is reserved from its first address to its last, as the list says',
    (range) => {
      const family = range.cidr.includes('.') ? ipaddr.IPv4 : ipaddr.IPv6;
      for (const edge of [family.networkAddressFromCIDR(range.cidr), family.broadcastAddressFromCIDR(range.cidr)]) {
        for (const step of [-1n, 0n, 1n]) {
          const ip = beside(edge, step);
          if (ip === undefined || ip === '' || (family === ipaddr.IPv6 && ip.includes('.'))) continue;
          expect(isReserved(ip), ip).toBe(plainly(ip));
          if (step === 0n) expect(isReserved(ip), ip).toBe(true);
        }
      }
    },
  );

  it('every other address is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const ip = canonicalAddress(text);
        if (ip !== '') expect(isReserved(ip)).toBe(plainly(ip));
      }),
    );
    for (const ip of ['8.8.8.8', '1.1.1.1', '2606:4700::1111', '2001:4860:4860::8888', '192.88.99.1', '2002::1']) {
      expect(isReserved(ip), ip).toBe(false);
    }
  });

  it('are looked up in no database', () => {
    const asked: string[] = [];
    const half = <Answer>(answer: Answer) => ({
      edition: 'E',
      find: (ip: string) => {
        asked.push(ip);
        return answer;
      },
    });
    const networks = joined(half(NO_SYSTEM), half(NO_PLACE));
    for (const ip of ['10.1.2.3', '127.0.0.1', '203.0.113.7', 'fe80::1', 'ff02::1', '::1']) networks.networkOf(ip);
    expect(asked).toEqual([]);
    networks.networkOf('8.8.8.8');
    expect(asked).toEqual(['8.8.8.8', '8.8.8.8']);
  });
});
