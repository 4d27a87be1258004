import { expect, it } from 'vitest';
import { ACCOUNT_TABLES, COMMON_TABLES, FINDING_TABLES, REPORT_TABLES } from '../../src/store/limited-store.ts';
import { temporaryStore } from '../support/store.ts';

const { store } = await temporaryStore();

/** What says nothing of any account, or is the same for all of them. */
const FOR_EVERYBODY = [
  'app_rules',
  'registry_imports',
  'registry_networks',
  'schema_migrations',
  'store_facts',
  'suppressions',
];

it('of every table it is decided what a reader who is held to accounts sees', async () => {
  const rows = await store.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT IN ('View', 'Dictionary') ORDER BY name",
  );
  const decided = new Set<string>([
    ...ACCOUNT_TABLES,
    ...FINDING_TABLES,
    ...REPORT_TABLES,
    ...COMMON_TABLES,
    ...FOR_EVERYBODY,
  ]);
  expect(rows.map(({ name }) => name).filter((name) => !decided.has(name))).toEqual([]);
  const all = await store.rows<{ name: string }>('SELECT name FROM system.tables WHERE database = currentDatabase()');
  expect([...decided].filter((name) => all.every((one) => one.name !== name))).toEqual([]);
});

it('what is held by its account has an account to be held by', async () => {
  const rows = await store.rows<{ table: string }>(
    "SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() AND name = 'account_id'",
  );
  const held = new Set(rows.map(({ table }) => table));
  expect(ACCOUNT_TABLES.filter((table) => !held.has(table))).toEqual([]);
});
