/** What the stand-in knows of an account: its keys, its users, and what its logs begin with. */

/** As the API writes them: the enumeration of AccountUserUpdateRequest in openapi.json. */
export const ROLES = ['Owner', 'Member', 'Viewer', 'Logs Viewer (API use only)', 'Manager', 'Billing Admin'] as const;
export type Role = (typeof ROLES)[number];

export interface User {
  readonly id: number;
  name: string;
  /** It cannot be changed. */
  readonly email: string;
  role: Role;
  /** Default: `Local`. */
  userType?: string;
  mfaEnabled?: boolean;
}

export interface UserKey {
  /** 10 to 50 letters, digits, `-` and `_`; nothing says that it is unique. */
  name: string;
  readonly secret: string;
  /** Email of a user of the account. */
  ownerEmail: string;
  /** Networks in CIDR notation. The API shows `0.0.0.0/0` for a key that may be used from everywhere. */
  allowedSourceIps: readonly string[];
  /** Ms since 1970. */
  readonly createdAt: number;
  /** Ms since 1970: from then on the key is refused. */
  revokedAt?: number;
}

/** Rows that are there from the beginning, evenly between two times (ms since 1970). They are made when read. */
export interface History {
  readonly rows: number;
  readonly from: number;
  readonly to: number;
}

export interface Account {
  readonly id: number;
  name: string;
  /** The value of `x-api-key`: one for the account. */
  accountKey: string;
  /** False: the API was never enabled, and every request is answered 412. Default: true. */
  apiEnabled?: boolean;
  /** Ms since 1970. */
  readonly createdAt: number;
  readonly keys: UserKey[];
  readonly users: User[];
  /** The system log at the beginning. Default: empty. */
  readonly history?: History;
  /** The session log at the beginning. Default: empty. */
  readonly sessions?: History;
}

export type Resource = 'account' | 'system-log' | 'session-log' | 'users';

/**
 * What a role may read. The documentation of access management gives owners everything, viewers every GET, logs viewers
 * `GET /logs` and nothing else; billing admins may ask for billing data, of which none is served here; managers and
 * members have no API at all.
 */
export function mayRead(role: Role, resource: Resource): boolean {
  if (role === 'Owner' || role === 'Viewer') return true;
  return role === 'Logs Viewer (API use only)' && resource === 'system-log';
}
