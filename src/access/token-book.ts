/** The tokens that count, as the daemon knows them: asked for again when what it knows is old. */
import type { Role, TokenRow } from '../../schemas/access.ts';
import { TOKENS_KNOWN_MS_MAX } from '../core/limits.ts';
import { isToken, tokenIdOf } from './token.ts';

/** Who is behind a request. */
export interface Caller {
  readonly tokenId: string;
  readonly name: string;
  readonly role: Role;
  /** Empty: all. */
  readonly accounts: readonly string[];
  readonly source: string;
}

export interface TokenBookOptions {
  readonly read: () => Promise<readonly TokenRow[]>;
  readonly now: () => number;
}

export class TokenBook {
  readonly #options: TokenBookOptions;
  #rows: ReadonlyMap<string, TokenRow> = new Map();
  /** When the read of what is known was begun: what is stored after that may be missing in it. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #reading: { readonly askedAt: number; readonly done: Promise<void> } | undefined;

  constructor(options: TokenBookOptions) {
    this.#options = options;
  }

  /**
   * @returns who the token is of; `undefined` for one that never was, was revoked, or has expired
   * @throws what the store does not answer with, when nothing is known yet
   */
  async callerOf(text: string): Promise<Caller | undefined> {
    const id = tokenIdOf(text);
    if (id === undefined) return undefined;
    await this.#refresh();
    const row = this.#rows.get(id);
    if (row === undefined || !isToken(text, row.digest) || !this.#counts(row)) return undefined;
    const { name, role, accounts, source } = row;
    return { tokenId: id, name, role, accounts, source };
  }

  /** Whether the token of this id counts now: what a session or a stream that lasts asks again. */
  async stillCounts(id: string): Promise<boolean> {
    await this.#refresh();
    const row = this.#rows.get(id);
    return row !== undefined && this.#counts(row);
  }

  #counts(row: TokenRow): boolean {
    return row.revoked_at_ms === 0 && (row.expires_at_ms === 0 || row.expires_at_ms > this.#options.now());
  }

  /** However many wrong tokens are shown, the store is asked once in a while. */
  async #refresh(): Promise<void> {
    const now = this.#options.now();
    const isOld = (askedAt: number): boolean => now - askedAt >= TOKENS_KNOWN_MS_MAX;
    if (!isOld(this.#askedAt)) return;
    // A read that takes long may have been begun before the token was made that is shown now.
    const earlier = this.#reading;
    if (earlier !== undefined) await earlier.done;
    if (earlier === undefined || isOld(earlier.askedAt)) await (this.#reading ?? this.#begin()).done;
  }

  #begin(): { readonly done: Promise<void> } {
    const askedAt = this.#options.now();
    const done = this.#read(askedAt).finally(() => {
      this.#reading = undefined;
    });
    this.#reading = { askedAt, done };
    return this.#reading;
  }

  async #read(askedAt: number): Promise<void> {
    try {
      const rows = await this.#options.read();
      this.#rows = new Map(rows.map((row) => [row.token_id, row]));
      this.#askedAt = askedAt;
    } catch (error) {
      // While the store is away, who was known is still known: the console then says what is wrong.
      if (this.#rows.size === 0) throw error;
    }
  }
}
