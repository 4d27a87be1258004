/**
 * The conditions under which an API request authenticates, replayed as its documentation states them: the account key
 * and the user key are valid and in the headers; the user key is associated with the same account as the account key;
 * the source address is in the CIDR allow list of the user key, when it has one. Each condition alone and all of them
 * in every combination, once as the API decides and once as it must not, through the built program: a file of request
 * events and a file of keys in, verdicts out.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rowsOf, runKeytrail } from '../support/keytrail.ts';
import { temporaryDirectory } from '../support/store.ts';

interface Conditions {
  readonly keysValid: boolean;
  readonly sameAccount: boolean;
  readonly addressAllowed: boolean;
}

interface Case extends Conditions {
  readonly id: string;
  readonly isLetIn: boolean;
}

const EITHER = [true, false];
const CASES: readonly Case[] = EITHER.flatMap((keysValid) =>
  EITHER.flatMap((sameAccount) =>
    EITHER.flatMap((addressAllowed) =>
      EITHER.map((isLetIn) => ({
        id: [keysValid, sameAccount, addressAllowed, isLetIn].map((yes) => (yes ? 'y' : 'n')).join(''),
        ...{ keysValid, sameAccount, addressAllowed, isLetIn },
      })),
    ),
  ),
);

/** Account 1 has an account key; the keys of account 2 are not of it. Deleted keys were deleted before the requests. */
const REGISTRY = `
accounts:
  - {account_id: "1", account_key: valid, valid_from: 2026-01-01}
  - {account_id: "2", account_key: valid, valid_from: 2026-01-01}
keys:
  - {account_id: "1", key_id: own, allow_list: [192.0.2.0/25, "2001:db8::/64"], created_at: 2026-01-01, valid_from: 2026-01-01}
  - {account_id: "1", key_id: own-deleted, allow_list: [192.0.2.0/25], created_at: 2026-01-01, valid_from: 2026-01-01, deleted_at: 2026-02-01}
  - {account_id: "1", key_id: own-open, allow_list: [], created_at: 2026-01-01, valid_from: 2026-01-01}
  - {account_id: "2", key_id: foreign, allow_list: [192.0.2.0/25], created_at: 2026-01-01, valid_from: 2026-01-01}
  - {account_id: "2", key_id: foreign-deleted, allow_list: [192.0.2.0/25], created_at: 2026-01-01, valid_from: 2026-01-01, deleted_at: 2026-02-01}
`;

/** What the API says when it refuses: the first condition that is not met. */
function reasonOf({ keysValid, sameAccount }: Conditions): string {
  if (!keysValid) return 'invalid-user-key';
  return sameAccount ? 'source-ip-not-allowed' : 'account-mismatch';
}

const request = (id: string, keyName: string, sourceIp: string, result: 'success' | 'failure', reason = '') => ({
  ...{ id, time: '2026-03-01T10:00:00.000Z' },
  request: { sourceIp, method: 'GET', path: '/v1/subscriptions', status: result === 'success' ? 200 : 403 },
  authentication: { accountId: '1', keyName, result, reason },
});

function requestOf(one: Case) {
  const key = `${one.sameAccount ? 'own' : 'foreign'}${one.keysValid ? '' : '-deleted'}`;
  const address = one.addressAllowed ? '192.0.2.127' : '192.0.2.128';
  return request(one.id, key, address, one.isLetIn ? 'success' : 'failure', one.isLetIn ? '' : reasonOf(one));
}

/** What the documentation promises, in its own words: all three, or no access. */
function verdictPromised({ keysValid, sameAccount, addressAllowed, isLetIn }: Case): string {
  const mustBeLetIn = keysValid && sameAccount && addressAllowed;
  if (mustBeLetIn === isLetIn) return 'consistent';
  return isLetIn ? 'allowed-but-should-be-denied' : 'denied-but-should-be-allowed';
}

/** One request for each way of saying that a header was absent or wrong; only the record can know. */
const HEADERS = [
  request('missing-account-key', 'own', '192.0.2.1', 'failure', 'missing-account-key'),
  request('missing-user-key', '', '192.0.2.1', 'failure', 'missing-user-key'),
  request('invalid-account-key', 'own', '192.0.2.1', 'failure', 'invalid-account-key'),
];
/** No list means from everywhere; a list of one family says nothing of the other. */
const LISTS = [
  request('open', 'own-open', '203.0.113.200', 'success'),
  request('v6 inside', 'own', '2001:db8::1', 'success'),
  request('v6 outside', 'own', '2001:db8:0:1::1', 'success'),
  request('no address', 'own', '', 'success'),
];

describe('the three conditions', () => {
  const verdicts = new Map<string, Record<string, unknown>>();

  beforeAll(async () => {
    const folder = await temporaryDirectory();
    const run = async (...args: string[]) => {
      const done = await runKeytrail([...args, '--data-dir', path.join(folder, 'store')]);
      expect(done.code, done.stderr).toBe(0);
      return done;
    };
    const records = [...CASES.map(requestOf), ...HEADERS, ...LISTS];
    await writeFile(
      path.join(folder, 'requests.ndjson'),
      records.map((record) => `${JSON.stringify(record)}\n`).join(''),
    );
    await writeFile(path.join(folder, 'registry.yaml'), REGISTRY);
    await run('ingest', path.join(folder, 'requests.ndjson'));
    await run('keys', 'import', path.join(folder, 'registry.yaml'));
    const answer = await run('query', 'verdict-examples', '--param', 'examples=100', '--format', 'json');
    for (const row of rowsOf(answer)) verdicts.set(String(row.event_id), row);
    expect(verdicts.size).toBe(records.length);
  });

  it('are all tried, in every combination', () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(16);
  });

  it.each(CASES)(
    'keys valid $keysValid, same account $sameAccount, address allowed $addressAllowed, let in $isLetIn',
    (one) => {
      expect(verdicts.get(one.id)).toMatchObject({
        verdict: verdictPromised(one),
        expected: one.keysValid && one.sameAccount && one.addressAllowed ? 'allowed' : 'denied',
        rule_keys: one.keysValid ? 'pass' : 'fail',
        rule_account: one.sameAccount ? 'pass' : 'fail',
        rule_source_ip: one.addressAllowed ? 'pass' : 'fail',
      });
    },
  );

  it.each(HEADERS)('a request that is turned away for its headers ($id) is turned away rightly', ({ id }) => {
    expect(verdicts.get(id)).toMatchObject({ verdict: 'consistent', expected: 'denied', rule_keys: 'fail' });
  });

  it('a key without a list may be used from everywhere', () => {
    expect(verdicts.get('open')).toMatchObject({ verdict: 'consistent', rule_source_ip: 'pass' });
  });

  it('a list is about both families, and an absent address is no address outside of it', () => {
    expect(verdicts.get('v6 inside')).toMatchObject({ verdict: 'consistent' });
    expect(verdicts.get('v6 outside')).toMatchObject({
      verdict: 'allowed-but-should-be-denied',
      rule_source_ip: 'fail',
    });
    expect(verdicts.get('no address')).toMatchObject({ verdict: 'not-evaluable', verdict_missing: ['source-ip'] });
  });
});
