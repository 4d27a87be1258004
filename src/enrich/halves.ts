/** The two halves of what is known of an address; each comes from a database of its own. */
import { type Network, type NetworkDatabase, NO_NETWORK } from '../core/network.ts';
import { addressWords } from './address-words.ts';
import { isReserved } from './reserved.ts';

export type AutonomousSystem = Pick<Network, 'asn' | 'asName'>;
export type Place = Pick<Network, 'country' | 'city' | 'latitude' | 'longitude'>;

/** One of them. It gives the same object for the same answer, as far as that is cheap. */
export interface Half<Answer extends AutonomousSystem | Place> {
  /** Which data answer: the name of the database and the day of its build. */
  readonly edition: string;
  /** @param words the same address as its words, good during the call */
  find(ip: string, words: Uint32Array): Answer;
}

export const NO_SYSTEM: AutonomousSystem = NO_NETWORK;
export const NO_PLACE: Place = NO_NETWORK;

/** Both together. Reserved addresses reach neither. */
export function joined(systems: Half<AutonomousSystem>, places: Half<Place>): NetworkDatabase {
  const networkOf = pairs();
  return {
    edition: systems.edition === places.edition ? systems.edition : `${systems.edition} + ${places.edition}`,
    networkOf: (ip) => {
      const words = addressWords(ip);
      if (isReserved(words)) return NO_NETWORK;
      return networkOf(systems.find(ip, words), places.find(ip, words));
    },
  };
}

/** One object for each pair of answers, so that what is made of it is made once. */
function pairs(): (system: AutonomousSystem, place: Place) => Network {
  const bySystem = new WeakMap<AutonomousSystem, WeakMap<Place, Network>>();
  return (system, place) => {
    let byPlace = bySystem.get(system);
    if (byPlace === undefined) {
      byPlace = new WeakMap();
      bySystem.set(system, byPlace);
    }
    let network = byPlace.get(place);
    if (network === undefined) {
      const { country, city, latitude, longitude } = place;
      network = { asn: system.asn, asName: system.asName, country, city, latitude, longitude };
      byPlace.set(place, network);
    }
    return network;
  };
}
