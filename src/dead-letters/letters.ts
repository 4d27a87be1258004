/** Open dead letters as a replay reads them: page by page in the order of their key, texts apart from the rest. */
import { z } from 'zod';
import { REPLAY_BYTES_MAX, REPLAY_LETTERS_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';

/** What identifies a letter, and the order in which letters are read. */
export interface LetterKey {
  /** 32 hex digits. */
  readonly contentHash: string;
  readonly reason: string;
  readonly source: string;
  readonly accountId: string;
}

export interface OpenLetter extends LetterKey {
  /** Where the record was read. */
  readonly origin: {
    readonly stream: string;
    readonly partition: number;
    readonly position: number;
    readonly recordIndex: number;
  };
  readonly replayable: boolean;
  /** As stored: the scrubbed record, or the head of one that was too large. */
  readonly text: Buffer;
}

/** Which open letters; an empty list excludes none. */
export interface LetterSelection {
  readonly reasons: readonly string[];
  /** Sources of letters; `''` for letters without one. */
  readonly sources: readonly string[];
  /** Content hashes (32 hex digits), each alone or with a reason: `<hash>:<reason>`. */
  readonly letters: readonly string[];
}

const BEFORE_ALL: LetterKey = { contentHash: '', reason: '', source: '', accountId: '' };

const pageRow = z.object({
  content_hash: z.string(),
  reason: z.string(),
  source: z.string(),
  account_id: z.string(),
  stream: z.string(),
  stream_partition: z.number(),
  stream_offset: z.number(),
  record_index: z.number(),
  text_bytes: z.number(),
  replayable: z.boolean(),
});
type PageRow = z.infer<typeof pageRow>;

const textRow = z.object({
  content_hash: z.string(),
  reason: z.string(),
  source: z.string(),
  account_id: z.string(),
  text: z.base64(),
});

/** Pages of open letters, each within REPLAY_LETTERS_MAX and, unless one letter alone is longer, REPLAY_BYTES_MAX. */
export async function* openLetters(store: Store, selection: LetterSelection): AsyncGenerator<OpenLetter[]> {
  for (let after = BEFORE_ALL; ; ) {
    const rows = await pageBehind(store, selection, after);
    const page = withinBytes(rows);
    const last = page.at(-1);
    if (last === undefined) return;
    const texts = await textsOf(store, after, page);
    after = keyOf(last);
    yield page.flatMap((row) => {
      const text = texts.get(nameOf(keyOf(row)));
      return text === undefined ? [] : [letterOf(row, text)];
    });
  }
}

async function pageBehind(store: Store, selection: LetterSelection, after: LetterKey): Promise<PageRow[]> {
  const { reasons, sources, letters } = selection;
  const parameters = { ...boundary('after', after), reasons, sources, letters, limit: REPLAY_LETTERS_MAX };
  return z.array(pageRow).parse(await store.rows(statement('dead-letters-page'), { parameters }));
}

/** The bytes as received are at least those that are stored. */
function withinBytes(rows: readonly PageRow[]): PageRow[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += row.text_bytes;
    return index > 0 && bytes > REPLAY_BYTES_MAX;
  });
  return rows.slice(0, end < 0 ? rows.length : end);
}

async function textsOf(store: Store, after: LetterKey, page: readonly PageRow[]): Promise<Map<string, Buffer>> {
  const last = page.at(-1);
  const hashes = page.map((row) => row.content_hash);
  const parameters = { ...boundary('after', after), ...boundary('last', last ? keyOf(last) : after), hashes };
  const rows = z.array(textRow).parse(await store.rows(statement('dead-letters-texts'), { parameters }));
  return new Map(rows.map((row) => [nameOf(keyOf(row)), Buffer.from(row.text, 'base64')]));
}

function boundary(name: 'after' | 'last', key: LetterKey): Record<string, string> {
  return {
    [`${name}_hash`]: key.contentHash,
    [`${name}_reason`]: key.reason,
    [`${name}_source`]: key.source,
    [`${name}_account`]: key.accountId,
  };
}

function keyOf(row: { content_hash: string; reason: string; source: string; account_id: string }): LetterKey {
  return { contentHash: row.content_hash, reason: row.reason, source: row.source, accountId: row.account_id };
}

function nameOf(key: LetterKey): string {
  return JSON.stringify([key.contentHash, key.reason, key.source, key.accountId]);
}

function letterOf(row: PageRow, text: Buffer): OpenLetter {
  return {
    ...keyOf(row),
    origin: {
      stream: row.stream,
      partition: row.stream_partition,
      position: row.stream_offset,
      recordIndex: row.record_index,
    },
    replayable: row.replayable,
    text,
  };
}
