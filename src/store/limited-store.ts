/**
 * A store as one caller may see it: read-only, and nothing of other accounts. The engine adds the filter to every read
 * of the tables that hold accounts, whatever view, subquery or join the read stands in; so this is the one place where
 * a caller is held to its accounts, and no route can forget it.
 */
import { invariant } from '../core/errors.ts';
import type { QueryOptions, Settings, Store } from './store.ts';

/** Tables whose rows belong to an account. */
export const ACCOUNT_TABLES = [
  'audit_events',
  'dead_letters',
  'dead_letter_log',
  'registry_accounts',
  'registry_users',
  'registry_keys',
  'collector_log',
  'key_places',
  'key_manners',
  'key_hours',
  'event_ids',
  'findings',
  'report_documents',
] as const;

/** Tables whose rows belong to a finding, and with it to an account. */
export const FINDING_TABLES = ['finding_evidence', 'finding_actions', 'deliveries'] as const;

/** Tables whose rows belong to a report, and with it to an account; a report of all accounts belongs to none. */
export const REPORT_TABLES = ['report_deliveries'] as const;

/**
 * Tables and views of which a caller who is held to accounts sees nothing: their rows belong to none, or to several.
 */
export const COMMON_TABLES = [
  'ledger',
  'access_tokens',
  'reader_scope',
  'detection_cursors',
  'knowledge_places',
  'alert_channels',
  'report_runs',
] as const;

/** @param accounts empty: all; then only writing is refused */
export function limitedTo(store: Store, accounts: readonly string[]): Store {
  return new LimitedStore(store, accounts);
}

/** The setting that holds a read to accounts. */
export function accountSettings(accounts: readonly string[]): Settings {
  if (accounts.length === 0) return {};
  const own = `IN (${accounts.map(quoted).join(', ')})`;
  const filter = `account_id ${own}`;
  const filters = [
    ...ACCOUNT_TABLES.map((table) => [table, filter] as const),
    ...FINDING_TABLES.map(
      (table) => [table, `fingerprint IN (SELECT fingerprint FROM findings WHERE ${filter})`] as const,
    ),
    ...REPORT_TABLES.map(
      (table) => [table, `document_id IN (SELECT document_id FROM report_documents WHERE ${filter})`] as const,
    ),
    // One that names no account, or a pattern of several, is about all of them.
    ['suppressions', `entity['account_id'] ${own}`] as const,
    ...COMMON_TABLES.map((table) => [table, '0'] as const),
  ];
  return {
    additional_table_filters: `{${filters.map(([table, text]) => `${quoted(table)}:${quoted(text)}`).join(',')}}`,
  };
}

function quoted(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

class LimitedStore implements Store {
  readonly #store: Store;
  readonly #settings: Settings;

  constructor(store: Store, accounts: readonly string[]) {
    this.#store = store;
    this.#settings = accountSettings(accounts);
  }

  rows<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
    return this.#store.rows<Row>(sql, this.#limited(options));
  }

  stream(sql: string, format: string, options: QueryOptions = {}): AsyncIterable<Uint8Array> {
    return this.#store.stream(sql, format, this.#limited(options));
  }

  async command(): Promise<void> {
    invariant(false, 'a reader changes nothing');
  }

  async insert(): Promise<void> {
    invariant(false, 'a reader stores nothing');
  }

  /** The store that it is a view of is closed by its owner. */
  async close(): Promise<void> {}

  #limited(options: QueryOptions): QueryOptions {
    return { ...options, role: 'reader', settings: { ...options.settings, ...this.#settings } };
  }
}
