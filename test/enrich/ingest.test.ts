/** Addresses are looked up on every way in, through the built program. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { runKeytrail } from '../support/keytrail.ts';
import { mmdbFile } from '../support/mmdb.ts';
import { temporaryDirectory } from '../support/store.ts';

const BUNDLED = /^ip-location-db \d{4}-\d\d-\d\d$/;
const ADDRESSES = ['8.8.8.8', '10.1.2.3', '203.0.113.7', '2606:4700::1111', '198.41.0.9', ''];

let folder: string;
let input: string;

beforeAll(async () => {
  folder = await temporaryDirectory();
  input = path.join(folder, 'requests.ndjson');
  const lines = ADDRESSES.map((sourceIp, n) =>
    JSON.stringify({
      id: `r-${n}`,
      time: '2026-11-01T10:00:00Z',
      request: { ...(sourceIp === '' ? {} : { sourceIp }), method: 'GET', path: '/v1/logs', status: 200 },
      authentication: { accountId: '1001', result: 'success' },
    }),
  );
  await writeFile(input, `${lines.join('\n')}\n`);
});

async function stored(dataDir: string): Promise<Record<string, unknown>[]> {
  const columns = 'event_id, asn, as_name, country, city, latitude, longitude, network_edition';
  const asked = `SELECT ${columns} FROM activity ORDER BY event_id`;
  const answer = await runKeytrail(['sql', asked, '--data-dir', dataDir, '--format', 'json']);
  expect(answer.code, answer.stderr).toBe(0);
  return JSON.parse(answer.stdout) as Record<string, unknown>[];
}

it('an ingest stores the network of each address, from the bundled data, and nothing of reserved ones', async () => {
  const dataDir = path.join(folder, 'bundled');
  const done = await runKeytrail(['ingest', input, '--data-dir', dataDir]);
  expect(done.code, done.stderr).toBe(0);
  const rows = await stored(dataDir);
  for (const row of rows) expect(row.network_edition).toMatch(BUNDLED);
  expect(rows.map(({ asn, country }) => [asn, country])).toEqual([
    [15169, 'US'],
    [0, ''],
    [0, ''],
    [13335, 'US'],
    [expect.any(Number), 'US'],
    [0, ''],
  ]);
  expect(rows[0]).toMatchObject({ as_name: 'Google LLC', city: '', latitude: null, longitude: null });
});

it('files of the user take their place, by variable, with city and coordinates', async () => {
  const city = path.join(folder, 'city.mmdb');
  const record = { country: { iso_code: 'CH' }, city: { names: { en: 'Zürich' } } };
  const networks = { '198.41.0.0/16': { ...record, location: { latitude: 47.5, longitude: 8.25 } } };
  await writeFile(city, mmdbFile({ databaseType: 'GeoLite2-City', networks, built: '2026-06-10' }));
  const dataDir = path.join(folder, 'own');
  const env = { KEYTRAIL_ENRICH_CITY_FILE: city };
  const done = await runKeytrail(['ingest', input, '--data-dir', dataDir], { env });
  expect(done.code, done.stderr).toBe(0);
  const rows = await stored(dataDir);
  expect(rows[4]).toMatchObject({ country: 'CH', city: 'Zürich', latitude: 47.5, longitude: 8.25 });
  expect(rows[0]).toMatchObject({ asn: 15169, country: '', latitude: null });
  expect(rows[0]?.network_edition).toMatch(/^ip-location-db \d{4}-\d\d-\d\d \+ GeoLite2-City 2026-06-10$/);
});

it('without enrichment the columns stay empty, and so does the edition', async () => {
  const dataDir = path.join(folder, 'off');
  const done = await runKeytrail(['ingest', input, '--data-dir', dataDir], {
    env: { KEYTRAIL_ENRICH_ENABLED: 'false' },
  });
  expect(done.code, done.stderr).toBe(0);
  for (const row of await stored(dataDir)) expect(row).toMatchObject({ asn: 0, country: '', network_edition: '' });
});

it('a file that cannot be used is refused before anything is read', async () => {
  const dataDir = path.join(folder, 'refused');
  const env = { KEYTRAIL_ENRICH_ASN_FILE: path.join(folder, 'absent.mmdb') };
  const done = await runKeytrail(['ingest', input, '--data-dir', dataDir], { env });
  expect(done.code).toBe(1);
  expect(done.stderr).toMatch(/enrich\.asn_file[\s\S]*absent\.mmdb[\s\S]*next:/);
  expect(await stored(dataDir)).toEqual([]);
});

it('a letter that is replayed gets the network of its address like any other event', async () => {
  const dataDir = path.join(folder, 'letters');
  const file = path.join(folder, 'session.ndjson');
  const login = { id: 'g-1', time: '2026-11-01T10:00:00Z', user: 'ada@example.com', ipAddress: '8.8.8.8' };
  await writeFile(file, `${JSON.stringify({ ...login, type: 'password', action: 'Login', userAgent: 'x' })}\n`);
  const done = await runKeytrail(['ingest', file, '--data-dir', dataDir]);
  expect(done.code, done.stderr).toBe(3);
  const replayed = await runKeytrail(['dead-letters', 'replay', '--all', '--account', '7', '--data-dir', dataDir]);
  expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0);
  expect(await stored(dataDir)).toMatchObject([{ asn: 15169, country: 'US' }]);
});
