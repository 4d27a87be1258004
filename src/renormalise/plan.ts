/** Which months are rewritten, and why. Pure, but for the question that it is made of. */
import { z } from 'zod';
import { SOURCES, sourceNamed } from '../../schemas/sources/index.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

export interface StoredRows {
  /** `202601` */
  readonly month: number;
  readonly source: string;
  readonly schemaVersion: number;
  readonly networkEdition: string;
  /** As they lie there: repeats that are not merged yet count. */
  readonly rows: number;
}

export interface Wanted {
  /** Only network columns; else rows of older normalisers, and the network columns of their months. */
  readonly networkOnly: boolean;
  /** `''`: addresses are not looked up, and network columns stay as they are. */
  readonly edition: string;
}

export interface MonthRows extends StoredRows {
  /** What becomes of them; `copy` when they are only in a month that is rewritten for others. */
  readonly action: 'normalise' | 'network' | 'copy';
}

export interface MonthPlan {
  readonly month: number;
  readonly rows: readonly MonthRows[];
}

const planRow = z.object({
  month: z.number(),
  source: z.string(),
  schema_version: z.number(),
  network_edition: z.string(),
  rows: z.number(),
});

export async function storedRows(store: Store, first: number, last: number): Promise<StoredRows[]> {
  const rows = await store.rows(statement('renormalise-plan'), { parameters: { first, last } });
  return z
    .array(planRow)
    .parse(rows)
    .map((row) => ({
      month: row.month,
      source: row.source,
      schemaVersion: row.schema_version,
      networkEdition: row.network_edition,
      rows: row.rows,
    }));
}

/** @returns the months that need it, oldest first */
export function planMonths(stored: readonly StoredRows[], wanted: Wanted): MonthPlan[] {
  const months = new Map<number, MonthRows[]>();
  for (const row of stored) {
    const rows = months.get(row.month) ?? [];
    rows.push({ ...row, action: actionFor(row, wanted) });
    months.set(row.month, rows);
  }
  const reason = wanted.networkOnly ? 'network' : 'normalise';
  return [...months]
    .filter(([, rows]) => rows.some(({ action }) => action === reason))
    .sort(([one], [other]) => one - other)
    .map(([month, rows]) => ({ month, rows }));
}

function actionFor({ source, schemaVersion, networkEdition }: StoredRows, wanted: Wanted): MonthRows['action'] {
  if (!wanted.networkOnly && schemaVersion < versionOf(source)) return 'normalise';
  return wanted.edition !== '' && networkEdition !== wanted.edition ? 'network' : 'copy';
}

/** 0 for a source that this program does not know: its rows stay as they are. */
function versionOf(source: string): number {
  return sourceNamed(source)?.version ?? 0;
}

/** Names and versions of the present normalisers, for statements; versions below every row's when none is to be run. */
export function normaliserVersions({ networkOnly }: Pick<Wanted, 'networkOnly'>): {
  readonly sources: readonly string[];
  readonly versions: readonly number[];
} {
  return {
    sources: SOURCES.map(({ name }) => name),
    versions: SOURCES.map(({ version }) => (networkOnly ? 0 : version)),
  };
}
