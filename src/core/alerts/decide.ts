/**
 * What becomes of an alert: sent by itself, held for a digest, or wanted by nobody. Decided once for each occasion, for
 * all channels together, so that a change of the configuration surprises nobody with what was found before. Pure.
 */
import type { RouteFile } from '../../../schemas/alerts.ts';
import type { Severity } from '../../../schemas/detections.ts';
import { ALERT_SINGLE_MESSAGES_MAX } from '../limits.ts';
import type { DeliveryRow } from './delivery-rows.ts';
import { messageId } from './message.ts';
import { type Destination, routed } from './routing.ts';
import type { Occasion } from './telling.ts';

export interface Intent {
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly accountId: string;
  readonly app: string;
  readonly backfill: boolean;
  readonly occasion: Occasion;
  /** What tells one reopening or resolution from the next, ms since 1970 UTC; 0 for the first finding. */
  readonly occasionAt: number;
  /** When it came to be, ms since 1970 UTC. */
  readonly happenedAt: number;
  /** Channels that were sent an earlier message about it. */
  readonly told: readonly string[];
}

export interface KnownChannel {
  readonly name: string;
  readonly resolves: boolean;
  /** What came to be before is not sent by itself, ms since 1970 UTC. */
  readonly since: number;
  /** Messages that it was sent one by one lately. */
  readonly lately: number;
}

export interface Decisions {
  readonly routes: readonly RouteFile[] | undefined;
  readonly channels: readonly KnownChannel[];
  /** ms since 1970, UTC */
  readonly now: number;
}

export const BACKFILL = 'backfill';
export const FLOOD = 'flood';

interface Placed {
  readonly intent: Intent;
  readonly channel: KnownChannel;
  readonly digestMinutes: number | undefined;
}

/** @returns rows to be entered at once: none of them counts without the others */
export function decided(intents: readonly Intent[], decisions: Decisions): DeliveryRow[] {
  const placed: Placed[] = [];
  const rows: DeliveryRow[] = [];
  for (const intent of intents) {
    const places = placesOf(intent, decisions);
    placed.push(...places);
    if (places.length === 0) rows.push(rowOf(intent, '', 'unrouted', '', decisions.now));
  }
  const floods = floodedChannels(placed);
  for (const { intent, channel, digestMinutes } of placed) {
    const kind = digestKind(intent, digestMinutes, floods.has(channel.name));
    const result = kind === undefined ? 'planned' : 'held';
    rows.push(rowOf(intent, channel.name, result, kind ?? '', decisions.now));
  }
  return rows;
}

/** A person's wish that a finding is sent although it was not, or is older than a channel. */
export function askedFor(intent: Intent, { routes, channels, now }: Decisions): DeliveryRow[] {
  const names = channels.map(({ name }) => name);
  return routed(intent, routes, names).map(({ channel }) => rowOf(intent, channel, 'again', '', now));
}

/** That something is over is told to those that were told of it; all else goes where the routes lead. */
function placesOf(intent: Intent, { routes, channels }: Decisions): Placed[] {
  const names = channels.map(({ name }) => name);
  const destinations: readonly Destination[] =
    intent.occasion === 'resolved' ? intent.told.map((channel) => ({ channel })) : routed(intent, routes, names);
  return destinations.flatMap(({ channel: name, digestMinutes }) => {
    const channel = channels.find((one) => one.name === name);
    if (channel === undefined || intent.happenedAt < channel.since) return [];
    if (intent.occasion === 'resolved' && !channel.resolves) return [];
    return [{ intent, channel, digestMinutes }];
  });
}

const isSingle = ({ intent, digestMinutes }: Placed): boolean =>
  digestMinutes === undefined && !intent.backfill && intent.occasion !== 'resolved';

/** More at once than a person reads: then none of them by itself. */
function floodedChannels(placed: readonly Placed[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const one of placed) {
    if (isSingle(one)) counts.set(one.channel.name, (counts.get(one.channel.name) ?? one.channel.lately) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > ALERT_SINGLE_MESSAGES_MAX).map(([name]) => name));
}

function digestKind(intent: Intent, minutes: number | undefined, isFlood: boolean): string | undefined {
  if (intent.occasion === 'resolved') return undefined;
  if (intent.backfill) return BACKFILL;
  if (minutes !== undefined) return String(minutes);
  return isFlood ? FLOOD : undefined;
}

function rowOf(
  { fingerprint, occasion, occasionAt }: Intent,
  channel: string,
  result: DeliveryRow['result'],
  detail: string,
  at: number,
): DeliveryRow {
  const message = channel === '' ? '' : messageId(fingerprint, occasion, occasionAt, channel);
  return { message, at, result, attempt: 0, channel, occasion, fingerprint, occasionAt, detail, members: [] };
}
