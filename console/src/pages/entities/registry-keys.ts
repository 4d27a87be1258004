/** What the registry says of a key over time, as the pages read it. */
import type { RowsDocument } from '../../../../schemas/api/questions.ts';

export interface KeyVersion {
  readonly account: string;
  readonly number: number;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly state: string;
  readonly owner: string;
  readonly app: string;
  readonly purpose: string;
  readonly createdAt: string | null;
  readonly allowListState: string;
  readonly allowList: readonly string[];
  readonly precisionMs: number;
  readonly recordedAt: string;
  readonly origin: string;
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const orNull = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

export function versionsOf({ rows }: RowsDocument): readonly KeyVersion[] {
  return rows.map((row) => ({
    account: text(row.account_id),
    number: Number(row.key_number),
    validFrom: text(row.valid_from),
    validTo: orNull(row.valid_to),
    ...{ state: text(row.state), owner: text(row.owner), app: text(row.app), purpose: text(row.purpose) },
    createdAt: orNull(row.created_at),
    allowListState: text(row.allow_list_state),
    allowList: Array.isArray(row.allow_list) ? row.allow_list.map(String) : [],
    precisionMs: Number(row.precision_ms),
    ...{ recordedAt: text(row.recorded_at), origin: text(row.origin) },
  }));
}

/** The one that is valid now; of one account, where a name is known in several. */
export function versionNow(versions: readonly KeyVersion[], nowMs = Date.now()): KeyVersion | undefined {
  return versions.findLast(
    ({ validFrom, validTo }) => Date.parse(validFrom) <= nowMs && (validTo === null || Date.parse(validTo) > nowMs),
  );
}

export interface Change {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

function listText({ allowListState, allowList }: KeyVersion): string {
  if (allowListState === 'defined') return allowList.length === 0 ? 'nothing allowed' : allowList.join(', ');
  return allowListState === 'none' ? 'no list' : 'not known';
}

/** What one version says that the one before did not; of the first, nothing. */
export function changesOf(version: KeyVersion, before: KeyVersion | undefined): readonly Change[] {
  if (before === undefined) return [];
  const pairs: readonly (readonly [string, string, string])[] = [
    ['state', before.state, version.state],
    ['owner', before.owner, version.owner],
    ['app', before.app, version.app],
    ['purpose', before.purpose, version.purpose],
    ['allow list', listText(before), listText(version)],
  ];
  return pairs.filter(([, from, to]) => from !== to).map(([field, from, to]) => ({ field, from, to }));
}

/** Since when it is as it is now, and what was different before; `undefined` where nothing ever changed. */
export function lastChange(versions: readonly KeyVersion[]): { at: string; changes: readonly Change[] } | undefined {
  const now = versionNow(versions);
  const at = now === undefined ? -1 : versions.indexOf(now);
  for (let place = at; place > 0; place--) {
    const version = versions[place];
    const before = versions[place - 1];
    if (version === undefined || before === undefined || before.account !== version.account) return undefined;
    const changes = changesOf(version, before);
    if (changes.length > 0) return { at: version.validFrom, changes };
  }
  return undefined;
}
