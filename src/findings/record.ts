/**
 * Enters what detections found: once each. What was found before gets evidence instead, and what was closed opens again
 * only for an event that was stored after it was closed. What was withdrawn holds again when it is found again.
 */
import { z } from 'zod';
import { sha256 } from '../core/dead-letter-row.ts';
import type { Finding } from '../core/findings/finding.ts';
import { evidenceDay, evidenceRows, findingRows } from '../core/findings/rows.ts';
import { FINDINGS_INSERTED_ROWS } from '../core/limits.ts';
import type { TableRows } from '../core/registry/rows.ts';
import { withRetry } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { act, KEYTRAIL } from './actions.ts';

export interface Recorded {
  /** Found for the first time. */
  readonly added: readonly Finding[];
  /** Found before, with events of a day that it had none of. */
  readonly shown: readonly Finding[];
  /** Closed before, and open again. */
  readonly reopened: readonly Finding[];
}

const knownRow = z.object({
  fingerprint: z.string(),
  state: z.string(),
  acted_ms: z.number(),
  days: z.array(z.number()),
});
type Known = z.infer<typeof knownRow>;

const ATTEMPTS_MAX = 5;

/** @param findings of each fingerprint at most one; entering them a second time adds nothing */
export async function recordFindings(store: Store, findings: readonly Finding[]): Promise<Recorded> {
  const all = { added: [] as Finding[], shown: [] as Finding[], reopened: [] as Finding[] };
  for (let from = 0; from < findings.length; from += FINDINGS_INSERTED_ROWS) {
    const some = findings.slice(from, from + FINDINGS_INSERTED_ROWS);
    const { added, shown, reopened, withdrawn } = sorted(some, await knownOf(store, some));
    if (added.length > 0) await insert(store, findingRows(added));
    if (shown.length + reopened.length > 0) await insert(store, evidenceRows([...shown, ...reopened]));
    await reinstate(store, withdrawn);
    all.added.push(...added);
    all.shown.push(...shown);
    all.reopened.push(...reopened, ...withdrawn);
  }
  return all;
}

async function knownOf(store: Store, findings: readonly Finding[]): Promise<ReadonlyMap<string, Known>> {
  const parameters = { fingerprints: findings.map(({ fingerprint }) => fingerprint) };
  const rows = z.array(knownRow).parse(await store.rows(statement('findings-known'), { parameters }));
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

async function reinstate(store: Store, findings: readonly Finding[]): Promise<void> {
  const [first] = findings;
  if (first === undefined) return;
  const said = { action: 'reinstate', author: KEYTRAIL, note: 'found again by what is known now' } as const;
  await act(
    store,
    findings.map(({ fingerprint }) => fingerprint),
    { ...said, at: first.foundAt },
  );
}

interface Sorted extends Recorded {
  /** Found again after they were withdrawn, by no new event. */
  readonly withdrawn: readonly Finding[];
}

function sorted(findings: readonly Finding[], known: ReadonlyMap<string, Known>): Sorted {
  const isOpen = ({ state }: Known) => state === 'open' || state === 'acknowledged';
  const of = (finding: Finding) => known.get(finding.fingerprint);
  return {
    withdrawn: findings.filter((finding) => {
      const before = of(finding);
      return before?.state === 'withdrawn' && finding.storedUntil <= before.acted_ms;
    }),
    added: findings.filter((finding) => of(finding) === undefined),
    shown: findings.filter((finding) => {
      const before = of(finding);
      return before !== undefined && isOpen(before) && !before.days.includes(evidenceDay(finding));
    }),
    reopened: findings.filter((finding) => {
      const before = of(finding);
      return before !== undefined && !isOpen(before) && finding.storedUntil > before.acted_ms;
    }),
  };
}

function insert(store: Store, { table, columns, bytes, rows }: TableRows): Promise<void> {
  const token = sha256(bytes).toString('hex');
  return withRetry(() => store.insert({ table, columns, body: [bytes], rows, token }), {
    attemptsMaxFor: () => ATTEMPTS_MAX,
  });
}
