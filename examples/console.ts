/**
 * What owners did in the console: entries of Redis Cloud's session log and system log. The system log tells neither
 * address nor client, so who wants to know from where something was done has to look at the logins before it.
 */
import { OWNERS } from './cast.ts';

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;

export interface ConsoleRecords {
  /** `redis-cloud/session-log` */
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
  /** `redis-cloud/system-log` */
  readonly entries: readonly Readonly<Record<string, unknown>>[];
}

interface Login {
  readonly daysBeforeEnd: number;
  readonly email: string;
  readonly address: string;
}

interface Deed {
  readonly daysBeforeEnd: number;
  readonly minutesLater: number;
  readonly owner: { readonly name: string; readonly email: string };
  readonly type: string;
  readonly description: string;
  /** Of what is done to a database. */
  readonly resource?: string;
}

const LOGINS: readonly Login[] = [
  { daysBeforeEnd: 20, email: OWNERS.ada.email, address: '198.51.100.130' },
  { daysBeforeEnd: 9, email: OWNERS.elif.email, address: '198.51.100.131' },
  { daysBeforeEnd: 6, email: OWNERS.elif.email, address: '203.0.113.77' },
  { daysBeforeEnd: 2, email: OWNERS.ada.email, address: '198.51.100.130' },
];

const DEEDS: readonly Deed[] = [
  {
    ...{ daysBeforeEnd: 20, minutesLater: 12, owner: OWNERS.ada, type: 'Configuration' },
    resource: 'orders-cache',
    description: 'Source ip/subnet added. Ip/subnet - 198.51.100.64/28',
  },
  {
    ...{ daysBeforeEnd: 6, minutesLater: 25, owner: OWNERS.elif, type: 'Configuration' },
    resource: 'orders-cache',
    description: 'Source ip/subnet added. Ip/subnet - 0.0.0.0/0',
  },
  {
    ...{ daysBeforeEnd: 2, minutesLater: 40, owner: OWNERS.ada, type: 'Subscription' },
    description: 'Subscription #1209 created - Redis Cloud/Pro',
  },
  {
    ...{ daysBeforeEnd: 12, minutesLater: 0, owner: OWNERS.ben, type: 'Configuration' },
    description: 'Database Throughput was changed from 1000 ops/sec to 2000 ops/sec',
  },
];

/** @param end ms since 1970: every record is before it */
export function generateConsoleRecords(end: number): ConsoleRecords {
  // The source's clock has seconds.
  const at = (daysBeforeEnd: number, minutes: number) =>
    new Date(end - daysBeforeEnd * MS_PER_DAY - 120 * MS_PER_MINUTE + minutes * MS_PER_MINUTE)
      .toISOString()
      .replace(/\.\d+Z/, 'Z');
  return {
    sessions: LOGINS.map(({ daysBeforeEnd, email, address }, number) => ({
      id: `00000000-0000-4000-8000-${String(number + 1).padStart(12, '0')}`,
      time: at(daysBeforeEnd, 0),
      user: email,
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0',
      ipAddress: address,
      userRole: 'owner',
      type: 'sso',
      action: 'Successful login',
    })),
    entries: DEEDS.map(({ daysBeforeEnd, minutesLater, owner, type, resource, description }, number) => ({
      id: 3_100_000 + number,
      time: at(daysBeforeEnd, minutesLater),
      originator: `${owner.name} (${owner.email})`,
      ...(resource === undefined ? {} : { resource }),
      type,
      description,
    })),
  };
}
