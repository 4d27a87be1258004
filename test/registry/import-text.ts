/** Imports text as a file of some name, and tells what the registry then knows. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { noCheckpoint } from '../../src/pipeline/pause-points.ts';
import { type ImportResult, importNetworks, importRegistry } from '../../src/registry/import.ts';
import { readNetworksFile, readRegistryFile } from '../../src/registry/read-file.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryDirectory } from '../support/store.ts';

export interface ImportTextOptions {
  readonly now?: string;
  readonly dryRun?: boolean;
  readonly from?: string;
}

export async function importText(
  store: Store,
  name: string,
  text: string | Buffer,
  options: ImportTextOptions = {},
): Promise<ImportResult> {
  const file = path.join(await temporaryDirectory(), name);
  await writeFile(file, text);
  const { now = '2026-11-01T00:00:00Z', dryRun = false, from } = options;
  const given = {
    ...{ store, now: () => Date.parse(now), dryRun, checkpoint: noCheckpoint },
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
  };
  if (name.startsWith('networks')) {
    const read = await readNetworksFile(file);
    return importNetworks(read.value, read.placeOf, given);
  }
  const read = await readRegistryFile(file);
  return importRegistry(read.value, read.placeOf, given);
}

export interface KeyVersionRow {
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly state: string | null;
  readonly owner: string | null;
  readonly app: string | null;
  readonly allow_list_state: string | null;
  readonly allow_list: readonly string[];
}

export function keyVersions(store: Store, keyId: string, accountId = '1'): Promise<KeyVersionRow[]> {
  return store.rows(
    `SELECT substring(toString(valid_from), 1, 19) AS valid_from, substring(toString(valid_to), 1, 19) AS valid_to,
       state, owner, app, allow_list_state, allow_list
     FROM registry_key_versions WHERE account_id = {accountId:String} AND key_id = {keyId:String} ORDER BY registry_key_versions.valid_from`,
    { parameters: { keyId, accountId } },
  );
}
