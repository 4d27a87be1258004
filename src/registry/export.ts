/** The registry as the file that would import it: each version as an entry, and the app rules. */
import type { AppRule } from '../../schemas/registry.ts';
import { type EntityKind, FOLD_RULES, type KnownEntity, type SaysOf } from '../core/registry/entities.ts';
import { foldTimeline, type Version } from '../core/registry/timeline.ts';
import type { Known } from './known.ts';

/** Names and values as the file has them; an absent one is left out. */
export type FileEntry = Readonly<Record<string, unknown>>;

export interface ExportedRegistry {
  readonly accounts: readonly FileEntry[];
  readonly users: readonly FileEntry[];
  readonly keys: readonly FileEntry[];
  readonly app_rules: readonly AppRule[];
}

export function exportRegistry(known: Known, appRules: readonly AppRule[]): ExportedRegistry {
  return {
    accounts: entries(known, 'account', ([account_id], says) => ({
      account_id,
      name: says.name,
      account_key: says.accountKey,
      api_enabled_since: instant(says.apiEnabledSince),
    })),
    users: entries(known, 'user', ([account_id, email], says) => ({
      ...{ account_id, email, user_id: says.userId, name: says.name, role: says.role, active: says.active },
      ...{ has_api_key: says.hasApiKey, mfa: says.mfa },
    })),
    keys: entries(known, 'key', ([account_id, key_id], says) => ({
      ...{
        account_id,
        key_id,
        state: says.state ?? 'unknown',
        owner: says.owner,
        app: says.app,
        purpose: says.purpose,
      },
      ...{ created_at: instant(says.createdAt), created_by: says.createdBy, allow_list: says.allowList },
    })),
    app_rules: appRules,
  };
}

/** One row per version of a key, for a spreadsheet that is imported again. */
export const KEY_COLUMNS = [
  ...['account_id', 'key_id', 'valid_from', 'state', 'owner', 'app', 'purpose'],
  ...['created_at', 'created_by', 'allow_list'],
] as const;

function entries<Kind extends EntityKind>(
  known: Known,
  kind: Kind,
  entryOf: (id: readonly string[], says: SaysOf[Kind]) => FileEntry,
): FileEntry[] {
  return [...known.values()]
    .filter((entity): entity is KnownEntity<Kind> => entity.kind === kind)
    .sort((one, other) => (one.id.join('\0') < other.id.join('\0') ? -1 : 1))
    .flatMap(({ id, statements }) =>
      foldTimeline<SaysOf[Kind]>(statements, FOLD_RULES[kind]).map((version) =>
        entry(entryOf(id, version.says), version),
      ),
    );
}

function entry(fields: FileEntry, { validFrom }: Version<object & Record<string, unknown>>): FileEntry {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(said), valid_from: instant(validFrom) };
}

function instant(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
