/** The rows of the two logs, as the API's description (openapi.json) has them. */

/** AccountSystemLogEntry. Only id and time are always there. */
export interface SystemLogEntry {
  /** Int32, unique in the account as far as the documentation goes. */
  readonly id: number;
  /** ISO 8601, UTC, whole seconds. */
  readonly time: string;
  /** `Name (email)`, an email, or `System`. */
  readonly originator?: string;
  /** Absent for what was done in the console. */
  readonly apiKeyName?: string;
  readonly resource?: string;
  readonly resourceId?: number;
  readonly type?: string;
  readonly description?: string;
}

/** AccountSessionLogEntry. */
export interface SessionLogEntry {
  /** A GUID: it tells nothing about the order. */
  readonly id: string;
  readonly time: string;
  readonly user?: string;
  readonly userAgent?: string;
  readonly ipAddress?: string;
  readonly userRole?: string;
  readonly type?: string;
  readonly action?: string;
}

/** The API's clock has seconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
