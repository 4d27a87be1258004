/**
 * One log of one account: what is new since the proved position, page by page, and once a day what came later than
 * promised. What stands in `collector_log` never claims a row that is not durable.
 */
import { z } from 'zod';
import type { Told } from '../core/collect/told.ts';
import {
  beginWalk,
  fromOf,
  nextPage,
  type Position,
  provedPosition,
  takePage,
  type Walk,
} from '../core/collect/walk.ts';
import {
  KNOWN_ROWS_MAX,
  REWALK_DAYS,
  REWALK_EVERY_HOURS,
  WALK_REQUESTS_MAX,
  WALK_SAVE_REQUESTS,
} from '../core/limits.ts';
import { type Api, apiTime } from './api.ts';
import { ApiError } from './api-error.ts';
import type { CollectorLog, KnownRows, LogEntry } from './collector-log.ts';
import { type PageRow, readPage } from './log-page.ts';
import type { RowSink } from './row-sink.ts';

/** The two logs, each with what the API calls it. */
export interface LogResource {
  readonly name: 'system-log' | 'session-log';
  readonly path: string;
  readonly source: string;
  /** Rows of a page, at most. */
  readonly pageRows: number;
}

export interface LogCollectorOptions {
  readonly accountId: string;
  readonly resource: LogResource;
  readonly api: Api;
  readonly sink: RowSink;
  readonly log: CollectorLog;
  readonly known: KnownRows;
  /** Takes what entries say of users and keys; it may be told the same again. */
  readonly tell: (told: readonly Told[]) => Promise<void>;
  readonly storeKeyHex: string;
  readonly now: () => number;
  readonly latenessMs: number;
  /** ms since 1970: where the first run begins; null: as far as the API goes. */
  readonly since: number | null;
  readonly walkRequestsMax?: number;
}

export interface LogCycle {
  readonly rowsNew: number;
  readonly rowsLate: number;
  /** More is known to be there than one cycle may read. */
  readonly unfinished: boolean;
  readonly gaps: number;
}

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;

const position = z.object({ time: z.number(), anchors: z.array(z.string()).readonly() });
const walk = z.object({
  kind: z.enum(['forward', 'again']),
  from: z.number().nullable(),
  to: z.number().nullable(),
  candidate: position.nullable(),
  unit: z.enum(['rows', 'pages']),
  pages: z.number(),
  seen: z.number(),
  tail: z.array(z.string()).readonly(),
  joined: z.boolean(),
  met: z.boolean(),
});
const stateSchema = z.object({
  position: position.nullable(),
  forward: walk.nullable(),
  again: walk.nullable(),
  /** ms since 1970: when all was last known to be read as far back as the daily walk goes. */
  againAt: z.number().nullable(),
  /** Rows handed on in all runs: positions of the stream. */
  rows: z.number(),
});
type State = z.infer<typeof stateSchema>;

const EMPTY: State = { position: null, forward: null, again: null, againAt: null, rows: 0 };

export function readLogState(state: unknown): State {
  return state === undefined ? EMPTY : stateSchema.parse(state);
}

export class LogCollector {
  readonly #options: LogCollectorOptions;
  /** Digests of rows that were handed on, with the time of each: those that later walks may meet again. */
  readonly #handed = new Map<string, number>();
  #state: State;
  /** Until a walk of this process was proved, what earlier ones handed on is looked up. */
  #isWarm: boolean;
  #delta = { rowsNew: 0, rowsLate: 0, gaps: 0 };
  #tellsAccount = false;
  #told: Told[] = [];

  constructor(options: LogCollectorOptions) {
    this.#options = options;
    const last = options.log.last(options.resource.name);
    this.#state = readLogState(last?.state);
    this.#isWarm = last === undefined;
  }

  get position(): Position | null {
    return this.#state.position;
  }

  /** Whether an entry came, since this was last asked, that tells of the account itself. */
  takeTellsAccount(): boolean {
    const tells = this.#tellsAccount;
    this.#tellsAccount = false;
    return tells;
  }

  /** Nothing was asked: what failed before would fail this as well. */
  async leaveOut(error: ApiError): Promise<void> {
    await this.#save('failed', () => undefined, error);
  }

  /** @throws ApiError when the API fails; what was read before stays read. Any other error ends the collector. */
  async cycle(): Promise<LogCycle> {
    const total = { rowsNew: 0, rowsLate: 0, gaps: 0 };
    const add = () => {
      for (const name of ['rowsNew', 'rowsLate', 'gaps'] as const) total[name] += this.#delta[name];
    };
    const budget = { left: this.#options.walkRequestsMax ?? WALK_REQUESTS_MAX };
    try {
      let unfinished = !(await this.#forward(budget, add));
      if (!unfinished) unfinished = !(await this.#again(budget, add));
      await this.#save(unfinished ? 'progress' : 'done', add);
      return { ...total, unfinished };
    } catch (error) {
      if (error instanceof ApiError) await this.#save('failed', add, error);
      else if (this.#options.api.isAborted) await this.#save('progress', add);
      throw error;
    }
  }

  /** @returns whether the walk came to its end */
  async #forward(budget: { left: number }, saved: () => void): Promise<boolean> {
    const { since, latenessMs, now } = this.#options;
    const { position } = this.#state;
    const from = position === null ? since : fromOf(position, latenessMs);
    const begun = this.#state.forward ?? beginWalk('forward', from);
    const end = await this.#walk(begun, budget, saved);
    if (end === 'unmet') {
      // Rows of the position are not in the log any more. What may be missing with them is looked for further back,
      // once.
      this.#delta.gaps += 1;
      const time = position?.time ?? 0;
      const further = {
        position: { time, anchors: [] },
        forward: beginWalk('forward', time - REWALK_DAYS * MS_PER_DAY),
      };
      this.#state = { ...this.#state, ...further };
      return this.#forward(budget, saved);
    }
    if (end === undefined) return false;
    this.#isWarm = true;
    const proved = provedPosition(position, end);
    this.#state = { ...this.#state, position: proved, forward: null, againAt: this.#state.againAt ?? now() };
    this.#forget(proved);
    return true;
  }

  /** What became visible later than it may: the days before the position, read again. */
  async #again(budget: { left: number }, saved: () => void): Promise<boolean> {
    const { latenessMs, now } = this.#options;
    const { position, againAt } = this.#state;
    const isDue = now() - (againAt ?? now()) >= REWALK_EVERY_HOURS * MS_PER_HOUR;
    if (position === null || (this.#state.again === null && !isDue)) return true;
    const end = this.#state.again?.to ?? fromOf(position, latenessMs);
    const begun = this.#state.again ?? beginWalk('again', end - REWALK_DAYS * MS_PER_DAY, end);
    const proved = await this.#walk(begun, budget, saved);
    if (proved === undefined) return false;
    this.#state = { ...this.#state, again: null, againAt: now() };
    return true;
  }

  /** @returns the walk when it is proved; undefined when there is more of it than this cycle may read */
  async #walk(begun: Walk, budget: { left: number }, saved: () => void): Promise<Walk | 'unmet' | undefined> {
    let current = begun;
    for (let pages = 1; budget.left > 0; pages += 1) {
      budget.left -= 1;
      const asked = nextPage(current, this.#options.resource.pageRows);
      const { rows, apiNow } = await this.#page(asked);
      const step = takePage(current, asked, rows, { position: this.#state.position, apiNow });
      if (step.kind === 'unjoined') throw new ApiError('WALK_NOT_JOINED', `page ${current.pages + 1} of a walk`);
      await this.#handOn(rows, current.kind);
      if (step.kind === 'unmet') return 'unmet';
      current = step.walk;
      if (step.kind === 'proved') return current;
      this.#state = { ...this.#state, [current.kind]: current };
      if (pages % WALK_SAVE_REQUESTS === 0) await this.#saveProgress(saved);
    }
    return undefined;
  }

  async #page({ offset, limit, from, to }: ReturnType<typeof nextPage>): Promise<{ rows: PageRow[]; apiNow: number }> {
    const { api, resource, accountId, storeKeyHex } = this.#options;
    const query = { offset, limit, startTime: apiTime(from), endTime: apiTime(to) };
    return api.get(resource.path, query, (answer) => ({
      rows: readPage(answer, accountId, storeKeyHex),
      apiNow: answer.apiNow,
    }));
  }

  async #handOn(rows: readonly PageRow[], kind: Walk['kind']): Promise<void> {
    const { sink, known, resource } = this.#options;
    const fresh = new Map(rows.filter(({ hash }) => !this.#handed.has(hash)).map((row) => [row.hash, row]));
    const isNew = kind === 'forward' && this.#isWarm;
    const stored = isNew ? new Set<string>() : await known(resource.source, [...fresh.values()]);
    // Newest first is how they come; the oldest is handed on first, as in any other stream.
    const handed = [...fresh.values()].filter(({ hash }) => !stored.has(hash)).reverse();
    await sink.add(handed.map(({ bytes }) => bytes));
    const { position } = this.#state;
    const isLate = (time: number | undefined) => kind === 'again' || (time ?? Infinity) < (position?.time ?? -Infinity);
    this.#delta.rowsNew += handed.length;
    this.#delta.rowsLate += handed.filter(({ time }) => isLate(time)).length;
    this.#state = { ...this.#state, rows: this.#state.rows + handed.length };
    this.#tellsAccount ||= handed.some(({ isOfAccount }) => isOfAccount);
    this.#told.push(...[...fresh.values()].flatMap(({ told }) => told ?? []));
    for (const { hash, time } of fresh.values()) this.#handed.set(hash, time ?? this.#options.now());
    if (this.#handed.size > KNOWN_ROWS_MAX) this.#forget(this.#state.forward?.candidate ?? position, rows);
  }

  /** Rows that no later walk meets; those of the page that was read last are met by the next page. */
  #forget(position: Position | null, last: readonly PageRow[] = []): void {
    if (position === null) return;
    const floor = fromOf(position, this.#options.latenessMs);
    const kept = new Set(last.map(({ hash }) => hash));
    for (const [hash, time] of this.#handed) if (time < floor && !kept.has(hash)) this.#handed.delete(hash);
  }

  /**
   * What is to be told to the registry is told at the end of a cycle, because each time costs it a generation. Until
   * then the state stays, so that who dies reads again what it would have told.
   */
  async #saveProgress(saved: () => void): Promise<void> {
    if (this.#told.length === 0) await this.#save('progress', saved);
    else await this.#options.sink.flush();
  }

  async #save(kind: LogEntry['kind'], saved: () => void, error?: ApiError): Promise<void> {
    const { sink, log, api, resource, tell } = this.#options;
    await sink.flush();
    // Before the state: who dies in between tells it again.
    if (this.#told.length > 0) await tell(this.#told);
    this.#told = [];
    await log.write(resource.name, {
      ...{ kind, positionTime: this.#state.position?.time ?? null, requests: api.takeRequests(), ...this.#delta },
      ...{ minuteRequests: api.minuteRequests, minuteRequestsMax: api.budget.requestsMax },
      ...{ failure: error?.failure ?? '', detail: error?.explanation.got ?? '', state: this.#state },
    });
    saved();
    this.#delta = { rowsNew: 0, rowsLate: 0, gaps: 0 };
  }
}
