import { describe, expect, it } from 'vitest';
import {
  ACCOUNTS,
  APPS,
  exampleNetworks,
  exampleRegistry,
  type GatewayEvent,
  generateConsoleRecords,
  generateGatewayEvents,
  generateLoad,
  KEYS,
  loadLines,
  STORY,
} from '../../examples/generate.ts';
import type { EventFields } from '../../schemas/audit-event.ts';
import { networksFileSchema } from '../../schemas/networks.ts';
import { registryFileSchema } from '../../schemas/registry.ts';
import { recogniseSource } from '../../schemas/sources/index.ts';
import type { JsonObject } from '../../schemas/sources/source.ts';

const MS_PER_DAY = 86_400_000;
const END = Date.parse('2026-11-22T10:00:00Z');
const textOf = (options: { seed: number; end: number }) =>
  Array.from(generateGatewayEvents(options), (event) => JSON.stringify(event)).join('\n');

function fieldsOf(record: JsonObject): EventFields {
  const source = recogniseSource(record);
  const normalised = source?.normalise(record, { accountId: '', isTrustedProxy: () => false });
  if (source?.name !== 'gateway/request' || normalised?.kind !== 'event') throw new Error(JSON.stringify(record));
  return normalised.fields;
}

const records: readonly GatewayEvent[] = [...generateGatewayEvents({ seed: 1, end: END })];
const events = records.map((record) => fieldsOf({ ...record }));
const daysBeforeEnd = (event: EventFields) => (END - event.eventTime) / MS_PER_DAY;
const of = (key: string, address?: string) =>
  events.filter((event) => event.keyId === key && (address === undefined || event.sourceIp === address));

describe('the examples', () => {
  it('are the same bytes for the same seed and end, and others for another', () => {
    expect(textOf({ seed: 7, end: END })).toBe(textOf({ seed: 7, end: END }));
    expect(textOf({ seed: 8, end: END })).not.toBe(textOf({ seed: 7, end: END }));
    expect(textOf({ seed: 7, end: END + 1 })).not.toBe(textOf({ seed: 7, end: END }));
  });

  it('are a few thousand events of about half a kilobyte, in order, over 90 days before the end', () => {
    expect(records.length).toBeGreaterThan(3_000);
    expect(records.length).toBeLessThan(8_000);
    const bytes = textOf({ seed: 1, end: END }).length / records.length;
    expect(bytes).toBeGreaterThan(420);
    expect(bytes).toBeLessThan(600);
    const times = events.map((event) => event.eventTime);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times.at(-1)).toBeLessThan(END);
    expect(daysBeforeEnd(events[0] as EventFields)).toBeGreaterThan(89);
    expect(daysBeforeEnd(events[0] as EventFields)).toBeLessThanOrEqual(90);
  });

  it('have ids of their own', () => {
    expect(new Set(events.map((event) => event.eventId)).size).toBe(events.length);
    expect(new Set(events.map((event) => event.requestId)).size).toBe(events.length);
  });

  it('use all thirteen keys of six owners and five apps in two accounts, and one that nobody wrote down', () => {
    const names = [...KEYS.map((key) => key.name), STORY.unregistered.key];
    expect(new Set(events.map((event) => event.keyId))).toEqual(new Set(names));
    expect(KEYS).toHaveLength(13);
    expect(new Set(KEYS.map((key) => key.owner)).size).toBe(6);
    expect(new Set(KEYS.map((key) => key.app).filter((app) => app !== ''))).toEqual(new Set(APPS));
    expect(new Set(events.map((event) => event.accountId))).toEqual(new Set(ACCOUNTS.map((account) => account.id)));
  });

  it('know working days: people rest at the weekend, machines do not', () => {
    const weekend = (key: string) => of(key).filter((event) => new Date(event.eventTime).getUTCDay() % 6 === 0).length;
    expect(weekend('terraform-staging')).toBe(0);
    expect(weekend('monitoring-exporter')).toBeGreaterThan(50);
  });

  it('depend on nothing but their options, wherever the end lies in the day or year', () => {
    for (const end of [0, 1, 6, 13, 23].map((hours) => Date.parse('2024-03-01T00:00:00Z') + hours * 3_600_000 + 1)) {
      const some = [...generateGatewayEvents({ seed: 3, end })].map((record) => fieldsOf({ ...record }));
      expect(Math.max(...some.map((event) => event.eventTime))).toBeLessThan(end);
      expect(some.filter((event) => event.sourceIp === STORY.denied.address)).toHaveLength(STORY.denied.attempts);
      expect(some.filter((event) => event.sourceIp === STORY.dormant.address)).toHaveLength(STORY.dormant.requests);
    }
  });
});

describe('the story holds:', () => {
  it('an app’s key is used from a foreign address, by night and successfully, which it never was before', () => {
    const { key, address, daysBeforeEnd: days, requestsPerNight } = STORY.foreign;
    const foreign = of(key, address);
    expect(foreign).toHaveLength(days * requestsPerNight);
    expect(events.filter((event) => event.sourceIp === address)).toEqual(foreign);
    expect(foreign.every((event) => event.authResult === 'success' && daysBeforeEnd(event) < days + 1)).toBe(true);
    expect(new Set(foreign.map((event) => new Date(event.eventTime).getUTCHours()))).toEqual(new Set([1, 2]));
    expect(KEYS.find((known) => known.name === key)?.app).toBe('orders');
  });

  it('a key is used by two people in the same hours, and by one of them before', () => {
    const { key, ownerAddress, colleagueAddress, daysBeforeEnd: days } = STORY.shared;
    const colleague = of(key, colleagueAddress);
    expect(colleague.length).toBeGreaterThan(40);
    expect(Math.max(...colleague.map(daysBeforeEnd))).toBeLessThan(days);
    expect(of(key, ownerAddress).filter((event) => daysBeforeEnd(event) > days).length).toBeGreaterThan(100);
    const hourOf = (event: EventFields) => Math.floor(event.eventTime / 3_600_000);
    const hours = new Set(of(key, ownerAddress).map(hourOf));
    expect(colleague.filter((event) => hours.has(hourOf(event))).length).toBeGreaterThan(5);
    expect(new Set(of(key).map((event) => event.sourceIp))).toEqual(new Set([ownerAddress, colleagueAddress]));
  });

  it('a key sleeps for more than 45 days and wakes elsewhere', () => {
    const { key, address, lastDayBeforeEnd, wokeDaysBeforeEnd, requests } = STORY.dormant;
    const days = of(key).map(daysBeforeEnd);
    expect(days.filter((day) => day > lastDayBeforeEnd - 1).length).toBeGreaterThan(20);
    expect(days.filter((day) => day <= lastDayBeforeEnd - 1 && day > wokeDaysBeforeEnd)).toEqual([]);
    expect(of(key, address)).toHaveLength(requests);
    expect(lastDayBeforeEnd - wokeDaysBeforeEnd).toBeGreaterThan(45);
  });

  it('tries from outside an allow list are all denied', () => {
    const { key, address, attempts, reason } = STORY.denied;
    const tries = events.filter((event) => event.sourceIp === address);
    expect(tries).toHaveLength(attempts);
    for (const event of tries) {
      expect(event).toMatchObject({
        keyId: key,
        authResult: 'failure',
        authReason: reason,
        outcome: 'failure',
        statusCode: 403,
      });
    }
    expect(KEYS.find((known) => known.name === key)?.allowList).not.toEqual([]);
  });

  it('an owner is refused from an address that the list of the key holds, and nobody else is refused', () => {
    const { key, address, attempts } = STORY.refused;
    const refused = of(key, address).filter((event) => event.authResult === 'failure');
    expect(refused).toHaveLength(attempts);
    expect(KEYS.find((known) => known.name === key)?.allowList).toEqual([`${address}/32`]);
    const failed = events.filter((event) => event.authResult === 'failure');
    expect(failed).toHaveLength(attempts + STORY.denied.attempts);
  });

  it('a key is used that nobody wrote down, one is used after it was deleted, and one is used no more', () => {
    expect(of(STORY.unregistered.key)).toHaveLength(STORY.unregistered.requests);
    expect(
      of(STORY.deleted.key).filter((event) => daysBeforeEnd(event) < STORY.deleted.daysBeforeEnd).length,
    ).toBeGreaterThan(0);
    const unused = of(STORY.unused.key).map(daysBeforeEnd);
    expect(Math.min(...unused)).toBeGreaterThan(STORY.unused.lastDayBeforeEnd - 1);
  });

  it('one key deletes one database after the other within minutes, and nobody deletes otherwise', () => {
    const { key, address, deletions } = STORY.spree;
    const deleted = events.filter((event) => event.activity === 'delete');
    expect(deleted).toHaveLength(deletions);
    expect(deleted.every((event) => event.keyId === key && event.sourceIp === address)).toBe(true);
    expect(new Set(deleted.map((event) => event.resourceId)).size).toBe(deletions);
    const times = deleted.map((event) => event.eventTime);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(10 * 60_000);
  });

  it('everything else is quiet: known addresses, accepted keys', () => {
    const strange: readonly string[] = [
      ...[STORY.foreign.address, STORY.shared.colleagueAddress, STORY.dormant.address, STORY.denied.address],
    ];
    const { unregistered, refused } = STORY;
    const quiet = events.filter(
      (event) =>
        !strange.includes(event.sourceIp) &&
        event.keyId !== unregistered.key &&
        !(event.keyId === refused.key && event.authReason === refused.reason),
    );
    expect(quiet.length).toBeGreaterThan(3_000);
    for (const event of quiet) {
      expect(KEYS.find((key) => key.name === event.keyId)?.addresses).toContain(event.sourceIp);
      expect(event.authResult).toBe('success');
    }
  });
});

describe('the registry and the networks of the examples', () => {
  it('are files that can be imported', () => {
    expect(registryFileSchema.safeParse(exampleRegistry(END)).error).toBeUndefined();
    expect(networksFileSchema.safeParse(exampleNetworks(END)).error).toBeUndefined();
  });

  it('name every key of the examples but the one that nobody wrote down', () => {
    const named = new Set(registryFileSchema.parse(exampleRegistry(END)).keys?.map((key) => key.key_id));
    expect([...KEYS.map((key) => key.name), 'spare-key'].filter((name) => !named.has(name))).toEqual([]);
    expect(named.has(STORY.unregistered.key)).toBe(false);
  });
});

describe('the console records of the examples', () => {
  it('are entries of the session log and of the system log, before the end', () => {
    const { sessions, entries } = generateConsoleRecords(END);
    const context = { accountId: '1001', isTrustedProxy: () => false };
    for (const [name, all] of [
      ['redis-cloud/session-log', sessions],
      ['redis-cloud/system-log', entries],
    ] as const) {
      const times = all.map((record) => {
        const source = recogniseSource(record);
        const normalised = source?.normalise(record, context);
        if (source?.name !== name || normalised?.kind !== 'event') throw new Error(JSON.stringify(record));
        return normalised.fields.eventTime;
      });
      expect(times.length).toBeGreaterThan(3);
      expect(Math.max(...times)).toBeLessThan(END);
    }
  });
});

describe('the load for benchmarks', () => {
  const load = { seed: 5, count: 3_000, end: END };

  it('has the asked number of events of the asked size, all of which normalise, with ids of their own', () => {
    const lines = [...loadLines(load)];
    expect(lines).toHaveLength(load.count);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([504]));
    expect(new Set(lines.map((line) => fieldsOf(JSON.parse(line) as JsonObject).eventId)).size).toBe(load.count);
  });

  it('is the same bytes in pieces of whole lines', () => {
    const pieces = [...generateLoad(load)];
    expect(pieces.every((piece) => piece.at(-1) === 10)).toBe(true);
    expect(Buffer.concat(pieces).toString()).toBe(`${[...loadLines(load)].join('\n')}\n`);
    expect(Buffer.concat([...generateLoad(load)]).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('spreads over a year, or over one calendar month', () => {
    const timesOf = (spread: 'year' | 'month') =>
      [...loadLines({ ...load, spread })].map((line) => (JSON.parse(line) as GatewayEvent).time);
    expect(new Set(timesOf('year').map((time) => time.slice(0, 7))).size).toBe(13);
    expect(new Set(timesOf('month').map((time) => time.slice(0, 7)))).toEqual(new Set(['2026-10']));
    expect(timesOf('year').every((time) => Date.parse(time) < END && Date.parse(time) >= END - 365 * MS_PER_DAY)).toBe(
      true,
    );
  });
});
