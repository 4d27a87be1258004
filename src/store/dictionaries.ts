/** The dictionaries of the registry, which hold what the store had when they were loaded last. */
import type { Store } from './store.ts';

/**
 * In this order: prefixes are those of the networks that were loaded before them. The engine loads these once more with
 * them, by itself, which it does not promise.
 */
const REGISTRY_DICTIONARIES = [
  'registry_account_at',
  'registry_user_at',
  'registry_allow_list_at',
  'registry_key_at',
  'registry_key_home',
  'registry_network_at',
  'registry_prefix_of',
] as const;

/** Loads them anew, one behind the other: a question meanwhile reads the generation that it began with, old or new. */
export async function reloadRegistry(store: Store): Promise<void> {
  for (const dictionary of REGISTRY_DICTIONARIES) await store.command(`SYSTEM RELOAD DICTIONARY ${dictionary}`);
}
