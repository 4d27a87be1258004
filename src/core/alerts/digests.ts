/** When what is held for a digest is sent, and as which. Pure. */
import { ALERT_BACKFILL_MS_MAX, ALERT_BACKFILL_QUIET_MS, ALERT_FLOOD_MS } from '../limits.ts';
import { BACKFILL, FLOOD } from './decide.ts';
import type { DeliveryRow } from './delivery-rows.ts';
import { messageId } from './message.ts';

export interface Held {
  readonly message: string;
  readonly channel: string;
  /** The kind of its digest: `backfill`, `flood`, or the minutes between digests. */
  readonly kind: string;
  /** ms since 1970, UTC */
  readonly since: number;
}

export interface DigestTimes {
  /** ms since 1970, UTC */
  readonly now: number;
  /** When each channel was last sent a digest of a flood. */
  readonly floodAt: ReadonlyMap<string, number>;
  /** Nobody will look again soon: what was held only because more may come is sent. */
  readonly flush: boolean;
}

/** @returns rows that plan a digest of each kind and channel that is due */
export function dueDigests(held: readonly Held[], times: DigestTimes): DeliveryRow[] {
  const groups = new Map<string, Held[]>();
  for (const one of held) {
    const name = JSON.stringify([one.channel, one.kind]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined || !isDue(first, members, times)) return [];
    const ids = members.map(({ message }) => message).sort();
    return [
      {
        message: messageId('digest', first.channel, ids),
        ...{ at: times.now, result: 'planned', attempt: 0, channel: first.channel, occasion: 'digest' },
        ...{ fingerprint: '', occasionAt: times.now, detail: first.kind, members: ids },
      } as const,
    ];
  });
}

function isDue({ kind, channel }: Held, members: readonly Held[], { now, floodAt, flush }: DigestTimes): boolean {
  if (flush && (kind === FLOOD || kind === BACKFILL)) return true;
  const times = members.map(({ since }) => since);
  // Spread into arguments, fifty thousand of them would overflow the stack.
  const oldest = times.reduce((least, one) => Math.min(least, one));
  const newest = times.reduce((most, one) => Math.max(most, one));
  // Either way: a clock that was set back must not make anybody wait for it.
  const age = Math.abs(now - oldest);
  if (kind === FLOOD) return Math.abs(now - (floodAt.get(channel) ?? Number.NEGATIVE_INFINITY)) >= ALERT_FLOOD_MS;
  if (kind === BACKFILL) return Math.abs(now - newest) >= ALERT_BACKFILL_QUIET_MS || age >= ALERT_BACKFILL_MS_MAX;
  return age >= Number(kind) * 60_000;
}
