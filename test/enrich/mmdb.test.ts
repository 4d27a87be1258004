import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { NETWORK_RECORDS_PROBED_MAX } from '../../src/core/limits.ts';
import { type NetworkDatabase, NO_NETWORK } from '../../src/core/network.ts';
import { openNetworks } from '../../src/enrich/open-networks.ts';
import { mmdbFile } from '../support/mmdb.ts';
import { temporaryDirectory } from '../support/store.ts';

const ASN = {
  databaseType: 'GeoLite2-ASN',
  built: '2026-06-16',
  networks: {
    '198.41.0.0/16': { autonomous_system_number: 64_500, autonomous_system_organization: 'Zoë Telecóm ☎' },
    '198.41.7.0/24': { autonomous_system_number: 4_200_000_000, autonomous_system_organization: 'Narrow' },
    '2600:1000::/28': { autonomous_system_number: 64_501 },
  },
} as const;

const CITY = {
  databaseType: 'GeoLite2-City',
  built: '2026-06-10',
  networks: {
    '198.41.0.0/16': {
      city: { names: { en: 'Zürich', de: 'Zürich' } },
      country: { iso_code: 'CH', names: { en: 'Switzerland' } },
      location: { latitude: 47.3667, longitude: 8.55, time_zone: 'Europe/Zurich' },
    },
    '198.42.0.0/16': { registered_country: { iso_code: 'DE' } },
    '2600:1000::/28': { country_code: 'US', city: 'Ames', latitude: 42.03, longitude: -93.62, state1: 'Iowa' },
    '2600:2000::/28': { country: { iso_code: 'not a country' }, location: { latitude: 1_000, longitude: 0 } },
  },
} as const;

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await temporaryDirectory();
});

async function fileWith(bytes: Buffer): Promise<string> {
  files += 1;
  const file = path.join(folder, `${files}.mmdb`);
  await writeFile(file, bytes);
  return file;
}

interface Opened {
  readonly networks: NetworkDatabase;
  readonly damaged: string[];
}

async function opened(asnFile: string | undefined, cityFile: string | undefined): Promise<Opened> {
  const damaged: string[] = [];
  const networks = await openNetworks({ enabled: true, asnFile, cityFile }, (setting) => damaged.push(setting));
  return { networks, damaged };
}

describe.each([24, 28, 32] as const)('databases of the user with records of %i bits', (recordSize) => {
  let networks: NetworkDatabase;
  beforeAll(async () => {
    const asnFile = await fileWith(mmdbFile({ ...ASN, recordSize }));
    const cityFile = await fileWith(mmdbFile({ ...CITY, recordSize }));
    ({ networks } = await opened(asnFile, cityFile));
  });

  it('replace the bundled data, and give city and coordinates too', () => {
    expect(networks.networkOf('198.41.1.2')).toEqual({
      asn: 64_500,
      asName: 'Zoë Telecóm ☎',
      country: 'CH',
      city: 'Zürich',
      latitude: 47.3667,
      longitude: 8.55,
    });
    expect(networks.networkOf('198.41.7.9')).toMatchObject({ asn: 4_200_000_000, asName: 'Narrow', city: 'Zürich' });
    expect(networks.networkOf('2600:1000::5')).toEqual({
      asn: 64_501,
      asName: '',
      country: 'US',
      city: 'Ames',
      latitude: 42.03,
      longitude: -93.62,
    });
  });

  it('leave unknown what they do not say', () => {
    expect(networks.networkOf('198.42.0.1')).toEqual({ ...NO_NETWORK, country: 'DE' });
    expect(networks.networkOf('2600:2000::1')).toEqual(NO_NETWORK);
    expect(networks.networkOf('8.8.8.8')).toEqual(NO_NETWORK);
    expect(networks.networkOf('2a00::1')).toEqual(NO_NETWORK);
  });

  it('say which editions answered', () => {
    expect(networks.edition).toBe('GeoLite2-ASN 2026-06-16 + GeoLite2-City 2026-06-10');
  });
});

it('one of the two replaces its half, and the other half stays bundled', async () => {
  const { networks } = await opened(await fileWith(mmdbFile(ASN)), undefined);
  expect(networks.edition).toMatch(/^GeoLite2-ASN 2026-06-16 \+ ip-location-db \d{4}-\d\d-\d\d$/);
  expect(networks.networkOf('198.41.1.2')).toMatchObject({ asn: 64_500, country: 'US' });
});

it('a database of IPv4 alone knows nothing of IPv6', async () => {
  const networksOfIpv4 = Object.fromEntries(Object.entries(CITY.networks).filter(([cidr]) => cidr.includes('.')));
  const bytes = mmdbFile({ databaseType: 'city ipv4', networks: networksOfIpv4, ipVersion: 4 });
  const { networks } = await opened(undefined, await fileWith(bytes));
  expect(networks.networkOf('198.41.1.2').city).toBe('Zürich');
  // Its first 32 bits are those of 198.41.1.2.
  expect(networks.networkOf('c629:102::1')).toMatchObject({ country: '', city: '' });
});

it('records are looked at all over a database of any size', async () => {
  const many = Object.fromEntries(
    Array.from({ length: NETWORK_RECORDS_PROBED_MAX * 3 }, (_, n) => [`11.${n >>> 8}.${n & 255}.0/24`, { n }]),
  );
  const late = { '198.41.0.0/16': { autonomous_system_number: 64_500 } };
  const bytes = (networks: object) => mmdbFile({ databaseType: 'any', networks: { ...many, ...networks } });
  await expect(opened(await fileWith(bytes({})), undefined)).rejects.toMatchObject({ code: 'NETWORK_FILE_WRONG_TYPE' });
  const half = Object.fromEntries(Object.keys(many).map((cidr, n) => [cidr, { autonomous_system_number: n + 1 }]));
  const { networks } = await opened(await fileWith(bytes({ ...half, ...late })), undefined);
  expect(networks.networkOf('11.2.3.4').asn).toBe(2 * 256 + 3 + 1);
});

describe('a file that is none', () => {
  const refused = async (bytes: Buffer | string, code: string) => {
    const file = typeof bytes === 'string' ? bytes : await fileWith(bytes);
    for (const [asnFile, cityFile] of [[file], [undefined, file]]) {
      const opening = opened(asnFile, cityFile);
      await expect(opening).rejects.toMatchObject({ code, explanation: { next: expect.any(String) } });
    }
  };

  it('is refused when it is missing, a folder, empty, compressed, or something else', async () => {
    await refused(path.join(folder, 'absent.mmdb'), 'NETWORK_FILE_UNREADABLE');
    await refused(folder, 'NETWORK_FILE_UNREADABLE');
    await refused(Buffer.alloc(0), 'NETWORK_FILE_INVALID');
    await refused(gzipSync(mmdbFile(CITY)), 'NETWORK_FILE_INVALID');
    await refused(randomBytes(100_000), 'NETWORK_FILE_INVALID');
    await refused(await readFile(new URL('../../package.json', import.meta.url)), 'NETWORK_FILE_INVALID');
  });

  it('is refused when it is of another kind than the setting needs', async () => {
    const anonymous = { databaseType: 'GeoIP2-Anonymous-IP', networks: { '198.41.0.0/16': { is_anonymous: true } } };
    await refused(mmdbFile(anonymous), 'NETWORK_FILE_WRONG_TYPE');
    const swapped = [await fileWith(mmdbFile(CITY)), await fileWith(mmdbFile(ASN))] as const;
    await expect(opened(swapped[0], undefined)).rejects.toMatchObject({
      code: 'NETWORK_FILE_WRONG_TYPE',
      explanation: { got: 'GeoLite2-City' },
    });
    await expect(opened(undefined, swapped[1])).rejects.toMatchObject({ code: 'NETWORK_FILE_WRONG_TYPE' });
  });

  it('is refused wherever it was cut off', async () => {
    const whole = mmdbFile(CITY);
    for (let n = 0; n < 60; n += 1) {
      const cut = whole.subarray(0, Math.floor((n / 60) * whole.length));
      await expect(opened(undefined, await fileWith(cut)), `${cut.length}`).rejects.toMatchObject({
        code: 'NETWORK_FILE_INVALID',
      });
    }
  });
});

it('a damaged file is refused, or answers with networks or nothing: it never throws and never hangs', async () => {
  const whole = mmdbFile({ ...CITY, networks: { ...CITY.networks, '11.0.0.0/8': { country_code: 'SE' } } });
  const ips = ['198.41.1.2', '198.42.3.4', '2600:1000::5', '2600:2000::1', '11.1.1.1', '8.8.8.8'];
  const tally = { refused: 0, answered: 0 };
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
  const file = path.join(folder, 'damaged.mmdb');
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      await writeFile(file, bytes);
      try {
        const { networks } = await opened(undefined, file);
        for (const ip of ips) {
          const { country, city, latitude, longitude } = networks.networkOf(ip);
          expect(country).toMatch(/^([A-Z]{2})?$/);
          expect(typeof city).toBe('string');
          expect(latitude === null || Math.abs(latitude) <= 90).toBe(true);
          expect(longitude === null || Math.abs(longitude) <= 180).toBe(true);
        }
        tally.answered += 1;
      } catch (error) {
        expect((error as { code?: string }).code).toMatch(/^NETWORK_FILE_(INVALID|WRONG_TYPE)$/);
        tally.refused += 1;
      }
    }),
    { numRuns: 400 },
  );
  expect(Math.min(tally.refused, tally.answered)).toBeGreaterThan(10);
});
