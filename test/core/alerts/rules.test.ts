import { describe, expect, it } from 'vitest';
import type { RouteFile } from '../../../schemas/alerts.ts';
import { channelPause } from '../../../src/core/alerts/backoff.ts';
import { dueDigests, type Held } from '../../../src/core/alerts/digests.ts';
import { routed } from '../../../src/core/alerts/routing.ts';
import { refusalOf } from '../../../src/core/alerts/targets.ts';
import { webhookKey } from '../../../src/core/alerts/webhook-signature.ts';
import {
  ALERT_BACKFILL_MS_MAX,
  ALERT_BACKFILL_QUIET_MS,
  ALERT_PAUSE_MS_MAX,
  ALERT_PAUSE_MS_MIN,
  WEBHOOK_KEY_BYTES_MAX,
  WEBHOOK_KEY_BYTES_MIN,
} from '../../../src/core/limits.ts';

describe('routes', () => {
  const alert = { severity: 'medium', rule: 'r', app: 'shop', accountId: '1' } as const;
  const to = (routes: readonly RouteFile[] | undefined) =>
    routed(alert, routes, ['a', 'b']).map(({ channel }) => channel);

  it('without any, everything goes everywhere, and with none, nothing goes anywhere', () => {
    expect(to(undefined)).toEqual(['a', 'b']);
    expect(to([])).toEqual([]);
  });

  it('the first that fits decides, unless it says that others may as well', () => {
    expect(to([{ channels: ['a'] }, { channels: ['b'] }])).toEqual(['a']);
    expect(to([{ channels: ['a'], continue: true }, { channels: ['b'] }])).toEqual(['a', 'b']);
    expect(to([{ severity_min: 'high', channels: ['a'] }, { channels: ['b'] }])).toEqual(['b']);
  });

  it('of a channel that two routes name, the first naming counts', () => {
    const routes = [
      { channels: ['a'], continue: true },
      { channels: ['a'], digest: { every_minutes: 5 } },
    ];
    expect(routed(alert, routes, ['a'])).toEqual([{ channel: 'a' }]);
    expect(routed(alert, [...routes].reverse(), ['a'])).toEqual([{ channel: 'a', digestMinutes: 5 }]);
  });

  it.each<[Partial<RouteFile>, boolean]>([
    [{ severity_min: 'medium' }, true],
    [{ severity_min: 'high' }, false],
    [{ rules: ['x', 'r'] }, true],
    [{ rules: ['x'] }, false],
    [{ apps: ['shop'] }, true],
    [{ apps: ['x'] }, false],
    [{ accounts: ['1'] }, true],
    [{ accounts: ['2'] }, false],
    [{ rules: ['r'], accounts: ['2'] }, false],
  ])('%o fits: %s', (route, fits) => {
    expect(to([{ ...route, channels: ['a'] }])).toEqual(fits ? ['a'] : []);
  });
});

describe('targets', () => {
  const none = { allowPrivate: false, allowed: [] };

  it.each([
    ...['10.0.0.0', '10.255.255.255', '127.0.0.1', '0.0.0.0', '169.254.169.254', '172.16.0.0', '172.31.255.255'],
    ...['192.168.0.1', '100.64.0.1', '100.100.100.200', '224.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1'],
    ...['168.63.129.16', '::1', '::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'fec0::1', '2001:db8::1'],
    ...['::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', '5f00::1', 'words'],
  ])('%s is refused', (address) => {
    expect(refusalOf(address, none)).toEqual(expect.any(String));
  });

  it.each([
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '93.184.216.34',
    '2606:4700::1',
    '::ffff:93.184.216.34',
  ])('%s is public', (address) => {
    expect(refusalOf(address, none)).toBeUndefined();
  });

  it('what is allowed is allowed, to its last address', () => {
    const rules = { allowPrivate: false, allowed: ['10.1.0.0/16', 'fd00::/8'] };
    expect(refusalOf('10.1.255.255', rules)).toBeUndefined();
    expect(refusalOf('::ffff:10.1.0.0', rules)).toBeUndefined();
    expect(refusalOf('10.2.0.0', rules)).toEqual(expect.any(String));
    expect(refusalOf('fd00::1', rules)).toBeUndefined();
    expect(refusalOf('127.0.0.1', { allowPrivate: true, allowed: [] })).toBeUndefined();
  });
});

describe('keys of webhooks', () => {
  it.each([
    [WEBHOOK_KEY_BYTES_MIN - 1, false],
    [WEBHOOK_KEY_BYTES_MIN, true],
    [WEBHOOK_KEY_BYTES_MAX, true],
    [WEBHOOK_KEY_BYTES_MAX + 1, false],
  ])('of %d bytes are taken: %s', (bytes, isTaken) => {
    expect(webhookKey(`whsec_${Buffer.alloc(bytes, 7).toString('base64')}`) !== undefined).toBe(isTaken);
  });

  it('begin as the specification says, and are base64', () => {
    const text = Buffer.alloc(32).toString('base64');
    expect([webhookKey(text), webhookKey(`whsec_!${text}`)]).toEqual([undefined, undefined]);
  });
});

it('a channel is left alone twice as long after each failure, up to a bound, and as long as it asks', () => {
  expect([1, 2, 3].map((failures) => channelPause(failures, undefined, 1))).toEqual(
    [1, 2, 4].map((n) => n * ALERT_PAUSE_MS_MIN),
  );
  expect(channelPause(1, undefined, 0)).toBe(ALERT_PAUSE_MS_MIN / 2);
  expect(channelPause(1_000, undefined, 1)).toBe(ALERT_PAUSE_MS_MAX);
  expect(channelPause(1, 3_600_000, 1)).toBe(3_600_000);
});

describe('a digest of the past', () => {
  const held = (since: number): Held => ({ message: `m${since}`, channel: 'a', kind: 'backfill', since });
  const isDue = (now: number, ...all: Held[]) =>
    dueDigests(all, { now, floodAt: new Map(), flush: false }).length === 1;

  it('is due when it was quiet, or when its first finding is old', () => {
    const busy = [held(0), held(ALERT_BACKFILL_MS_MAX - 1)];
    expect([ALERT_BACKFILL_QUIET_MS - 1, ALERT_BACKFILL_QUIET_MS].map((now) => isDue(now, held(0)))).toEqual([
      false,
      true,
    ]);
    expect([ALERT_BACKFILL_MS_MAX - 1, ALERT_BACKFILL_MS_MAX].map((now) => isDue(now, ...busy))).toEqual([false, true]);
  });

  it('is another one with other members, and the same with the same', () => {
    const ids = [[held(0)], [held(0), held(1)], [held(1), held(0)]].map(
      (all) => dueDigests(all, { now: 0, floodAt: new Map(), flush: true })[0]?.message,
    );
    expect(ids[1]).toBe(ids[2]);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
