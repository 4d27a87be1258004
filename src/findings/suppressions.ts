/** Suppressions: reading those in force, and adding one. */
import { z } from 'zod';
import { parseCidr } from '../../schemas/fields/cidr.ts';
import { UsageError } from '../core/errors.ts';
import type { Suppression } from '../core/findings/suppression.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

const suppressionRow = z.object({
  id: z.string(),
  rule: z.string(),
  entity: z.record(z.string(), z.string()),
  cidr: z.string(),
  until_ms: z.number(),
  author: z.string(),
  reason: z.string(),
});

/** @param nowMs ms since 1970, UTC */
export async function suppressionsInForce(store: Store, nowMs: number): Promise<NewSuppression[]> {
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

/** @throws UsageError CIDR_INVALID, SUPPRESSION_TOO_WIDE, SUPPRESSION_ENDED */
export function checkSuppression(
  { rule, cidr, entity, until }: Pick<Suppression, 'rule' | 'cidr' | 'entity' | 'until'>,
  nowMs: number,
): void {
  const range = cidr === '' ? undefined : parseCidr(cidr);
  if (range?.kind === 'invalid') {
    throw new UsageError('CIDR_INVALID', 'the range is none', { got: cidr, expected: range.expected });
  }
  if (rule === '' && cidr === '' && Object.keys(entity).length === 0) {
    throw new UsageError('SUPPRESSION_TOO_WIDE', 'that would suppress everything', {
      got: 'neither a rule, an entity nor a range',
      expected: 'at least one of them',
    });
  }
  if (until > nowMs) return;
  throw new UsageError('SUPPRESSION_ENDED', 'it would have ended already', {
    got: new Date(until).toISOString(),
    expected: 'a time in the future',
  });
}

/** What it covered stays as it is; what is found from then on is told. */
export async function endSuppression(store: Store, id: string, author: string, nowMs: number): Promise<void> {
  await store.command(statement('suppression-end'), { parameters: { id, author, at: timeText(nowMs) } });
}

const timeText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
