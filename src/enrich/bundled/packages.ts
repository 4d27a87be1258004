/** Where the bundled data lie, and which edition they are. */
import { accessSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { messageOf, UserError } from '../../core/errors.ts';
import type { Words } from '../range-table.ts';

/** As the program itself finds its packages. */
const packages = createRequire(import.meta.url);

export interface DataPackage {
  /** `ip-location-db 2026-06-17` */
  readonly edition: string;
  /** The file with the ranges of this family. */
  readonly fileOf: (words: Words) => string;
}

/** ASN and name by range. */
export function asnPackage(): DataPackage {
  return openPackage(() => packages.resolve('@ip-location-db/asn/package.json'), 'asn');
}

/** Country by range. */
export function countryPackage(): DataPackage {
  return openPackage(() => packages.resolve('@ip-location-db/asn-country/package.json'), 'asn-country');
}

/** @throws UserError NETWORK_DATA_MISSING */
function openPackage(resolve: () => string, name: string): DataPackage {
  try {
    const manifest = resolve();
    const folder = path.dirname(manifest);
    // IPv4 as numbers reads fastest; those of IPv6 have up to 39 digits, and their text is shorter.
    const files = {
      1: path.join(folder, `${name}-ipv4-num.csv`),
      4: path.join(folder, `${name}-ipv6.csv`),
    };
    for (const file of Object.values(files)) accessSync(file);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { edition: editionOf(version), fileOf: (words) => files[words] };
  } catch (cause) {
    throw new UserError(
      'NETWORK_DATA_MISSING',
      `the bundled data of the package @ip-location-db/${name} cannot be read`,
      {
        got: messageOf(cause),
        expected: 'the files of the package, which is installed with keytrail',
        next: 'install keytrail again, or set enrich.enabled to false; nothing was read',
      },
      { cause },
    );
  }
}

/** The last number of the packages' versions is the hour of their build, `2.3.2026061719`. */
export function editionOf(version: string): string {
  const [, year, month, day] = /\.(\d{4})(\d\d)(\d\d)\d*$/.exec(version) ?? [];
  return `ip-location-db ${year === undefined ? version : `${year}-${month}-${day}`}`;
}
