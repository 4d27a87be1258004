/** One range of addresses is of one network at a time, or the longest prefix would not say which. */
import { entityKey, FOLD_RULES, type KnownEntity } from './entities.ts';
import type { Remark } from './entries.ts';
import type { Plan } from './plan.ts';
import { foldTimeline } from './timeline.ts';

interface Claim {
  readonly network: string;
  readonly from: number;
  readonly to: number;
}

/** @param known every network that is known; those of the plan stand in their place */
export function networkFaults(plan: Plan, known: ReadonlyMap<string, KnownEntity>): Remark[] {
  if (!plan.statements.some(({ kind }) => kind === 'network')) return [];
  const places = new Map(plan.statements.map(({ kind, id, place }) => [entityKey(kind, id), place]));
  const claims = claimsOf(new Map([...known, ...plan.entities]));
  return [...claims].flatMap(([cidr, all]) => {
    const ordered = all.sort((one, other) => one.from - other.from);
    const clash = ordered.findIndex(
      (claim, index) => claim.from < (ordered[index - 1]?.to ?? 0) && claim.network !== ordered[index - 1]?.network,
    );
    const [one, other] = [ordered[clash - 1], ordered[clash]];
    if (one === undefined || other === undefined) return [];
    const place = places.get(entityKey('network', [other.network])) ?? places.get(entityKey('network', [one.network]));
    if (place === undefined) return [];
    return [
      {
        code: 'NETWORK_OVERLAP',
        place,
        got: `${cidr} in the networks ${one.network} and ${other.network} at the same time`,
        expected: 'one network for one range; a range inside another may be of another network',
      },
    ];
  });
}

function claimsOf(networks: ReadonlyMap<string, KnownEntity>): Map<string, Claim[]> {
  const claims = new Map<string, Claim[]>();
  for (const entity of networks.values()) {
    if (entity.kind !== 'network') continue;
    const [network = ''] = entity.id;
    for (const { validFrom, validTo, says } of foldTimeline(
      (entity as KnownEntity<'network'>).statements,
      FOLD_RULES.network,
    )) {
      if (says.state !== 'active') continue;
      for (const cidr of says.cidrs ?? []) {
        const claim = { network, from: validFrom, to: validTo ?? Number.POSITIVE_INFINITY };
        claims.set(cidr, [...(claims.get(cidr) ?? []), claim]);
      }
    }
  }
  return claims;
}
