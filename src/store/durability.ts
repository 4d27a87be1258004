/** Whether an acknowledged insert is really stored: what the server makes of our settings, and what the tables say. */
import { UserError } from '../core/errors.ts';
import { INSERT_SETTINGS } from './clickhouse-store.ts';
import { CAPPED_CODES, storeErrorOf } from './errors.ts';
import type { Settings, Store } from './store.ts';

export interface Weakness {
  /** A setting, or a setting of a table as `<table>.<setting>`. */
  readonly setting: string;
  readonly got: string;
  readonly expected: string;
}

/** Settings without which an insert may be acknowledged before it is stored, or stored twice. */
const DECISIVE: readonly string[] = [
  'async_insert',
  'insert_deduplicate',
  'insert_quorum',
  'distributed_foreground_insert',
];
/** Tables whose rows are the only copy once an offset is committed, or a cursor has moved. */
const DURABLE_TABLES: readonly string[] = [
  'audit_events',
  'dead_letters',
  'dead_letter_log',
  'ledger',
  'collector_log',
  'findings',
  'finding_evidence',
  'finding_actions',
  'suppressions',
  'deliveries',
  'report_documents',
  'report_deliveries',
  'report_runs',
];
const TABLE_SETTINGS: readonly string[] = ['fsync_after_insert', 'fsync_part_directory'];
/** Codes of a server that does not let us set something: constraint, read-only profile. */
const SETTING_CONSTRAINT_VIOLATION = 452;

/**
 * What weakens durability; nothing when all is well.
 *
 * @param insertSettings settings of inserts beyond the usual ones, such as a cluster's quorum
 */
export async function durabilityWeaknesses(store: Store, insertSettings: Settings = {}): Promise<Weakness[]> {
  const asked = Object.entries({ ...INSERT_SETTINGS, ...insertSettings }).filter(([name]) => DECISIVE.includes(name));
  return [...(await settingWeaknesses(store, Object.fromEntries(asked))), ...(await tableWeaknesses(store))];
}

/** @throws UserError STORE_NOT_DURABLE with the first weakness */
export async function checkDurability(store: Store, insertSettings: Settings = {}): Promise<void> {
  const [first, ...others] = await durabilityWeaknesses(store, insertSettings);
  if (first === undefined) return;
  throw new UserError('STORE_NOT_DURABLE', 'the store would acknowledge records before they are safe', {
    got: `${first.setting} = ${first.got}${others.length > 0 ? `, and ${others.length} more` : ''}`,
    expected: `${first.setting} = ${first.expected}`,
    next: 'take the setting out of the profile of this user or of the table; keytrail doctor lists them all',
  });
}

async function settingWeaknesses(store: Store, settings: Settings): Promise<Weakness[]> {
  const names = Object.keys(settings);
  try {
    const rows = await store.rows<{ name: string; value: string }>(
      'SELECT name, value FROM system.settings WHERE name IN {names:Array(String)} ORDER BY name',
      { parameters: { names }, settings },
    );
    return rows
      .filter((row) => row.value !== String(settings[row.name]))
      .map((row) => ({ setting: row.name, got: row.value, expected: String(settings[row.name]) }));
  } catch (cause) {
    const error = storeErrorOf(cause);
    if (error.code !== SETTING_CONSTRAINT_VIOLATION && !CAPPED_CODES.has(error.code)) throw cause;
    return [{ setting: names.join(', '), got: error.message, expected: 'a user that may set them' }];
  }
}

async function tableWeaknesses(store: Store): Promise<Weakness[]> {
  const rows = await store.rows<{ name: string; sql: string }>(
    `SELECT name, create_table_query AS sql FROM system.tables
     WHERE database = currentDatabase() AND name IN {names:Array(String)} AND engine LIKE '%MergeTree' ORDER BY name`,
    { parameters: { names: DURABLE_TABLES } },
  );
  return rows.flatMap(({ name, sql }) =>
    TABLE_SETTINGS.filter((setting) => !new RegExp(`\\b${setting} = 1\\b`).test(sql)).map((setting) => ({
      setting: `${name}.${setting}`,
      got: new RegExp(`\\b${setting} = (\\w+)`).exec(sql)?.[1] ?? 'not set',
      expected: '1',
    })),
  );
}
