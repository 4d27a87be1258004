/** A range of addresses, wherever it begins and ends, is cut into pieces that hold its addresses and no others. */
import { beforeAll, expect, it } from 'vitest';
import { addressNumber, addressText } from '../../schemas/fields/cidr.ts';
import type { Store } from '../../src/store/store.ts';
import { temporaryStore } from '../support/store.ts';

const RANGES = [
  ['::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['::5', '::5'],
  ['::ffff:10.0.0.0', '::ffff:10.0.0.255'],
  ['2001:db8::', '2001:db8:0:3:ffff:ffff:ffff:ffff'],
  ['2001:db8::5', '2001:db8::9'],
  ['2001:db8::5', '2001:db8:0:1::9'],
  ['2001:db8::', '2001:db8:0:1::9'],
  ['2001:db8::5', '2001:db8:0:3::9'],
  ['2001:db8::5', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
  ['7fff:ffff:ffff:ffff:ffff:ffff:ffff:fffe', '8000::1'],
  ['7fff:ffff:ffff:ffff:7fff::', '8000::8000:0:0:0'],
] as const;
const HALF = 1n << 64n;
const SIGN = 1n << 63n;

interface Piece {
  readonly is_within: number;
  readonly upper: string;
  readonly first: string;
  readonly last: string;
}
let store: Store;

beforeAll(async () => {
  store = (await temporaryStore()).store;
  for (const [first, last] of RANGES) {
    await store.command(
      `INSERT INTO registry_keys (account_id, key_id, allow_list_state, allow_list_from, allow_list_to)
       SELECT '1', {first:String}, 'defined', [toIPv6({first:String})], [toIPv6({last:String})]`,
      { parameters: { first, last } },
    );
  }
});

it.each(RANGES)('from %s to %s', async (first, last) => {
  const pieces = await store.rows<Piece>(
    `SELECT is_within, toString(upper) AS upper, toString(first) AS first, toString(last) AS last
     FROM registry_allow_list_lookup
     WHERE list = reinterpretAsUInt128(sipHash128([toIPv6({first:String})], [toIPv6({last:String})]))`,
    { parameters: { first, last } },
  );
  const turned = (text: string): bigint => BigInt.asUintN(64, BigInt(text)) ^ SIGN;
  const holds = (address: bigint): boolean =>
    pieces.some((piece) => {
      const half = piece.is_within === 1 ? address % HALF : address / HALF;
      if (piece.is_within === 1 && BigInt(piece.upper) !== address / HALF) return false;
      return half >= turned(piece.first) && half <= turned(piece.last);
    });
  const [from, to] = [numberOf(first), numberOf(last)];
  const middle = (from + to) / 2n;
  const upper = (address: bigint): bigint => address - (address % HALF);
  const tried = [from, to, middle, upper(from), upper(to), upper(middle), upper(from) + HALF, upper(to) - HALF]
    .flatMap((address) => [address - 1n, address, address + 1n])
    .filter((address) => address >= 0n && address >> 128n === 0n);
  for (const address of tried) expect(holds(address), addressText(address)).toBe(address >= from && address <= to);
});

function numberOf(text: string): bigint {
  return text === '::' ? 0n : addressNumber(text);
}
