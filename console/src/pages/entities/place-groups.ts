/** Addresses under the networks that they belong to: the busiest group first, and in each the busiest address. */
import type { AddressesDocument } from '../../../../schemas/api/entities.ts';

export type Place = AddressesDocument['rows'][number];

export interface PlaceGroup extends Pick<Place, 'network' | 'asn' | 'as_name' | 'country'> {
  readonly name: string;
  readonly events: number;
  readonly places: readonly Place[];
}

export function groupedPlaces(rows: readonly Place[]): readonly PlaceGroup[] {
  const groups = new Map<string, Place[]>();
  for (const row of rows) {
    const name = `${row.network} ${row.asn} ${row.country}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  const made = [...groups].map(([name, places]) => {
    const { network = '', asn = 0, as_name = '', country = '' } = places[0] ?? {};
    const events = places.reduce((sum, place) => sum + place.events, 0);
    return { name, network, asn, as_name, country, events, places };
  });
  return made.toSorted((one, other) => other.events - one.events);
}
