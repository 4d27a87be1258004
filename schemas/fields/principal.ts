/** Who acted, as Redis Cloud writes it: `Name (email)`, an email alone, a name alone, or `System`. */
import type { PRINCIPAL_KINDS } from '../audit-event.ts';

export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

export interface Principal {
  readonly name: string;
  readonly email: string;
}

const NOBODY: Principal = Object.freeze({ name: '', email: '' });
const SYSTEM = 'System';

/** What Redis Cloud does by itself is said to be done by `System`. */
export function isSystem(originator: string): boolean {
  return originator === SYSTEM;
}

/** The owners of an account are few, and each of them stands in many records. */
const known = new Map<string, Principal>();
const KNOWN_MAX = 1_000;
const KNOWN_CHARS_MAX = 200;

export function parseOriginator(originator: string): Principal {
  if (originator === '') return NOBODY;
  if (originator.length > KNOWN_CHARS_MAX) return principalOf(originator);
  let principal = known.get(originator);
  if (principal === undefined) {
    principal = principalOf(originator);
    if (known.size === KNOWN_MAX) known.clear();
    known.set(originator, principal);
  }
  return principal;
}

function principalOf(originator: string): Principal {
  if (originator.endsWith(')')) {
    // The last parenthesis holds the email: names may hold some of their own.
    const open = originator.lastIndexOf('(');
    const email = originator.slice(open + 1, -1);
    if (open >= 0 && isEmail(email)) return { name: originator.slice(0, open).trimEnd(), email };
  }
  return isEmail(originator) ? { name: '', email: originator } : { name: originator, email: '' };
}

/** Good enough to tell an email from a name; whether it can be delivered is nobody's question here. */
export function isEmail(text: string): boolean {
  const at = text.indexOf('@');
  return at > 0 && at < text.length - 1 && !/[\s()<>]/.test(text);
}

/** A key acted when one is named; without one the originator did, in the console. */
export function principalKindOf(keyId: string, originator: string): PrincipalKind {
  if (keyId !== '') return 'api-key';
  if (originator === '') return 'unknown';
  return isSystem(originator) ? 'system' : 'console-user';
}
