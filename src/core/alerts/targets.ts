/** Which addresses a webhook may go to: those of the public Internet, and what the configuration allows. Pure. */
import ipaddr from 'ipaddr.js';
import { parseCidr } from '../../../schemas/fields/cidr.ts';
import { RESERVED_RANGES } from '../../../schemas/fields/reserved-ranges.ts';

export interface TargetRules {
  readonly allowPrivate: boolean;
  readonly allowed: readonly string[];
}

/** Addresses that are public by their number and answer with secrets of the machine all the same. */
const METADATA = new Set(['168.63.129.16']);

/** @returns why a connection to this address is refused; `undefined` when it may be made */
export function refusalOf(address: string, { allowPrivate, allowed }: TargetRules): string | undefined {
  if (!ipaddr.isValid(address)) return 'not an address';
  const parsed = ipaddr.process(address);
  const text = parsed.toString();
  if (allowPrivate || allowed.some((cidr) => contains(cidr, text))) return undefined;
  if (METADATA.has(text)) return 'metadata';
  const range = parsed.range();
  if (range !== 'unicast') return range;
  return RESERVED_RANGES.find(({ cidr }) => contains(cidr, text))?.name;
}

function contains(cidr: string, address: string): boolean {
  const range = parseCidr(cidr);
  const one = parseCidr(address);
  if (range.kind !== 'cidr' || one.kind !== 'cidr') return false;
  return range.isIpv4 === one.isIpv4 && one.first >= range.first && one.last <= range.last;
}
