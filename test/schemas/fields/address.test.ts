import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalAddress,
  formatAddress,
  parseSourceAddress,
  writeAddressBytes,
} from '../../../schemas/fields/address.ts';
import { createTrustedProxies } from '../../../schemas/fields/cidr.ts';

const nobody = () => false;
const trusting = (...cidrs: string[]) => {
  const proxies = createTrustedProxies(cidrs);
  if (proxies.kind !== 'proxies') throw new Error(proxies.expected);
  return proxies.isTrusted;
};
const bytesOf = (ip: string) => {
  const bytes = new Uint8Array(20).fill(7);
  writeAddressBytes(ip, bytes, 2);
  return bytes.slice(2, 18);
};

describe('an address is read in every form that people and proxies write', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['203.0.113.7:443', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:0DB8:0:0:0:0:0:0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['0:0:1:0:0:1:0:0', '::1:0:0:1:0:0'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[fe80::1%25en0]:8443', 'fe80::1'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
  ])('%s', (text, ip) => {
    expect(parseSourceAddress(text, nobody)).toEqual({ ip, host: '' });
  });
});

describe('what is no address stays as it was written', () => {
  it.each([
    'AWS Internal',
    'cloudformation.amazonaws.com',
    '010.1.2.3',
    '08.1.250.216',
    '225.01.00.16',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4/32',
    '0x7f.0.0.1',
    '2130706433',
    '::ffff:010.1.2.3',
    '1::2::3',
    ':::',
    ':1::',
    '1::2:',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '1:2:3:4:5:6:7:1.2.3.4',
    '12345::',
    'g::1',
    '%eth0',
    '::ffff:1.2.3.4:443',
    '2001:db8::1::2',
    '[203.0.113.7]:443',
    '203.0.113.7:port',
    '::',
    'unknown',
    ' ',
    ':'.repeat(5_000),
    '٣.1.2.3',
  ])('%s', (text) => {
    expect(parseSourceAddress(text, nobody)).toEqual({ ip: '', host: text });
  });

  it('nothing is no address and no host', () => {
    expect(parseSourceAddress('', nobody)).toEqual({ ip: '', host: '' });
  });
});

describe('of a forwarded list the client can forge only what is never read', () => {
  const proxies = trusting('10.0.0.0/8', '2001:db8:aa::/48');

  it('without trusted proxies it is the last one', () => {
    expect(parseSourceAddress('198.51.100.1, 203.0.113.7', nobody).ip).toBe('203.0.113.7');
  });
  it('trusted proxies are skipped from the right', () => {
    expect(parseSourceAddress('1.1.1.1, 203.0.113.7, 10.1.2.3,2001:db8:aa::9', proxies).ip).toBe('203.0.113.7');
  });
  it('a trusted address on the forged left side is not reached', () => {
    expect(parseSourceAddress('10.9.9.9, 203.0.113.7:5123, 10.1.2.3:80', proxies).ip).toBe('203.0.113.7');
  });
  it('when all are trusted it is the leftmost', () => {
    expect(parseSourceAddress('10.0.0.1, 10.0.0.2', proxies).ip).toBe('10.0.0.1');
  });
  it('an entry that is no address ends the search as a host', () => {
    expect(parseSourceAddress('203.0.113.7, unknown, 10.0.0.2', proxies)).toEqual({ ip: '', host: 'unknown' });
  });
  it('empty entries are passed over, and a list of them is a host', () => {
    expect(parseSourceAddress('203.0.113.7, ,', nobody).ip).toBe('203.0.113.7');
    expect(parseSourceAddress(' , ,', nobody)).toEqual({ ip: '', host: ' , ,' });
  });
  it('whatever is put before the peer changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (forged, peer) => {
        const { ip } = parseSourceAddress(`${forged}, ${peer}, 10.0.0.7`, trusting('10.0.0.7'));
        fc.pre(peer !== '10.0.0.7');
        expect(ip).toBe(peer);
      }),
    );
  });
});

describe('the stored form', () => {
  it('gives every address back in its one printed form, and touches no other byte', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (written) => {
        const ip = canonicalAddress(written);
        fc.pre(ip !== '');
        const bytes = new Uint8Array(20).fill(7);
        writeAddressBytes(ip, bytes, 2);
        expect(formatAddress(bytes.subarray(2, 18))).toBe(ip);
        expect([bytes[0], bytes[1], bytes[18], bytes[19]]).toEqual([7, 7, 7, 7]);
        expect(canonicalAddress(ip)).toBe(ip);
      }),
      { numRuns: 1_000 },
    );
  });
  it('has one printed form for any sixteen bytes, and it is the address that a URL parser reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.uint8Array({ maxLength: 12 }), (bytes, zeros) => {
        for (const at of zeros) bytes[at % 16] = 0;
        const ip = formatAddress(bytes);
        expect(bytesOf(ip)).toEqual(bytes);
        if (ip.includes(':')) expect(new URL(`http://[${ip}]/`).hostname).toBe(`[${ip}]`);
      }),
      { numRuns: 1_000 },
    );
  });
  it('maps IPv4', () => {
    expect([...bytesOf('203.0.113.7')]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 203, 0, 113, 7]);
  });
  it('stores an absent address as ::', () => {
    expect([...bytesOf('')]).toEqual(new Array(16).fill(0));
    expect(formatAddress(new Uint8Array(16))).toBe('');
  });
  it('refuses what is no address: an event never holds it', () => {
    expect(() => bytesOf('010.1.2.3')).toThrow();
  });
});

describe('against the platform', () => {
  const group = fc.oneof(
    fc.stringMatching(/^[0-9a-fA-F]{0,5}$/),
    fc.constantFrom('', '0', '::', 'ffff', '1.2.3.4', 'g'),
  );
  const nearly = fc.oneof(
    fc.array(group, { maxLength: 10 }).map((groups) => groups.join(':')),
    fc.ipV6(),
    fc.tuple(fc.ipV6(), fc.nat(40), fc.constantFrom(':', '::', '.', 'f', '0')).map(([ip, at, more]) => {
      return ip.slice(0, at) + more + ip.slice(at);
    }),
  );
  it('the same texts are addresses, and mean the same bytes', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        fc.pre(text.includes(':'));
        const isAddress = isIPv6(text);
        expect(canonicalAddress(text) !== '').toBe(isAddress && !/^[0:.]*$/.test(text));
        if (!isAddress) return;
        const printed = new URL(`http://[${text}]/`).hostname.slice(1, -1);
        expect(formatAddress(bytesOf(text))).toBe(printed === '::' ? '' : canonicalAddress(printed));
        if (!printed.startsWith('::')) expect(canonicalAddress(text)).toBe(printed);
      }),
      { numRuns: 5_000 },
    );
  });
});
