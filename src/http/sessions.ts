/**
 * Sessions of people in a browser: a token, or the one-time link of a terminal, becomes a cookie that no page can read.
 */
import type { Caller } from '../access/token-book.ts';
import { SESSION_HOURS_MAX, SESSIONS_HELD_ENTRIES_MAX, SIGN_IN_LINK_MS_MAX } from '../core/limits.ts';

const MS_PER_HOUR = 3_600_000;

interface Session {
  readonly caller: Caller;
  readonly untilMs: number;
}

export interface SessionOptions {
  readonly now: () => number;
  /** A text of 256 random bits. */
  readonly secret: () => string;
}

/** The token id of a session that began with the link: it is the owner's own, and no token can be revoked for it. */
export const LINK_TOKEN_ID = 'sign-in-link';

/** Who signs in with the link: whoever sees the terminal that the daemon was started in. */
export const LINK_CALLER: Caller = { tokenId: LINK_TOKEN_ID, name: 'owner', role: 'admin', accounts: [], source: '' };

export class Sessions {
  readonly #options: SessionOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #links = new Map<string, number>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** @returns the code of a link that signs its reader in as the owner, once, within its time */
  makeLink(): string {
    const code = this.#options.secret();
    this.#links.set(code, this.#options.now() + SIGN_IN_LINK_MS_MAX);
    return code;
  }

  /** @returns the session's secret; `undefined` for a code that is wrong, used or old */
  beginWithLink(code: string): string | undefined {
    const untilMs = this.#links.get(code);
    this.#links.delete(code);
    if (untilMs === undefined || untilMs < this.#options.now()) return undefined;
    return this.begin(LINK_CALLER);
  }

  /** @returns the session's secret */
  begin(caller: Caller): string {
    const secret = this.#options.secret();
    this.#sessions.set(secret, { caller, untilMs: this.#options.now() + SESSION_HOURS_MAX * MS_PER_HOUR });
    // The oldest goes first.
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= SESSIONS_HELD_ENTRIES_MAX) break;
      this.#sessions.delete(oldest);
    }
    return secret;
  }

  callerOf(secret: string): Caller | undefined {
    const session = this.#sessions.get(secret);
    if (session === undefined) return undefined;
    if (session.untilMs > this.#options.now()) return session.caller;
    this.#sessions.delete(secret);
    return undefined;
  }

  end(secret: string): void {
    this.#sessions.delete(secret);
  }
}
