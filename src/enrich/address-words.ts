/** Addresses as the tables hold them: 32-bit words, the highest first. */
import { writeAddressBytes } from '../../schemas/fields/address.ts';
import type { Words } from './range-table.ts';

const bytes = new Uint8Array(16);
const view = new DataView(bytes.buffer);
const ofIpv4 = new Uint32Array(1);
const ofIpv6 = new Uint32Array(4);

/**
 * @param ip the printed form of an address
 * @returns its words, good until the next call
 */
export function addressWords(ip: string): Uint32Array {
  writeAddressBytes(ip, bytes, 0);
  const words = familyOf(ip) === 1 ? ofIpv4 : ofIpv6;
  for (let word = 0; word < words.length; word += 1) words[word] = view.getUint32(16 - 4 * (words.length - word));
  return words;
}

/** Words of an address of this family; the printed form of IPv6 never holds a dot. */
export function familyOf(ip: string): Words {
  return ip.includes('.') ? 1 : 4;
}
