/** A dead letter as the API gives it. */

export interface Letter {
  readonly content_hash: string;
  readonly reason: string;
  readonly state: 'open' | 'replayed';
  readonly replayable: boolean;
  readonly source: string;
  readonly account_id: string;
  readonly path: string;
  readonly got: string;
  readonly stream: string;
  readonly stream_partition: number;
  readonly stream_offset: number;
  readonly record_index: number;
  readonly text_bytes: number;
  readonly ingested_at: string;
  readonly last_action: string;
  readonly last_detail: string;
  readonly last_action_at: string | null;
}

/** The same, whole. */
export interface WholeLetter extends Omit<Letter, 'last_action' | 'last_detail' | 'last_action_at'> {
  readonly text: string;
  readonly text_encoding: 'utf8' | 'base64';
  readonly text_sha256: string;
  readonly block_id: string;
  readonly scrubber_version: number;
  readonly log: readonly {
    readonly at: string;
    readonly action: string;
    readonly event_source: string;
    readonly event_account_id: string;
    readonly event_id: string;
    readonly detail: string;
  }[];
}

/** What names a letter in an address, and in a replay. */
export function nameOf({ content_hash: hash, reason }: Pick<Letter, 'content_hash' | 'reason'>): string {
  return `${hash}:${reason}`;
}
