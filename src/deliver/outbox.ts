/** The stored side of delivering: what is to be sent, and what became of it. Nothing is kept anywhere else. */
import { z } from 'zod';
import { SEVERITIES } from '../../schemas/detections.ts';
import type { Intent } from '../core/alerts/decide.ts';
import { DELIVERY_RESULTS, type DeliveryRow, deliveryRows } from '../core/alerts/delivery-rows.ts';
import type { DigestCount, DigestTop } from '../core/alerts/digest-message.ts';
import type { ToldFinding } from '../core/alerts/telling.ts';
import { sha256 } from '../core/dead-letter-row.ts';
import { ALERT_DECIDED_ROWS_MAX, ALERT_DIGEST_ENTRIES_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

const OCCASIONS = ['opened', 'reopened', 'resolved'] as const;
const severity = z.enum(SEVERITIES);
const json = z.string().transform((text) => z.record(z.string(), z.unknown()).parse(JSON.parse(text)));

const undecidedRow = z.object({
  ...{ fingerprint: z.string(), rule: z.string(), severity, account_id: z.string(), app: z.string() },
  ...{ backfill: z.boolean(), occasion: z.enum(OCCASIONS), occasion_ms: z.number(), happened_ms: z.number() },
  told: z.array(z.string()),
});

/** Alerts since a time (ms since 1970, UTC) of which nobody decided yet where they are sent. */
export async function undecided(store: Store, since: number): Promise<Intent[]> {
  const parameters = { since: timeText(since), rows_max: ALERT_DECIDED_ROWS_MAX };
  const rows = z.array(undecidedRow).parse(await store.rows(statement('alerts-undecided'), { parameters }));
  return rows.map(({ account_id, occasion_ms, happened_ms, ...row }) => ({
    ...row,
    accountId: account_id,
    occasionAt: occasion_ms,
    happenedAt: happened_ms,
  }));
}

const waitingRow = z.object({
  ...{ message: z.string(), result: z.enum(DELIVERY_RESULTS), attempt: z.number(), detail: z.string() },
  ...{ channel: z.string(), occasion: z.enum([...OCCASIONS, 'digest']), fingerprint: z.string(), first_ms: z.number() },
});
export type Waiting = z.infer<typeof waitingRow>;

export async function waiting(store: Store): Promise<Waiting[]> {
  return z.array(waitingRow).parse(await store.rows(statement('alerts-waiting')));
}

/** Differs from what it was when there may be something to decide or to send. */
export async function changes(store: Store): Promise<string> {
  const [row] = await store.rows<{ seen: string }>(statement('alerts-changes'));
  return row?.seen ?? '';
}

/** @returns since when each channel is there, ms since 1970 UTC; those that are new, from now on */
export async function knownChannels(store: Store, names: readonly string[], now: number): Promise<Map<string, number>> {
  const rows = await store.rows<{ channel: string; since_ms: number }>(statement('alerts-channels'));
  const known = new Map(rows.map(({ channel, since_ms }) => [channel, since_ms]));
  const fresh = names.filter((name) => !known.has(name));
  if (fresh.length > 0) {
    await store.command(statement('alerts-note-channels'), { parameters: { channels: fresh, at: timeText(now) } });
  }
  return new Map(names.map((name) => [name, known.get(name) ?? now]));
}

/** All rows or none: they are one block of one table. */
export async function append(store: Store, rows: readonly DeliveryRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { table, columns, bytes, rows: count } = deliveryRows(rows);
  await store.insert({ table, columns, body: [bytes], rows: count, token: sha256(bytes).toString('hex') });
}

const findingRow = z.object({
  ...{ fingerprint: z.string(), rule: z.string(), rule_version: z.number(), severity },
  ...{ entity: z.record(z.string(), z.string()), account_id: z.string(), key_id: z.string() },
  ...{ first_ms: z.number(), last_ms: z.number(), found_ms: z.number(), events: z.number() },
  ...{ event_ids: z.array(z.string()), summary: z.string(), facts: json, parameters: json },
  ...{ state: z.string(), author: z.string(), note: z.string() },
});

export async function findingsOf(store: Store, fingerprints: readonly string[]): Promise<Map<string, ToldFinding>> {
  const parameters = { fingerprints: [...fingerprints] };
  const rows = z.array(findingRow).parse(await store.rows(statement('alerts-findings'), { parameters }));
  return new Map(
    rows.map(({ rule_version, account_id, key_id, first_ms, last_ms, found_ms, event_ids, ...row }) => [
      row.fingerprint,
      {
        ...row,
        ...{ ruleVersion: rule_version, accountId: account_id, keyId: key_id, eventIds: event_ids },
        ...{ firstSeen: first_ms, lastSeen: last_ms, foundAt: found_ms },
      },
    ]),
  );
}

const countRow = z.object({ rule: z.string(), severity, findings: z.number() });
const topRow = z.object({ fingerprint: z.string(), rule: z.string(), severity, summary: z.string() });

/** What a digest that was planned tells of. */
export async function digestOf(store: Store, message: string): Promise<{ counts: DigestCount[]; top: DigestTop[] }> {
  const counts = await store.rows(statement('alerts-digest-counts'), { parameters: { message } });
  const parameters = { message, rows_max: ALERT_DIGEST_ENTRIES_MAX };
  const top = await store.rows(statement('alerts-digest-top'), { parameters });
  return { counts: z.array(countRow).parse(counts), top: z.array(topRow).parse(top) };
}

const againRow = z.object({
  ...{ message: z.string(), attempt: z.number(), channel: z.string(), occasion: z.enum([...OCCASIONS, 'digest']) },
  ...{ fingerprint: z.string(), occasion_ms: z.number() },
});

/**
 * Asks for messages to be sent once more: those that were given up, or those whose id begins so.
 *
 * @returns how many there were
 */
export async function sendAgain(store: Store, prefix: string, now: number): Promise<number> {
  const found = z.array(againRow).parse(await store.rows(statement('alerts-again'), { parameters: { prefix } }));
  const rows = found.map(({ message, attempt, channel, occasion, fingerprint, occasion_ms }) => ({
    ...{ message, at: now, result: 'again' as const, attempt, channel, occasion, fingerprint },
    ...{ occasionAt: occasion_ms, detail: '', members: [] },
  }));
  await append(store, rows);
  return rows.length;
}

const timeText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
