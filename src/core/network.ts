/**
 * What a network database says of an address, and how it stands in a row.
 *
 * These columns tell of the arrival and not of the record: another edition says something else of the same address.
 */
import { NETWORKS_CACHED_ENTRIES_MAX } from './limits.ts';
import { sizedAscii, varint } from './row-buffer.ts';

export interface Network {
  /** Number of the autonomous system that announces the address; 0 when nobody is known to. */
  readonly asn: number;
  readonly asName: string;
  /** ISO 3166-1 alpha-2; `''` when it is not known. */
  readonly country: string;
  readonly city: string;
  /** Degrees; null when they are not known. */
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export const NO_NETWORK: Network = Object.freeze({
  asn: 0,
  asName: '',
  country: '',
  city: '',
  latitude: null,
  longitude: null,
});

export interface NetworkDatabase {
  /** Which data answer, such as `ip-location-db 2026-06-17`; `''` when addresses are not looked up. */
  readonly edition: string;
  /**
   * @param sourceIp the printed form of an address, never `''`
   * @returns the same object for the same network, as far as that is cheap
   */
  readonly networkOf: (sourceIp: string) => Network;
}

/** Addresses are not looked up. */
export const NO_DATABASE: NetworkDatabase = Object.freeze({ edition: '', networkOf: () => NO_NETWORK });

/** The columns that `NetworkColumns` writes, in its order. */
export const NETWORK_COLUMNS = [
  'asn',
  'as_name',
  'country',
  'city',
  'latitude',
  'longitude',
  'network_edition',
] as const;

/**
 * Columns of a network in RowBinary, as latin1 characters that stand for bytes: text beyond ASCII keeps its UTF-8
 * bytes, and a row of ASCII texts remains one native write.
 */
export class NetworkColumns {
  readonly edition: string;
  readonly #database: NetworkDatabase;
  readonly #made = new WeakMap<Network, string>();
  readonly #absent: string;
  // Two generations: what was asked for since the last change of generations is kept, and the rest goes at once.
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  constructor(database: NetworkDatabase) {
    this.edition = database.edition;
    this.#database = database;
    this.#absent = networkColumns(NO_NETWORK, database.edition);
  }

  /** @param sourceIp the printed form of an address; `''` is looked up nowhere */
  of(sourceIp: string): string {
    if (sourceIp === '' || this.edition === '') return this.#absent;
    return this.#young.get(sourceIp) ?? this.#remember(sourceIp, this.#old.get(sourceIp) ?? this.#lookUp(sourceIp));
  }

  #lookUp(sourceIp: string): string {
    const network = this.#database.networkOf(sourceIp);
    let columns = this.#made.get(network);
    if (columns === undefined) {
      columns = networkColumns(network, this.edition);
      this.#made.set(network, columns);
    }
    return columns;
  }

  #remember(sourceIp: string, columns: string): string {
    if (this.#young.size >= NETWORKS_CACHED_ENTRIES_MAX) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(sourceIp, columns);
    return columns;
  }
}

/** Columns of a network that is at hand. */
export function networkColumns(network: Network, edition: string): string {
  return (
    uint32(network.asn) +
    sizedText(network.asName) +
    sizedText(network.country) +
    sizedText(network.city) +
    nullableFloat32(network.latitude) +
    nullableFloat32(network.longitude) +
    sizedText(edition)
  );
}

/** @returns the place behind the network columns of a row that begin at `from` */
export function skipNetworkColumns(row: Buffer, from: number, skipText: (at: number) => number): number {
  let at = skipText(skipText(skipText(from + 4)));
  for (let coordinate = 0; coordinate < 2; coordinate++) at += row[at] === IS_NULL ? 1 : 5;
  return skipText(at);
}

const IS_NULL = 1;
const scratch = Buffer.alloc(4);

function uint32(value: number): string {
  scratch.writeUInt32LE(value);
  return scratch.toString('latin1');
}

function nullableFloat32(value: number | null): string {
  if (value === null) return String.fromCharCode(IS_NULL);
  scratch.writeFloatLE(value);
  return `\0${scratch.toString('latin1')}`;
}

function sizedText(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length === text.length ? sizedAscii(text) : varint(bytes.length) + bytes.toString('latin1');
}

export const NO_NETWORK_COLUMNS = new NetworkColumns(NO_DATABASE);
