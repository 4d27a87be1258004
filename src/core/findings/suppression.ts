/** Suppressions: what is known, and shall be kept without an alert until a moment. Pure. */
import { parseCidr } from '../../../schemas/fields/cidr.ts';
import type { Found } from './finding.ts';

export interface Suppression {
  readonly id: string;
  /** `''` for every rule. */
  readonly rule: string;
  /** Patterns by column of the entity; `*` stands for any text. */
  readonly entity: Readonly<Record<string, string>>;
  /** A range that the entity's address lies in; `''` for any. */
  readonly cidr: string;
  /** ms since 1970, UTC */
  readonly until: number;
}

/** The suppression of those in force that covers what a rule found. */
export function suppressedBy(
  suppressions: readonly Suppression[],
  rule: string,
  found: Pick<Found, 'entity'>,
  nowMs: number,
): Suppression | undefined {
  const values = new Map(found.entity);
  return suppressions.find(
    (one) =>
      nowMs < one.until &&
      (one.rule === '' || one.rule === rule) &&
      Object.entries(one.entity).every(([column, pattern]) => matches(pattern, values.get(column))) &&
      (one.cidr === '' || contains(one.cidr, values.get('source_ip'))),
  );
}

function matches(pattern: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(value);
}

function contains(cidr: string, address: string | undefined): boolean {
  const range = parseCidr(cidr);
  const one = address === undefined || address === '' ? undefined : parseCidr(address);
  if (range.kind !== 'cidr' || one?.kind !== 'cidr') return false;
  return range.isIpv4 === one.isIpv4 && one.first >= range.first && one.last <= range.last;
}
