/** Opens a MaxMind DB file of the user's own, or says what is wrong with it before anything is read. */
import { readFile, stat } from 'node:fs/promises';
import type { Reader, Response } from 'maxmind';
import { invariant, messageOf, UserError } from '../../core/errors.ts';
import { NETWORK_FILE_BYTES_MAX, NETWORK_RECORDS_CACHED_MAX, NETWORK_RECORDS_PROBED_MAX } from '../../core/limits.ts';
import { addressOfBits, separatorIsWhole, TREE_SEPARATOR_BYTES, type TreeShape, walkTree } from './tree.ts';

export type MmdbRecord = Readonly<Record<string, unknown>>;

export interface Mmdb {
  /** Name of the database and the day of its build, `GeoLite2-ASN 2026-06-16`. */
  readonly edition: string;
  /** @returns nothing for an address that the database does not know; throws where the file is damaged */
  readonly get: (ip: string) => MmdbRecord | undefined;
}

export interface MmdbWanted {
  /** The setting that names the file. */
  readonly setting: string;
  /** What its records must hold, for people. */
  readonly expected: string;
  readonly hasAnswer: (record: MmdbRecord) => boolean;
}

const METADATA_MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
/** The specification: the metadata lie within the last 128 KiB. */
const METADATA_BYTES_MAX = 131_072;

/** @throws UserError NETWORK_FILE_UNREADABLE, NETWORK_FILE_INVALID, NETWORK_FILE_WRONG_TYPE */
export async function openMmdb(file: string, wanted: MmdbWanted): Promise<Mmdb> {
  const bytes = await bytesOf(file, wanted);
  const { Reader: MmdbReader } = await import('maxmind');
  let reader: Reader<Response>;
  let probes: string[];
  try {
    reader = new MmdbReader<Response>(bytes, { cache: boundedCache() });
    probes = soundProbes(bytes, reader.metadata);
  } catch (cause) {
    throw invalid(file, wanted, messageOf(cause), cause);
  }
  const { databaseType, buildEpoch, ipVersion } = reader.metadata;
  const get = (ip: string): MmdbRecord | undefined => {
    // A tree of IPv4 would take the first bits of an IPv6 address for one of its own.
    if (ipVersion === 4 && ip.includes(':')) return undefined;
    const record: unknown = reader.get(ip);
    if (record === null) return undefined;
    if (isRecord(record)) return record;
    throw new Error('a record that is no map');
  };
  const answered = probes.filter((ip) => {
    try {
      const record = get(ip);
      return record !== undefined && wanted.hasAnswer(record);
    } catch (cause) {
      throw invalid(file, wanted, `the record of ${ip}: ${messageOf(cause)}`, cause);
    }
  });
  if (answered.length === 0) throw wrongType(file, wanted, databaseType);
  return { edition: `${databaseType} ${buildEpoch.toISOString().slice(0, 10)}`, get };
}

async function bytesOf(file: string, wanted: MmdbWanted): Promise<Buffer> {
  const refuse = (got: string, cause?: unknown) =>
    new UserError(
      'NETWORK_FILE_UNREADABLE',
      `the file of ${wanted.setting} cannot be read: ${file}`,
      { got, expected: 'an .mmdb file that this user may read', next: 'correct the path; nothing was read' },
      { cause },
    );
  try {
    const { size } = await stat(file);
    if (size > NETWORK_FILE_BYTES_MAX) throw refuse(`${size} bytes, more than ${NETWORK_FILE_BYTES_MAX}`);
    return await readFile(file);
  } catch (cause) {
    throw cause instanceof UserError ? cause : refuse(messageOf(cause), cause);
  }
}

/** @returns addresses of records that are spread over the whole tree; throws where the file is none of this format */
function soundProbes(bytes: Buffer, metadata: Reader<Response>['metadata']): string[] {
  const shape = shapeOf(bytes, metadata);
  const probes: string[] = [];
  let ordinal = 0;
  let stride = 1;
  const walked = walkTree(bytes, shape, (bits) => {
    if (ordinal++ % stride !== 0) return;
    probes.push(addressOfBits(bits));
    if (probes.length <= NETWORK_RECORDS_PROBED_MAX) return;
    // Every other one goes, and from now on every other one is left out.
    stride *= 2;
    for (let at = 0; at * 2 < probes.length; at += 1) probes[at] = probes[at * 2] ?? '';
    probes.length = Math.ceil(probes.length / 2);
  });
  if (walked.kind === 'broken') throw new Error(walked.got);
  return probes;
}

function shapeOf(bytes: Buffer, metadata: Reader<Response>['metadata']): TreeShape {
  const { nodeCount, recordSize, searchTreeSize, ipVersion, databaseType, buildEpoch } = metadata;
  const metadataFrom = bytes.lastIndexOf(METADATA_MARKER);
  const demand = (condition: boolean, got: string) => {
    if (!condition) throw new Error(got);
  };
  demand(metadataFrom >= 0 && bytes.length - metadataFrom <= METADATA_BYTES_MAX, 'no metadata at its end');
  demand(metadata.binaryFormatMajorVersion === 2, `format version ${metadata.binaryFormatMajorVersion}`);
  demand(typeof databaseType === 'string' && databaseType !== '', 'no name of the database');
  demand(!Number.isNaN(buildEpoch.getTime()), 'no time of its build');
  demand(ipVersion === 4 || ipVersion === 6, `IP version ${ipVersion}`);
  demand(Number.isInteger(nodeCount) && nodeCount > 0, `${nodeCount} nodes`);
  const dataBytes = metadataFrom - searchTreeSize - TREE_SEPARATOR_BYTES;
  demand(Number.isInteger(searchTreeSize) && dataBytes > 0, `a tree of ${searchTreeSize} bytes, and no room for data`);
  demand(separatorIsWhole(bytes, searchTreeSize), 'no gap between tree and data');
  return { nodeCount, recordSize, treeBytes: searchTreeSize, addressBits: ipVersion === 4 ? 32 : 128, dataBytes };
}

function isRecord(value: unknown): value is MmdbRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** Keeps the same object for the same record, until there are too many: then it begins anew. */
function boundedCache(): { get(key: string | number): unknown; set(key: string | number, value: unknown): void } {
  const kept = new Map<string | number, unknown>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      if (kept.size >= NETWORK_RECORDS_CACHED_MAX) kept.clear();
      kept.set(key, value);
    },
  };
}

function invalid(file: string, { setting }: MmdbWanted, got: string, cause: unknown): UserError {
  invariant(!(cause instanceof UserError), 'an error for a person is not wrapped');
  return new UserError(
    'NETWORK_FILE_INVALID',
    `the file of ${setting} is no sound MaxMind DB: ${file}`,
    { got, expected: 'a whole .mmdb file, not compressed', next: 'download it again; nothing was read' },
    { cause },
  );
}

function wrongType(file: string, { setting, expected }: MmdbWanted, databaseType: string): UserError {
  return new UserError('NETWORK_FILE_WRONG_TYPE', `the database of ${setting} is of another kind: ${file}`, {
    got: databaseType,
    expected,
    next: 'name the right file; docs/operations.md says which fit; nothing was read',
  });
}
