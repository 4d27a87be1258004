/** Addresses in requests. */
import { convertParameter } from '../../ask/parameters.ts';
import { Problem } from '../problem.ts';

/** @throws Problem ADDRESS_INVALID */
export function addressOf(text: string, nowMs: number): string {
  const converted = convertParameter('IPv6', text, nowMs);
  if ('value' in converted) return String(converted.value);
  throw new Problem(400, 'ADDRESS_INVALID', 'this is no address', { got: text, expected: converted.expected });
}
