/** An account while the stand-in runs: its two logs grow, and its keys and users change. */
import { seededRandom, seedOf, uuidOf } from '../random.ts';
import type { Account } from './accounts.ts';
import { GrowingLog } from './growing-log.ts';
import { isoSeconds, type SessionLogEntry, type SystemLogEntry } from './rows.ts';
import { sessionRun } from './session-rows.ts';
import { castOf, type RunOptions, systemRun } from './system-rows.ts';

export interface Lateness {
  /** The row gets its id and time now, and is seen only this much later. */
  readonly lateMs?: number;
}

/**
 * A row as a test wants it. What is left out of id and time is the next id and the present second; any other field that
 * is left out is absent. The same row twice is a duplicate, an id that was there before is a reused one.
 */
export interface NewEntry extends Partial<SystemLogEntry>, Lateness {
  /** Where it stands among the ids; default: at its own. Another one puts it out of order. */
  readonly place?: number;
}

export type NewSession = Partial<SessionLogEntry> & Lateness;

export interface Growth extends Lateness {
  readonly rows: number;
  /** The times of the rows are spread over this long before now. Default 0: all happen in one second. */
  readonly spreadMs?: number;
}

const ID_MAX = 2_147_483_647;
/** The order of the size of the ids in the documentation. */
const ID_FIRST = 2_900_000;

export class LiveAccount {
  /** The account itself, to be changed: enable its API, hand keys over, change allow lists, add and remove users. */
  readonly state: Account;
  readonly systemLog = new GrowingLog<SystemLogEntry>(({ id }) => id);
  /** A GUID tells no place. */
  readonly sessionLog = new GrowingLog<SessionLogEntry>(() => undefined);
  readonly #seed: number;
  readonly #now: () => number;
  #nextId: number;
  #nextSession = 1;

  /** @param account is copied: nobody else changes it */
  constructor(account: Account, seed: number, now: () => number) {
    this.state = structuredClone(account);
    this.#seed = seedOf(seed, account.id);
    this.#now = now;
    this.#nextId = ID_FIRST + (this.#seed % 100_000);
    const { history, sessions } = account;
    const visibleFrom = Number.NEGATIVE_INFINITY;
    if (history !== undefined) this.#addRun({ ...history, count: history.rows, visibleFrom });
    if (sessions !== undefined) this.#addSessionRun({ ...sessions, count: sessions.rows, visibleFrom });
  }

  /** @returns the rows as they will be served */
  append(entries: readonly NewEntry[]): SystemLogEntry[] {
    return entries.map(({ lateMs, place, id: given, time, ...fields }) => {
      const id = given ?? this.#nextId;
      this.#nextId = idAfter(this.#nextId, id);
      const row = { id, time: time ?? isoSeconds(this.#now()), ...fields };
      const at = { time: this.#momentOf(row.time), visibleFrom: this.#visibleFrom(lateMs) };
      this.systemLog.addSingle({ place: place ?? id, row, ...at });
      return row;
    });
  }

  /** Plausible rows, any number of them: they are made when they are read. */
  grow({ rows, spreadMs = 0, lateMs }: Growth): void {
    const now = this.#now();
    this.#addRun({ count: rows, from: now - spreadMs, to: now, visibleFrom: this.#visibleFrom(lateMs) });
  }

  appendSessions(entries: readonly NewSession[]): SessionLogEntry[] {
    return entries.map(({ lateMs, id, time, ...fields }) => {
      const place = this.#nextSession;
      this.#nextSession += 1;
      const made = {
        id: id ?? uuidOf(seededRandom(seedOf(this.#seed, place))),
        time: time ?? isoSeconds(this.#now()),
      };
      const row = { ...made, ...fields };
      const at = { time: this.#momentOf(row.time), visibleFrom: this.#visibleFrom(lateMs) };
      this.sessionLog.addSingle({ place, row, ...at });
      return row;
    });
  }

  growSessions({ rows, spreadMs = 0, lateMs }: Growth): void {
    const now = this.#now();
    this.#addSessionRun({ count: rows, from: now - spreadMs, to: now, visibleFrom: this.#visibleFrom(lateMs) });
  }

  /** Every row of the system log that anybody could have seen by now, newest first; equal rows once. */
  everyRow(): Generator<SystemLogEntry> {
    return this.systemLog.everyRow(this.#now());
  }

  everySession(): Generator<SessionLogEntry> {
    return this.sessionLog.everyRow(this.#now());
  }

  /** The key is refused from now on. @throws Error for a key that the account does not have */
  revoke(keyName: string): void {
    const key = this.state.keys.find(({ name }) => name === keyName);
    if (key === undefined) throw new Error(`account ${this.state.id} has no key ${keyName}`);
    key.revokedAt = this.#now();
  }

  /** Where a row lies for who asks for a range of times: one that tells no time lies where it was appended. */
  #momentOf(time: string): number {
    const moment = Date.parse(time);
    return Number.isNaN(moment) ? this.#now() : moment;
  }

  #visibleFrom(lateMs: number | undefined): number {
    return lateMs === undefined ? Number.NEGATIVE_INFINITY : this.#now() + lateMs;
  }

  #addRun(options: Omit<RunOptions, 'seed' | 'first'>): void {
    if (options.count === 0) return;
    const first = this.#nextId;
    this.#nextId = idAfter(first, first + options.count - 1);
    this.systemLog.addRun(systemRun({ ...options, seed: this.#seed, first }, castOf(this.state)));
  }

  #addSessionRun(options: Omit<RunOptions, 'seed' | 'first'>): void {
    if (options.count === 0) return;
    const first = this.#nextSession;
    this.#nextSession += options.count;
    this.sessionLog.addRun(sessionRun({ ...options, seed: this.#seed, first }, this.state));
  }
}

function idAfter(next: number, id: number): number {
  if (id > ID_MAX) throw new Error(`broken promise: an id is an int32, and ${id} is none`);
  return Math.max(next, id + 1);
}
