/**
 * Walks the search tree of a MaxMind DB: https://maxmind.github.io/MaxMind-DB/. The format has no checksum, so this is
 * what can be told of a file before it is believed: that every record of the tree leads somewhere.
 */

export interface TreeShape {
  readonly nodeCount: number;
  /** Bits of one record: 24, 28 or 32. */
  readonly recordSize: number;
  /** Bytes of the whole tree. */
  readonly treeBytes: number;
  /** Bits of an address: 32 or 128. */
  readonly addressBits: number;
  /** Bytes of the data section. */
  readonly dataBytes: number;
}

export type Walked =
  | { readonly kind: 'sound' /** Networks of addresses that have a record. */; readonly networks: number }
  | { readonly kind: 'broken'; readonly got: string };

const SEPARATOR_BYTES = 16;

/** @param onRecord told of each network that has a record, by an address in it (as bits, good during the call) */
export function walkTree(bytes: Buffer, shape: TreeShape, onRecord: (address: Uint8Array) => void): Walked {
  const { nodeCount, addressBits, dataBytes } = shape;
  const recordOf = recordReader(bytes, shape.recordSize);
  // Several places of the tree may lead to one node (IPv4 stands in an IPv6 tree more than once).
  const seen = new Uint8Array(nodeCount);
  const path = new Uint32Array(addressBits);
  const bits = new Uint8Array(addressBits);
  // The side that comes next at each depth: 0, 1, and 2 for none.
  const next = new Uint8Array(addressBits);
  let networks = 0;
  let depth = 0;
  seen[0] = 1;
  while (depth >= 0) {
    const side = next[depth] ?? 2;
    if (side > 1) {
      next[depth] = 0;
      depth -= 1;
      continue;
    }
    next[depth] = side + 1;
    bits[depth] = side;
    const record = recordOf(path[depth] ?? 0, side);
    if (record === nodeCount) continue;
    if (record > nodeCount) {
      const offset = record - nodeCount - SEPARATOR_BYTES;
      if (offset < 0 || offset >= dataBytes) return { kind: 'broken', got: `a record that leads to byte ${offset}` };
      bits.fill(0, depth + 1);
      networks += 1;
      onRecord(bits);
      continue;
    }
    if (seen[record] === 1) continue;
    if (depth + 1 === addressBits) return { kind: 'broken', got: `a tree of more than ${addressBits} levels` };
    seen[record] = 1;
    depth += 1;
    path[depth] = record;
  }
  return { kind: 'sound', networks };
}

/** The separator between tree and data is sixteen zero bytes. */
export function separatorIsWhole(bytes: Buffer, treeBytes: number): boolean {
  return bytes.subarray(treeBytes, treeBytes + SEPARATOR_BYTES).equals(Buffer.alloc(SEPARATOR_BYTES));
}

export const TREE_SEPARATOR_BYTES = SEPARATOR_BYTES;

type RecordReader = (node: number, side: number) => number;

function recordReader(bytes: Buffer, recordSize: number): RecordReader {
  if (recordSize === 24) return (node, side) => bytes.readUIntBE(node * 6 + side * 3, 3);
  if (recordSize === 32) return (node, side) => bytes.readUInt32BE(node * 8 + side * 4);
  // 28 bits: the byte in the middle holds the upper four of each.
  return (node, side) => {
    const middle = bytes[node * 7 + 3] ?? 0;
    return side === 0
      ? (middle >>> 4) * 0x1000000 + bytes.readUIntBE(node * 7, 3)
      : (middle & 15) * 0x1000000 + bytes.readUIntBE(node * 7 + 4, 3);
  };
}

/** The printed form of an address from its bits. */
export function addressOfBits(bits: Uint8Array): string {
  const groups: string[] = [];
  const width = bits.length === 32 ? 8 : 16;
  for (let at = 0; at < bits.length; at += width) {
    let value = 0;
    for (let bit = 0; bit < width; bit += 1) value = value * 2 + (bits[at + bit] ?? 0);
    groups.push(width === 8 ? String(value) : value.toString(16));
  }
  return groups.join(width === 8 ? '.' : ':');
}
