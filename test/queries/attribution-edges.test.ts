import { describe, expect, it } from 'vitest';
import type { EventRow } from '../ask/fixture.ts';
import { ago, key, type Story, tellStories, use, user } from './edges.ts';

const ACTIVE = { state: 'active', allowList: [] } as const;
const change = (at: string, activity: string, more: Partial<EventRow> = {}): Partial<EventRow> =>
  use('changer', at, '10.0.0.1', { activity, resource_id: '7', resource_name: 'orders', ...more });

const STORIES: readonly Story[] = [
  {
    account: 'here',
    events: [
      use('of-two-others', ago(9), '10.0.0.1'),
      use('of-one-other', ago(8), '10.0.0.1'),
      use('of-nobody', ago(7), '', { source_host: 'AWS Internal' }),
      use('', ago(6), ''),
    ],
  },
  {
    account: 'one',
    said: [
      key('one', 'of-two-others', ago(300), { ...ACTIVE, owner: 'one@n.example' }),
      key('one', 'of-one-other', ago(300), { ...ACTIVE, owner: 'one@n.example', app: 'orders' }),
      user('one', 'one@n.example', ago(300), { name: 'Once' }),
      user('one', 'one@n.example', ago(20), { name: 'Now' }),
    ],
    events: [use('of-one-other', ago(22), '10.0.0.1'), use('of-one-other', ago(3), '10.0.0.1')],
  },
  { account: 'two', said: [key('two', 'of-two-others', ago(300), { ...ACTIVE, owner: 'two@n.example' })] },
  {
    account: 'places',
    events: [
      use('k', ago(9), '192.0.2.1', { asn: 64_496, as_name: 'Before', country: 'DE' }),
      use('k', ago(8), '192.0.2.1', { asn: 64_511, as_name: 'After', country: 'NL' }),
      use('k', ago(7), '192.0.2.1'),
    ],
  },
  {
    account: 'changes',
    events: [
      change(ago(9), 'create'),
      change(ago(8), 'read'),
      change(ago(7), 'update', { outcome: 'failure', status_code: 409 }),
      change(ago(6), 'delete', { outcome: 'unknown', auth_result: 'failure', auth_reason: 'invalid-user-key' }),
      change(ago(5), 'delete', { outcome: 'unknown', auth_result: 'unknown' }),
      change(ago(4), 'update', { resource_id: '8' }),
      change(ago(3), 'update', { resource_id: 'orders', resource_name: '' }),
      // What nobody named is no resource of its own.
      change(ago(2), 'update', { resource_id: '', resource_name: '' }),
    ],
  },
];

const { asked } = tellStories(STORIES);

describe('attribution-coverage', () => {
  it('gives a reason for each event that is led back to nobody', async () => {
    const rows = await asked('attribution-coverage', { account_id: 'here' });
    expect(rows.map((row) => [row.dimension, row.is_attributed, row.reason, row.requests, row.share])).toEqual([
      ['key', true, 'known-to-registry', 1, 0.25],
      ['key', false, 'in-several-accounts', 1, 0.25],
      ['key', false, 'no-key-named', 1, 0.25],
      ['key', false, 'unknown-to-registry', 1, 0.25],
      ['owner', true, 'known-at-the-time', 1, 0.25],
      ['owner', false, 'in-several-accounts', 1, 0.25],
      ['owner', false, 'no-key-named', 1, 0.25],
      ['owner', false, 'unknown-to-registry', 1, 0.25],
      ['app', true, 'assigned', 1, 0.25],
      ['app', false, 'in-several-accounts', 1, 0.25],
      ['app', false, 'no-key-named', 1, 0.25],
      ['app', false, 'unknown-to-registry', 1, 0.25],
      ['address', true, 'recorded', 2, 0.5],
      ['address', false, 'host-only', 1, 0.25],
      ['address', false, 'no-address', 1, 0.25],
    ]);
  });
});

describe('owner-usage', () => {
  it('names an owner as at the latest request', async () => {
    expect(await asked('owner-usage', { account_id: 'one' })).toMatchObject([
      { owner: 'one@n.example', owner_name: 'Now', requests: 2 },
    ]);
    expect(await asked('owner-usage', { account_id: 'one', to: ago(20) })).toMatchObject([{ owner_name: 'Once' }]);
  });
});

describe('source-ip-usage', () => {
  it('places an address as it was looked up last, and keeps the place when a later look-up found none', async () => {
    const [row, ...others] = await asked('source-ip-usage', { account_id: 'places' });
    expect(others).toEqual([]);
    expect(row).toMatchObject({ requests: 3, asn: 64_511, as_name: 'After', country: 'NL', network: 'documentation' });
  });
});

describe('resource-changes', () => {
  const asResults = async (given: Readonly<Record<string, string>>) =>
    (await asked('resource-changes', { account_id: 'changes', ...given })).map((row) => [row.event_time, row.result]);

  it('marks what was refused, holds no reading, and does not claim what the record does not say', async () => {
    expect(await asResults({ resource_id: '7' })).toEqual([
      [ago(9), 'made'],
      [ago(7), 'refused'],
      [ago(6), 'refused'],
      [ago(5), 'unknown'],
    ]);
  });

  it('looks for a resource as an id and as a name, and not for what has neither', async () => {
    expect((await asResults({ resource: 'orders' })).map(([time]) => time)).toEqual([
      ...[ago(9), ago(7), ago(6), ago(5), ago(4), ago(3)],
    ]);
    expect((await asResults({ resource_id: 'orders' })).map(([time]) => time)).toEqual([ago(3)]);
    expect((await asResults({ resource_name: 'orders', from: ago(7), to: ago(4) })).map(([time]) => time)).toEqual([
      ...[ago(7), ago(6), ago(5)],
    ]);
  });
});
