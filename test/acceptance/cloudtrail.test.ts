/** The real CloudTrail sample through the whole program, against counts made from the raw JSON by this file alone. */
import { readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, everyAnswer } from '../support/answers.ts';
import { runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

const SAMPLE = fileURLToPath(new URL('../../examples/data/cloudtrail/stratus-detonation-logs.ndjson', import.meta.url));

interface CloudTrailRecord {
  readonly eventTime: string;
  readonly eventName: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly sourceIPAddress: string;
  readonly recipientAccountId?: string;
  readonly userIdentity: { readonly accessKeyId?: string; readonly accountId?: string };
}

let folder: string;
let records: CloudTrailRecord[];

beforeAll(async () => {
  folder = await temporaryDirectory();
  const text = await readFile(SAMPLE, 'utf8');
  records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CloudTrailRecord);
});

function distinct(values: readonly string[]): number {
  return new Set(values.filter((value) => value !== '')).size;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Node's own parser is stricter than none and knows no leading zeros. */
const addressOf = (record: CloudTrailRecord) => (net.isIP(record.sourceIPAddress) ? record.sourceIPAddress : '');
const isFailure = (record: CloudTrailRecord) => record.errorCode !== undefined || record.errorMessage !== undefined;
const timesOf = (group: readonly CloudTrailRecord[]) =>
  group.map(({ eventTime }) => new Date(eventTime).toISOString()).sort();

describe('the real CloudTrail sample', () => {
  it('gives 310 events, no dead letters and exit 0, and key-usage and source-ip-usage agree with the raw JSON', async () => {
    const dataDir = path.join(folder, 'first');
    const done = await runKeytrail(['ingest', SAMPLE, '--data-dir', dataDir]);
    expect(done.code, done.stderr).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ records: 310, new_events: 310, already_known: 0, dead_letters: 0 });

    const withKey = records.filter(({ userIdentity }) => userIdentity.accessKeyId);
    const byKey = groupBy(
      withKey,
      (one) => `${one.recipientAccountId ?? one.userIdentity.accountId}/${one.userIdentity.accessKeyId}`,
    );
    const expectedKeys = [...byKey].map(([key, group]) => ({
      account_id: key.split('/')[0],
      key_id: key.split('/')[1],
      requests: group.length,
      failures: group.filter(isFailure).length,
      source_ips: distinct(group.map(addressOf)),
      actions: distinct(group.map(({ eventName }) => eventName)),
      first_seen: timesOf(group)[0],
      last_seen: timesOf(group).at(-1),
    }));
    const keys = await ask(dataDir, 'key-usage');
    expect(keys).toHaveLength(expectedKeys.length);
    for (const expected of expectedKeys) expect(keys).toContainEqual(expect.objectContaining(expected));

    const byAddress = groupBy(records, (one) => one.sourceIPAddress);
    const addresses = await ask(dataDir, 'source-ip-usage');
    expect(addresses).toHaveLength(byAddress.size);
    for (const [written, group] of byAddress) {
      const valid = net.isIP(written) !== 0;
      expect(addresses).toContainEqual(
        expect.objectContaining({
          source_ip: valid ? written : '',
          source_host: valid ? '' : written,
          requests: group.length,
          failures: group.filter(isFailure).length,
          keys: distinct(group.map(({ userIdentity }) => userIdentity.accessKeyId ?? '')),
          first_seen: timesOf(group)[0],
          last_seen: timesOf(group).at(-1),
        }),
      );
    }
    expect(records.filter((one) => addressOf(one) === '')).toHaveLength(107);
  });

  it('the same sample again, and as a pretty-printed container, changes no answer but ingest-status', async () => {
    const dataDir = path.join(folder, 'again');
    await runKeytrail(['ingest', SAMPLE, '--data-dir', dataDir]);
    const before = await everyAnswer(dataDir);
    const statusBefore = await ask(dataDir, 'ingest-status');

    const again = await runKeytrail(['ingest', SAMPLE, '--data-dir', dataDir]);
    expect(JSON.parse(again.stdout)).toMatchObject({ records: 310, new_events: 0, already_known: 310 });
    const pretty = path.join(folder, 'pretty.json');
    await writeFile(pretty, JSON.stringify({ Records: records }, null, 2));
    const third = await runKeytrail(['ingest', pretty, '--data-dir', dataDir]);
    expect(JSON.parse(third.stdout)).toMatchObject({
      records: 310,
      new_events: 0,
      already_known: 310,
      dead_letters: 0,
    });

    expect(await everyAnswer(dataDir)).toEqual(before);
    const status = await ask(dataDir, 'ingest-status');
    expect(status).not.toEqual(statusBefore);
    expect(status.map(({ received }) => received).sort()).toEqual([310, 620]);
  });
});
