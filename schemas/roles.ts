/** Roles, and what each may do: needed by whoever asks as well as by whoever answers. */

/**
 * `push`: bring records in, and nothing else. `viewer`: read by API. `analyst`: also export, ask by SQL, judge
 * findings, and replay dead letters. `admin`: everything.
 */
export const ROLES = ['push', 'viewer', 'analyst', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a route asks for. */
export type Ability = 'push' | 'read' | 'export' | 'sql' | 'triage' | 'operate';

const ABILITIES: Readonly<Record<Role, readonly Ability[]>> = {
  push: ['push'],
  viewer: ['read'],
  analyst: ['read', 'export', 'sql', 'triage'],
  admin: ['push', 'read', 'export', 'sql', 'triage', 'operate'],
};

export function may(role: Role, ability: Ability): boolean {
  return ABILITIES[role].includes(ability);
}
