/**
 * The network database of one run: the bundled data, or .mmdb files of the user's own in their place. Nothing leaves
 * the machine.
 */
import type { EnrichConfig } from '../../schemas/config.ts';
import { type NetworkDatabase, NO_DATABASE } from '../core/network.ts';
import { bundledCountries, bundledSystems } from './bundled/bundled.ts';
import { joined } from './halves.ts';
import { mmdbPlaces, mmdbSystems, type OnDamaged } from './mmdb/mmdb.ts';

/**
 * Opens files that are configured, and looks whether the bundled ones are there; those are read when the first address
 * needs them.
 *
 * @throws UserError NETWORK_DATA_MISSING, NETWORK_FILE_UNREADABLE, NETWORK_FILE_INVALID, NETWORK_FILE_WRONG_TYPE
 */
export async function openNetworks(config: EnrichConfig, onDamaged: OnDamaged): Promise<NetworkDatabase> {
  if (!config.enabled) return NO_DATABASE;
  const { asnFile, cityFile } = config;
  const systems = asnFile === undefined ? bundledSystems() : await mmdbSystems(asnFile, onDamaged);
  const places = cityFile === undefined ? bundledCountries() : await mmdbPlaces(cityFile, onDamaged);
  return joined(systems, places);
}
