import { mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { headersFor } from '../../../examples/redis-cloud/example-accounts.ts';
import { hasKeytool, makeCertificate } from '../../support/tls.ts';
import { accountOf, PRODUCTION, type Started, started } from './support.ts';

const folder = await mkdtemp(join(tmpdir(), 'keytrail-stand-in-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const isNeeded = process.env.KEYTRAIL_REQUIRE_BROKER === '1';

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask({ standIn, accounts }: Started, ca: string | undefined): Promise<Answer> {
  const headers = headersFor(accountOf(accounts, PRODUCTION));
  return new Promise((resolve, reject) => {
    const request = https.get(`${standIn.url}/v1/logs`, { headers, agent: false, ...(ca !== undefined && { ca }) });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
}

// Without Java there is no certificate; where a broker has to run, Java has to be there.
describe.skipIf(!isNeeded && !(await hasKeytool()))('a stand-in with a self-signed certificate', () => {
  test('is for clients that were given the certificate, and for no others', async () => {
    const { keystore, password, certificate } = await makeCertificate(folder);
    const tls = { pfx: await readFile(keystore), passphrase: password };
    const faults = [
      { fault: { kind: 'reset' }, requests: [2] },
      { fault: { kind: 'cut' }, requests: [3] },
    ] as const;
    const here = await started({ rows: 4, tls, faults });
    expect(here.standIn.url).toMatch(/^https:/);
    await expect(ask(here, undefined)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(here.standIn.requests).toEqual([]);
    const { status, text } = await ask(here, certificate);
    expect([status, (JSON.parse(text) as { entries: unknown[] }).entries.length]).toEqual([200, 4]);
    await expect(ask(here, certificate)).rejects.toThrow();
    await expect(ask(here, certificate)).rejects.toThrow();
    expect((await ask(here, certificate)).status).toBe(200);
  });
});
