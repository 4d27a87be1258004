import { describe, expect, test } from 'vitest';
import { byGravity, type Finding, SEVERITIES, severityRank } from '../../console/src/pages/findings/finding.ts';
import { alike } from '../../console/src/pages/overview/alike.ts';
import { SEVERITIES as OF_API } from '../../schemas/detections.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  ...{ id, rule: 'r', rule_version: 1, severity: 'low', raises: 'alert', state: 'open', backfill: false },
  ...{ suppression: '', account_id: 'a', key_id: 'k', entity: { key_id: 'k' }, summary: id, events: 1 },
  ...{ first_seen: '2026-03-01T00:00:00.000Z', last_seen: '2026-03-01T00:00:00.000Z', acted_at: null },
  ...{ found_at: '2026-03-01T00:00:00.000Z', author: '', note: '' },
  ...more,
});

test('the console ranks severities as the API has them, and one that it does not know last', () => {
  expect(SEVERITIES).toEqual(OF_API);
  expect(['no such', ...OF_API].map(severityRank)).toEqual([-1, 0, 1, 2, 3, 4]);
  const found = OF_API.map((severity) => finding(severity, { severity, rule: severity }));
  const gravest = OF_API.toReversed();
  expect(alike(found).map(({ first }) => first.severity)).toEqual(gravest);
  expect(byGravity(found).map(({ severity }) => severity)).toEqual(gravest);
});

describe('findings of one thing are told once', () => {
  test('with the gravest of them, and of several the latest', () => {
    const [one, ...others] = alike([
      finding('grave', { severity: 'critical' }),
      finding('graver and later', { severity: 'critical', last_seen: '2026-03-02T00:00:00.000Z' }),
      finding('latest', { severity: 'low', last_seen: '2026-03-03T00:00:00.000Z' }),
    ]);
    expect(others).toEqual([]);
    expect([one?.first.id, one?.count]).toEqual(['graver and later', 3]);
  });

  test('and those of another detection, account, key or entity by themselves', () => {
    const all = [
      finding('1'),
      finding('2', { rule: 'other' }),
      finding('3', { account_id: 'other' }),
      finding('4', { key_id: 'other' }),
      finding('5', { entity: { key_id: 'k', action: 'other' } }),
      finding('6', { entity: { key_id: 'k a', action: '' } }),
      finding('7', { entity: { action: 'other', key_id: 'k' } }),
    ];
    expect(
      alike(all)
        .map(({ count }) => count)
        .toSorted(),
    ).toEqual([1, 1, 1, 1, 1, 2]);
  });
});
