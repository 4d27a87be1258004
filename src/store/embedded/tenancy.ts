/**
 * Who serves a data directory. The engine's own lock decides: whoever gets the engine listens on the socket, everybody
 * else uses that socket, and when it falls silent the election begins again. A kill -9 frees the lock and leaves a
 * stale socket, which the next owner removes.
 */
import { UserError } from '../../core/errors.ts';
import { ELECTION_MS_MAX } from '../../core/limits.ts';
import { pause } from '../retry.ts';
import { EngineRefused } from './engine.ts';
import { dataDirFull, type EmbeddedPaths, isFull, isLockedElsewhere, lockHolder } from './paths.ts';
import { probe } from './probe.ts';
import type { ChildExit, Seat, TakeSeat } from './seat.ts';

export interface TenancyLog {
  readonly info: (facts: object, message: string) => void;
  readonly warn: (facts: object, message: string) => void;
}

const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 200;
/** A child that lived for less than this has died of what the next one will die of, too. */
const SHORT_LIFE_MS = 10_000;
const RESTART_PAUSE_MS_MAX = 5_000;

export class Tenancy {
  readonly #paths: EmbeddedPaths;
  readonly #take: TakeSeat;
  readonly #log: TenancyLog;
  readonly #onLost: (exit: ChildExit) => void;
  #seat: Seat | undefined;
  #attachedTo = 0;
  #election: Promise<void> | undefined;
  #closed = false;
  #shortLives = 0;

  constructor(paths: EmbeddedPaths, take: TakeSeat, log: TenancyLog, onLost: (exit: ChildExit) => void) {
    this.#paths = paths;
    this.#take = take;
    this.#log = log;
    this.#onLost = onLost;
  }

  get role(): 'owner' | 'attached' {
    return this.#seat === undefined ? 'attached' : 'owner';
  }

  /** The process that serves, as far as is known. */
  get pid(): number {
    return this.#seat?.pid ?? this.#attachedTo;
  }

  /** Resolves when somebody serves. Calls at the same time share one election. */
  elect(): Promise<void> {
    this.#election ??= this.#elect().finally(() => {
      this.#election = undefined;
    });
    return this.#election;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#election?.catch(() => {
      // Whoever waited for the election has been told.
    });
    const seat = this.#seat;
    this.#seat = undefined;
    await seat?.close();
  }

  async #elect(): Promise<void> {
    const deadline = performance.now() + ELECTION_MS_MAX;
    let refused: EngineRefused | undefined;
    do {
      if (this.#closed) throw new UserError('STORE_CLOSED', 'the store has been closed');
      const listener = await probe(this.#paths.socket);
      if (listener.state === 'answers') {
        this.#attachedTo = listener.pid;
        return;
      }
      if (listener.state === 'nobody' && !(await isLockedElsewhere(this.#paths))) {
        const taken = await this.#take(this.#paths);
        if (!(taken instanceof EngineRefused)) return this.#sit(taken);
        refused = taken;
      }
      await pause(PAUSE_MS_MIN + Math.random() * (PAUSE_MS_MAX - PAUSE_MS_MIN));
    } while (performance.now() < deadline);
    throw await this.#notElected(refused);
  }

  #sit(seat: Seat): void {
    this.#seat = seat;
    const since = performance.now();
    this.#log.info({ pid: seat.pid, dataDir: this.#paths.dataDir }, 'the embedded store is open');
    seat.lost.then((exit) => this.#replace(seat, exit, performance.now() - since));
  }

  /** A supervised child has died: another takes its place, without waiting for somebody to ask. */
  #replace(seat: Seat, exit: ChildExit, livedMs: number): void {
    if (this.#closed) return;
    this.#onLost(exit);
    // A call that found nobody may already have filled the seat.
    if (this.#seat !== seat) return;
    this.#seat = undefined;
    this.#shortLives = livedMs < SHORT_LIFE_MS ? this.#shortLives + 1 : 0;
    this.#log.warn({ ...exit, livedMs: Math.round(livedMs) }, 'the embedded store has died and is started again');
    const pauseMs = this.#shortLives === 0 ? 0 : Math.min(RESTART_PAUSE_MS_MAX, 50 * 2 ** this.#shortLives);
    this.#election ??= pause(pauseMs)
      .then(() => this.#elect())
      .finally(() => {
        this.#election = undefined;
      });
    this.#election.catch((cause) => {
      if (!this.#closed) this.#log.warn({ err: cause }, 'the embedded store could not be started again');
    });
  }

  async #notElected(refused: EngineRefused | undefined): Promise<UserError> {
    const { dataDir } = this.#paths;
    if (await isFull(dataDir)) return dataDirFull(dataDir, refused);
    const pid = await lockHolder(this.#paths);
    const seconds = Math.round(ELECTION_MS_MAX / 1_000);
    if (pid === undefined && refused !== undefined) {
      return new UserError(
        'ENGINE_NOT_OPENED',
        `the engine could not open the data directory ${dataDir}`,
        {
          got: refused.message,
          next: 'see that its files belong to this user and that no other program uses them; keytrail doctor looks closer',
        },
        { cause: refused },
      );
    }
    return new UserError(
      'DATA_DIR_HELD',
      `the data directory ${dataDir} is held by another process, which has not answered for ${seconds} s`,
      {
        got: pid === undefined ? `a listener on ${this.#paths.socket} that does not answer` : `process ${pid}`,
        expected: 'a keytrail process that shares its store, or none',
        next:
          pid === undefined ? 'end that process, then try again' : `wait for process ${pid} or end it, then try again`,
      },
      { cause: refused },
    );
  }
}
