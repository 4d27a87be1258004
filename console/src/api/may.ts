/** What whoever is signed in may do here. The daemon decides it again for every request; this is for the words. */
import { type Ability, may, type Role } from '../../../schemas/roles.ts';
import { me } from './link.ts';

export function mayI(ability: Ability): boolean {
  return may((me.value?.role ?? 'viewer') as Role, ability);
}

/** Held to some accounts: what belongs to no account is not told. */
export function isHeldToAccounts(): boolean {
  return (me.value?.accounts.length ?? 0) > 0;
}
