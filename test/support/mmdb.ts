/**
 * Writes small databases in the MaxMind DB format, after its public specification
 * (https://maxmind.github.io/MaxMind-DB/): without pointers, and in every width of a record.
 */
import ipaddr from 'ipaddr.js';

export type MmdbValue = string | number | boolean | bigint | MmdbValue[] | { readonly [name: string]: MmdbValue };

export interface MmdbOptions {
  readonly databaseType: string;
  /** By CIDR; where they overlap, the narrower one counts. */
  readonly networks: Readonly<Record<string, MmdbValue>>;
  readonly ipVersion?: 4 | 6;
  readonly recordSize?: 24 | 28 | 32;
  /** Day of the build, `2026-06-16`. */
  readonly built?: string;
}

type Leaf = { readonly offset: number };
type Node = [Node | Leaf | undefined, Node | Leaf | undefined];

const SEPARATOR = Buffer.alloc(16);
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');

export function mmdbFile(options: MmdbOptions): Buffer {
  const { databaseType, networks, ipVersion = 6, recordSize = 24, built = '2026-06-16' } = options;
  const root: Node = [undefined, undefined];
  const data: Buffer[] = [];
  let offset = 0;
  const sorted = Object.entries(networks).map(([cidr, value]) => ({ bits: bitsOf(cidr, ipVersion), value }));
  for (const { bits, value } of sorted.sort((a, b) => a.bits.length - b.bits.length)) {
    insert(root, bits, { offset });
    const encoded = encode(value);
    data.push(encoded);
    offset += encoded.length;
  }
  const nodes = numbered(root);
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: BigInt(Date.parse(built) / 1_000),
    database_type: databaseType,
    description: { en: 'made for a test' },
    ip_version: ipVersion,
    languages: ['en'],
    node_count: nodes.size,
    record_size: recordSize,
  });
  const tree = [...nodes.keys()].map(([left, right]) => {
    const record = (to: Node | Leaf | undefined) =>
      to === undefined ? nodes.size : Array.isArray(to) ? (nodes.get(to) ?? 0) : nodes.size + 16 + to.offset;
    return nodeBytes(record(left), record(right), recordSize);
  });
  return Buffer.concat([...tree, SEPARATOR, ...data, MARKER, metadata]);
}

/** IPv4 stands in the first 32 of the last 128 bits of an IPv6 tree: behind 96 zeros. */
function bitsOf(cidr: string, ipVersion: 4 | 6): number[] {
  const [address, length] = ipaddr.parseCIDR(cidr);
  const bits = address.toByteArray().flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >>> (7 - bit)) & 1));
  const before = address.kind() === 'ipv4' && ipVersion === 6 ? new Array<number>(96).fill(0) : [];
  return [...before, ...bits.slice(0, length)];
}

function insert(root: Node, bits: readonly number[], leaf: Leaf): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    let next = node[bit as 0 | 1];
    // A wider network is cut in two, and this one is within one of the halves.
    if (next === undefined || !Array.isArray(next)) next = [next, next];
    node[bit as 0 | 1] = next;
    node = next;
  }
  node[(bits.at(-1) ?? 0) as 0 | 1] = leaf;
}

function numbered(root: Node): Map<Node, number> {
  const nodes = new Map<Node, number>([[root, 0]]);
  for (const node of nodes.keys()) {
    for (const child of node) if (Array.isArray(child) && !nodes.has(child)) nodes.set(child, nodes.size);
  }
  return nodes;
}

function nodeBytes(left: number, right: number, recordSize: 24 | 28 | 32): Buffer {
  const bytes = Buffer.alloc(recordSize / 4);
  const width = recordSize === 32 ? 4 : 3;
  bytes.writeUIntBE(left % 2 ** (8 * width), 0, width);
  bytes.writeUIntBE(right % 2 ** (8 * width), bytes.length - width, width);
  if (recordSize === 28) bytes[3] = (Math.floor(left / 2 ** 24) << 4) | Math.floor(right / 2 ** 24);
  return bytes;
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'boolean') return control(14, value ? 1 : 0);
  if (typeof value === 'bigint') return integer(9, value);
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 ? integer(6, BigInt(value)) : double(value);
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([name, one]) => [encode(name), encode(one)])]);
}

function integer(type: number, value: bigint): Buffer {
  const digits = value === 0n ? '' : value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return Buffer.concat([control(type, bytes.length), bytes]);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Buffer.concat([control(3, 8), bytes]);
}

function control(type: number, size: number): Buffer {
  const [length, more] =
    size < 29 ? [size, []] : size < 285 ? [29, [size - 29]] : [30, [(size - 285) >>> 8, (size - 285) & 255]];
  return type < 8 ? Buffer.from([(type << 5) | length, ...more]) : Buffer.from([length, type - 7, ...more]);
}
