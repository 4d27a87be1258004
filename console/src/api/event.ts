/** An event as the API gives it: fields as the columns of `activity`. */
export type EventRow = Readonly<Record<string, unknown>>;

/** The text of a field; `''` where it has none. */
export function field(event: EventRow, name: string): string {
  const value = event[name];
  return value === null || value === undefined ? '' : String(value);
}

/** The same id with other contents is another statement. */
export function idOf(event: EventRow): string {
  return ['source', 'account_id', 'event_id', 'content_hash'].map((name) => field(event, name)).join(' ');
}
