/** What the registry says of an event's key at its time: the version that the verdict was made with. */
import type { RowsDocument } from '../../../schemas/api/questions.ts';
import { type EventRow, field } from '../api/event.ts';
import { at, PATHS } from '../api/paths.ts';
import { useQuery } from '../api/use-query.ts';

export interface KeyVersion {
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly recordedAt: string;
  readonly origin: string;
  readonly state: string;
  readonly allowListState: string;
  readonly allowList: readonly string[];
}

export function useKeyVersion(event: EventRow): KeyVersion | undefined {
  const key = field(event, 'key_id');
  const account = field(event, 'key_account_id');
  const path = key === '' || account === '' ? undefined : at(PATHS.key_history, { key });
  const { data } = useQuery<RowsDocument>(path, { account }, { isFresh: true });
  const time = field(event, 'event_time');
  const row = data?.rows.find(({ valid_from, valid_to }) => {
    return String(valid_from) <= time && (valid_to === null || String(valid_to) > time);
  });
  if (row === undefined) return undefined;
  return {
    validFrom: String(row.valid_from),
    validTo: row.valid_to === null ? null : String(row.valid_to),
    recordedAt: String(row.recorded_at),
    origin: String(row.origin),
    state: String(row.state),
    allowListState: String(row.allow_list_state),
    allowList: Array.isArray(row.allow_list) ? row.allow_list.map(String) : [],
  };
}
