import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AUTH_REASONS } from '../../schemas/audit-event.ts';
import { addressNumber } from '../../schemas/fields/cidr.ts';
import { expectedOf, type Judged, judge, type RuleResult } from '../../src/core/authentication-rules.ts';

type Row = readonly [RuleResult, RuleResult, RuleResult, Judged['event']['authResult'], string, string];
/** Every combination of rule results and recorded results, with what is to be expected and the verdict. */
const TABLE = JSON.parse(
  readFileSync(new URL('authentication-rules.fixture.json', import.meta.url), 'utf8'),
) as readonly Row[];

const LIST = [{ first: addressNumber('198.51.100.0'), last: addressNumber('198.51.100.255') }];
const INSIDE = '198.51.100.7';
const OUTSIDE = '203.0.113.7';

function judged(more: Omit<Partial<Judged>, 'event'> & { readonly event?: Partial<Judged['event']> } = {}): Judged {
  return {
    found: { where: 'here', key: { state: 'active', allowList: LIST } },
    account: { accountKey: 'valid', apiEnabledSince: undefined },
    isUncertain: false,
    ...more,
    event: {
      ...{ accountId: '1001', eventTime: 1_000, keyId: 'ci-deploy', sourceIp: INSIDE },
      ...{ authResult: 'success', authReason: '' },
      ...more.event,
    },
  };
}

/** An event whose rules come out as the row says. */
function eventOf([keys, account, sourceIp, recorded]: Row): Judged {
  const state = { pass: 'active', unknown: 'unknown', fail: 'revoked' } as const;
  const address = { pass: INSIDE, unknown: '', fail: OUTSIDE } as const;
  return judged({
    found: { where: account === 'pass' ? 'here' : 'elsewhere', key: { state: state[keys], allowList: LIST } },
    event: {
      accountId: account === 'unknown' ? '' : '1001',
      sourceIp: address[sourceIp],
      authResult: recorded,
    },
  });
}

describe('the three rules', () => {
  it('have a table that holds every combination once', () => {
    expect(new Set(TABLE.map((row) => row.slice(0, 4).join())).size).toBe(81);
    expect(TABLE).toHaveLength(81);
  });

  it.each(TABLE)('keys %s, account %s, source address %s, recorded %s: expected %s, %s', (...row) => {
    const [ruleKeys, ruleAccount, ruleSourceIp, , expected, verdict] = row;
    expect(expectedOf(ruleKeys, ruleAccount, ruleSourceIp)).toBe(expected);
    expect(judge(eventOf(row))).toMatchObject({ ruleKeys, ruleAccount, ruleSourceIp, expected, verdict });
  });

  it('say nothing of an event without a key in which no authentication failed', () => {
    for (const authResult of ['success', 'unknown'] as const) {
      expect(judge(judged({ event: { keyId: '', authResult } }))).toBeUndefined();
    }
  });
});

describe('rule 1, both keys are valid', () => {
  it.each([
    ['active', 'pass'],
    ['deleted', 'fail'],
    ['revoked', 'fail'],
    ['unknown', 'unknown'],
  ] as const)('a key that is %s: %s', (state, ruleKeys) => {
    expect(judge(judged({ found: { where: 'here', key: { state, allowList: 'none' } } }))).toMatchObject({ ruleKeys });
  });

  it('takes an account key whose state was never learned to be valid, and says so', () => {
    const account = { accountKey: 'unknown', apiEnabledSince: undefined } as const;
    expect(judge(judged({ account }))).toMatchObject({ ruleKeys: 'pass', assumed: ['account-key'] });
    expect(judge(judged())).toMatchObject({ assumed: [] });
  });

  it('fails with an account key that is known to be invalid, and before the API was enabled', () => {
    const invalid = { accountKey: 'invalid', apiEnabledSince: undefined } as const;
    expect(judge(judged({ account: invalid }))).toMatchObject({ ruleKeys: 'fail' });
    const since = (apiEnabledSince: number) => judged({ account: { accountKey: 'valid', apiEnabledSince } });
    expect(judge(since(1_000))).toMatchObject({ ruleKeys: 'pass' });
    expect(judge(since(1_001))).toMatchObject({ ruleKeys: 'fail' });
  });

  it.each(['missing-account-key', 'missing-user-key', 'invalid-account-key'] as const)(
    'believes the record that says %s: nobody else saw the headers',
    (authReason) => {
      expect(judge(judged({ event: { authResult: 'failure', authReason } }))).toMatchObject({
        ruleKeys: 'fail',
        verdict: 'consistent',
      });
    },
  );

  it('does not believe a record that calls a valid user key invalid', () => {
    const event = { authResult: 'failure', authReason: 'invalid-user-key' } as const;
    expect(judge(judged({ event }))).toMatchObject({ ruleKeys: 'pass', verdict: 'denied-but-should-be-allowed' });
  });
});

describe('rule 2, the same account', () => {
  const key = { state: 'active', allowList: 'none' } as const;
  it.each([
    [{ where: 'here', key }, 'pass', 'consistent', []],
    [{ where: 'elsewhere', key }, 'fail', 'allowed-but-should-be-denied', []],
    [{ where: 'several' }, 'unknown', 'not-evaluable', ['key-account']],
    [{ where: 'nowhere' }, 'unknown', 'unknown-key', []],
  ] as const)('a key that is known %o: %s', (found, ruleAccount, verdict, missing) => {
    expect(judge(judged({ found }))).toMatchObject({ ruleAccount, verdict, missing });
  });

  it('fails where the record says that the accounts differ', () => {
    const event = { authResult: 'failure', authReason: 'account-mismatch' } as const;
    expect(judge(judged({ event }))).toMatchObject({ ruleAccount: 'fail', verdict: 'consistent' });
  });

  it('is not judged for an event that names no account', () => {
    expect(judge(judged({ found: { where: 'elsewhere', key }, event: { accountId: '' } }))).toMatchObject({
      ruleAccount: 'unknown',
      missing: ['account'],
    });
  });
});

describe('rule 3, the source address', () => {
  const at = (allowList: 'none' | 'unknown' | typeof LIST, sourceIp: string) =>
    judge(judged({ found: { where: 'here', key: { state: 'active', allowList } }, event: { sourceIp } }));

  it('passes without a list, with or without an address', () => {
    expect(at('none', '')).toMatchObject({ ruleSourceIp: 'pass' });
    expect(at('none', OUTSIDE)).toMatchObject({ ruleSourceIp: 'pass' });
  });

  it('is not judged without an address, or with a list that is not known', () => {
    expect(at(LIST, '')).toMatchObject({ ruleSourceIp: 'unknown', missing: ['source-ip'] });
    expect(at('unknown', INSIDE)).toMatchObject({ ruleSourceIp: 'unknown', missing: ['allow-list'] });
  });

  it.each([
    ['198.51.99.255', 'fail'],
    ['198.51.100.0', 'pass'],
    ['198.51.100.255', 'pass'],
    ['198.51.101.0', 'fail'],
    ['2001:db8::1', 'fail'],
  ])('%s: %s', (sourceIp, ruleSourceIp) => {
    expect(at(LIST, sourceIp)).toMatchObject({ ruleSourceIp });
  });
});

describe('a failed try without a key', () => {
  it.each(AUTH_REASONS)('for the reason %j is judged by it', (authReason) => {
    const result = judge(
      judged({ found: { where: 'nowhere' }, event: { keyId: '', authResult: 'failure', authReason } }),
    );
    const isTold = authReason !== '' && authReason !== 'other';
    expect(result).toMatchObject({
      verdict: isTold ? 'consistent' : 'not-evaluable',
      missing: isTold ? [] : ['auth-reason'],
      ruleKeys: /key|api/.test(authReason) ? 'fail' : 'unknown',
      ruleAccount: authReason === 'account-mismatch' ? 'fail' : 'unknown',
      ruleSourceIp: authReason === 'source-ip-not-allowed' ? 'fail' : 'unknown',
    });
  });
});

describe('an event that the clocks cannot order against a change', () => {
  it('is not judged, whatever the rules say', () => {
    for (const event of [{ sourceIp: INSIDE }, { sourceIp: OUTSIDE }]) {
      expect(judge(judged({ event, isUncertain: true }))).toMatchObject({
        expected: 'unknown',
        verdict: 'not-evaluable',
        missing: ['clock'],
      });
    }
  });

  it('is judged by what its own record tells, where no key was shown: no change is about it', () => {
    const event = { keyId: '', authResult: 'failure', authReason: 'invalid-user-key' } as const;
    expect(judge(judged({ event, isUncertain: true }))).toMatchObject({ expected: 'denied', verdict: 'consistent' });
  });
});
