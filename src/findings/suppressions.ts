/** Suppressions: reading those in force, and adding one. */
import { z } from 'zod';
import type { Suppression } from '../core/findings/suppression.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

const suppressionRow = z.object({
  id: z.string(),
  rule: z.string(),
  entity: z.record(z.string(), z.string()),
  cidr: z.string(),
  until_ms: z.number(),
});

/** @param nowMs ms since 1970, UTC */
export async function suppressionsInForce(store: Store, nowMs: number): Promise<Suppression[]> {
  const parameters = { now: timeText(nowMs) };
  const rows = z.array(suppressionRow).parse(await store.rows(statement('suppressions-in-force'), { parameters }));
  return rows.map(({ until_ms, ...row }) => ({ ...row, until: until_ms }));
}

export interface NewSuppression extends Suppression {
  readonly author: string;
  readonly reason: string;
}

export async function suppress(store: Store, suppression: NewSuppression, nowMs: number): Promise<void> {
  const { id, rule, entity, cidr, until, author, reason } = suppression;
  const parameters = {
    ...{ id, rule, cidr, author, reason },
    columns: Object.keys(entity),
    patterns: Object.values(entity),
    at: timeText(nowMs),
    until: timeText(until),
  };
  await store.command(statement('suppress'), { parameters });
}

const timeText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
