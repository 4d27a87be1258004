/** What somebody may not do here, and who may. */
import type { Ability } from '../../../schemas/roles.ts';
import { me } from '../api/link.ts';
import { isHeldToAccounts, mayI } from '../api/may.ts';

const ROLE_OF: Readonly<Record<Ability, string>> = {
  push: 'push',
  read: 'viewer',
  export: 'analyst',
  sql: 'analyst',
  triage: 'analyst',
  operate: 'admin',
};

/** @returns why not, in words; `undefined` where nothing stands against it */
export function refusal(ability: Ability, isCommon = false): string | undefined {
  if (!mayI(ability)) {
    const role = me.value?.role ?? 'viewer';
    return `You are signed in with the role ${role}, which may not do this. It takes the role ${ROLE_OF[ability]}.`;
  }
  if (isCommon && isHeldToAccounts()) {
    return 'This belongs to no account, and your token is limited to some. It takes one that is limited to none.';
  }
  return undefined;
}

export function Refusal({ of }: { readonly of: string }) {
  return (
    <p class="note" role="note">
      <strong>You may look at this, and not change it.</strong> {of}
    </p>
  );
}
