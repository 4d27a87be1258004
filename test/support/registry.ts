/** Writes statements straight into the registry of a store, as an import records them, without its checks. */

import type { AppRule } from '../../schemas/registry.ts';
import type { EntityKind } from '../../src/core/registry/entities.ts';
import type { Attributes } from '../../src/core/registry/timeline.ts';
import { noCheckpoint } from '../../src/pipeline/pause-points.ts';
import { nextInstant, recordChange, registryState } from '../../src/registry/record.ts';
import type { Store } from '../../src/store/store.ts';

export interface Said {
  readonly kind: EntityKind;
  readonly id: readonly string[];
  readonly validFrom: number;
  readonly precisionMs?: number;
  readonly retracts?: boolean;
  readonly says: Attributes;
}

/**
 * @param now when it is said, ms since 1970 UTC: fixed where an answer shows it
 * @returns when it was recorded, ms since 1970 UTC
 */
export async function sayToRegistry(
  store: Store,
  said: readonly Said[],
  appRules?: readonly AppRule[],
  now: number = Date.now(),
): Promise<number> {
  const recordedAt = nextInstant(await registryState(store), now);
  const statements = said.map(({ kind, id, validFrom, precisionMs = 1, retracts = false, says }) => ({
    kind,
    id,
    statement: { validFrom, precisionMs, recordedAt, retracts, origin: 'test', says },
    place: '',
  }));
  await recordChange(store, { recordedAt, origin: 'test', statements, appRules }, noCheckpoint);
  return recordedAt;
}
