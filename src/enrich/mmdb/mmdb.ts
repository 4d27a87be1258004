/** What records of .mmdb files say, in the layouts of MaxMind and DB-IP (nested) and of ip-location-db (flat). */
import { optionalObject } from '../../../schemas/fields/text.ts';
import { NETWORK_NAME_CHARS_MAX } from '../../core/limits.ts';
import { type AutonomousSystem, type Half, NO_PLACE, NO_SYSTEM, type Place } from '../halves.ts';
import { type Mmdb, type MmdbRecord, type MmdbWanted, openMmdb } from './open-mmdb.ts';

/** Told once for each file, when a record of it cannot be read. */
export type OnDamaged = (setting: string, error: unknown) => void;

const WANTED_SYSTEMS: MmdbWanted = {
  setting: 'enrich.asn_file',
  expected: 'a database of autonomous systems, such as GeoLite2-ASN',
  hasAnswer: (record) => systemOf(record).asn > 0,
};

const WANTED_PLACES: MmdbWanted = {
  setting: 'enrich.city_file',
  expected: 'a database of cities or countries, such as GeoLite2-City',
  hasAnswer: (record) => placeOf(record).country !== '',
};

/** @throws UserError NETWORK_FILE_UNREADABLE, NETWORK_FILE_INVALID, NETWORK_FILE_WRONG_TYPE */
export async function mmdbSystems(file: string, onDamaged: OnDamaged): Promise<Half<AutonomousSystem>> {
  return half(await openMmdb(file, WANTED_SYSTEMS), WANTED_SYSTEMS.setting, systemOf, NO_SYSTEM, onDamaged);
}

/** @throws the same */
export async function mmdbPlaces(file: string, onDamaged: OnDamaged): Promise<Half<Place>> {
  return half(await openMmdb(file, WANTED_PLACES), WANTED_PLACES.setting, placeOf, NO_PLACE, onDamaged);
}

function half<Answer extends AutonomousSystem | Place>(
  mmdb: Mmdb,
  setting: string,
  read: (record: MmdbRecord) => Answer,
  nothing: Answer,
  onDamaged: OnDamaged,
): Half<Answer> {
  const made = new WeakMap<MmdbRecord, Answer>();
  let damaged = false;
  return {
    edition: mmdb.edition,
    find: (ip) => {
      try {
        const record = mmdb.get(ip);
        if (record === undefined) return nothing;
        const answer = made.get(record) ?? read(record);
        made.set(record, answer);
        return answer;
      } catch (error) {
        // Records go on: what is not known of an address is no reason to lose them.
        if (!damaged) onDamaged(setting, error);
        damaged = true;
        return nothing;
      }
    },
  };
}

function systemOf(record: MmdbRecord): AutonomousSystem {
  const traits = optionalObject(record.traits);
  const asn = record.autonomous_system_number ?? traits.autonomous_system_number;
  if (typeof asn !== 'number' || !Number.isInteger(asn) || asn <= 0 || asn > 0xffff_ffff) return NO_SYSTEM;
  return { asn, asName: nameOf(record.autonomous_system_organization ?? traits.autonomous_system_organization) };
}

function placeOf(record: MmdbRecord): Place {
  const { city } = record;
  const location = optionalObject(record.location);
  const [latitude, longitude] = coordinates(
    location.latitude ?? record.latitude,
    location.longitude ?? record.longitude,
  );
  return {
    country: countryOf(
      optionalObject(record.country).iso_code,
      record.country_code,
      optionalObject(record.registered_country).iso_code,
    ),
    city: nameOf(typeof city === 'string' ? city : optionalObject(optionalObject(city).names).en),
    latitude,
    longitude,
  };
}

function countryOf(...candidates: readonly unknown[]): string {
  const found = candidates.find((one) => typeof one === 'string' && /^[A-Z]{2}$/.test(one));
  return typeof found === 'string' ? found : '';
}

function coordinates(latitude: unknown, longitude: unknown): [number, number] | [null, null] {
  const within = (value: unknown, bound: number): value is number =>
    typeof value === 'number' && Math.abs(value) <= bound;
  return within(latitude, 90) && within(longitude, 180) ? [latitude, longitude] : [null, null];
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, NETWORK_NAME_CHARS_MAX) : '';
}
