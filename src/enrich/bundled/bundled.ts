/**
 * The data that come with keytrail. A file is read when the first address of its family is looked up, and never by a
 * command that looks up none.
 */
import { readFileSync } from 'node:fs';
import { type AutonomousSystem, type Half, NO_PLACE, NO_SYSTEM, type Place } from '../halves.ts';
import { NOT_FOUND, RangeTable, type Words } from '../range-table.ts';
import { CsvReader } from './csv.ts';
import { asnPackage, countryPackage } from './packages.ts';
import { SystemList } from './systems.ts';

const RANGES = 65_536;

/** @throws UserError NETWORK_DATA_MISSING */
export function bundledSystems(): Half<AutonomousSystem> {
  const { edition, fileOf } = asnPackage();
  const tableOf = oncePerFamily((words) => readSystems(fileOf(words), words));
  return {
    edition,
    find: (_, address) => {
      const { ranges, systems } = tableOf(address);
      const index = ranges.find(address);
      return index === NOT_FOUND ? NO_SYSTEM : systems.at(index);
    },
  };
}

/** @throws UserError NETWORK_DATA_MISSING */
export function bundledCountries(): Half<Place> {
  const { edition, fileOf } = countryPackage();
  const tableOf = oncePerFamily((words) => readCountries(fileOf(words), words));
  const made = new Map<number, Place>();
  return {
    edition,
    find: (_, address) => {
      const code = tableOf(address).find(address);
      if (code === NOT_FOUND) return NO_PLACE;
      let place = made.get(code);
      if (place === undefined) {
        place = { ...NO_PLACE, country: String.fromCharCode(code >>> 8, code & 255) };
        made.set(code, place);
      }
      return place;
    },
  };
}

function oncePerFamily<Table>(read: (words: Words) => Table): (address: Uint32Array) => Table {
  let ofIpv4: Table | undefined;
  let ofIpv6: Table | undefined;
  return (address) => {
    if (address.length === 1) {
      ofIpv4 ??= read(1);
      return ofIpv4;
    }
    ofIpv6 ??= read(4);
    return ofIpv6;
  };
}

function readSystems(file: string, words: Words): { readonly ranges: RangeTable; readonly systems: SystemList } {
  const systems = new SystemList();
  const ranges = readRanges(file, words, (reader) => {
    const asn = reader.number();
    const known = systems.indexOf(asn);
    if (known === undefined) return systems.add(asn, reader.lastField());
    reader.skipLine();
    return known;
  });
  systems.trim();
  return { ranges, systems };
}

/** Their values are the two letters of the country. */
function readCountries(file: string, words: Words): RangeTable {
  return readRanges(file, words, (reader) => {
    const [first = 0, second = 0] = reader.lastField();
    return (first << 8) | second;
  });
}

function readRanges(file: string, words: Words, valueFrom: (reader: CsvReader) => number): RangeTable {
  const reader = new CsvReader(readFileSync(file));
  const ranges = new RangeTable(words, RANGES);
  const start = new Uint32Array(words);
  const end = new Uint32Array(words);
  while (!reader.atEnd) {
    reader.address(words, start);
    reader.address(words, end);
    ranges.add(start, end, valueFrom(reader));
  }
  ranges.trim();
  return ranges;
}
