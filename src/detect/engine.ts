/**
 * The cycle of detections: what is usual is fed with what is new, each detection looks at it, what it finds is entered,
 * and then its cursor moves. A process that is killed in between looks a second time, and finds the same.
 */
import PQueue from 'p-queue';
import type { GivenParameters } from '../ask/runner.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Suppression } from '../core/findings/suppression.ts';
import { DETECTIONS_AT_ONCE } from '../core/limits.ts';
import { suppressionsInForce } from '../findings/suppressions.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { Detection } from './detections.ts';
import { findIn } from './find.ts';
import { feedHabits } from './habits.ts';
import { type Cursor, moveCursors, type Pending, pendingAfter, readCursors } from './pending.ts';
import type { Span } from './run-detection.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly detections: readonly Detection[];
  readonly now: () => number;
  /** Parameters in place of their defaults, by detection. */
  readonly given?: Readonly<Record<string, GivenParameters>>;
}

export interface RuleReport {
  readonly rule: string;
  readonly added: number;
  readonly shown: number;
  readonly reopened: number;
  /** It found more than it may at once. */
  readonly capped: boolean;
  /** ms that it took. */
  readonly ms: number;
  /** Why it could not look; its cursor stays, and it looks again in the next cycle. */
  readonly error?: unknown;
}

export interface CycleReport {
  readonly blocks: number;
  readonly events: number;
  readonly rules: readonly RuleReport[];
  /** Found for the first time, and open again. */
  readonly found: readonly Finding[];
  readonly reopened: readonly Finding[];
  /** More is waiting than one cycle takes. */
  readonly more: boolean;
}

/** The cursor of what feeds the habits; no file of a detection can have this name. */
const HABITS = '(habits)';
const NOWHERE: Cursor = new Map();
const NOTHING: CycleReport = { blocks: 0, events: 0, rules: [], found: [], reopened: [], more: false };
const NO_SPAN: Span = { from: 0, to: 0, blocks: [] };

export class DetectionEngine {
  readonly #options: EngineOptions;
  #cursors: Map<string, Cursor> | undefined;
  readonly #lookedAt = new Map<string, number>();
  /** The state of the ledger in which a detection had looked at all that there was. */
  readonly #sawState = new Map<string, string>();
  #fedAll = true;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** @param onlyDue leaves out detections whose interval has not passed since they looked last */
  async cycle({ onlyDue = false } = {}): Promise<CycleReport> {
    const { store, detections, now } = this.#options;
    const started = now();
    const all = detections.filter((one) => !onlyDue || this.#isDue(one, started));
    // What is usual is fed before somebody looks; while nobody does, nothing needs it.
    if (all.length === 0 && this.#fedAll) return NOTHING;
    const state = await ledgerState(store);
    const due = all.filter((one) => !onlyDue || !this.#sawAll(one, state));
    for (const { id } of all.filter((one) => !due.includes(one))) this.#lookedAt.set(id, started);
    if (due.length === 0 && this.#fedAll) return NOTHING;
    const suppressions = await suppressionsInForce(store, started);
    const cursors = await this.#loaded();
    const fed = await this.#feed(cursors);
    this.#fedAll = !fed.more;
    const reports: CycleReport[] = [];
    for (const group of grouped(due, cursors)) reports.push(await this.#look(group, suppressions));
    for (const { id } of due) this.#lookedAt.set(id, started);
    for (const { rules, more } of reports) {
      if (!more) for (const { rule, error } of rules) if (error === undefined) this.#sawState.set(rule, state);
    }
    return {
      blocks: Math.max(0, ...reports.map(({ blocks }) => blocks)),
      events: Math.max(0, ...reports.map(({ events }) => events)),
      rules: reports.flatMap(({ rules }) => rules),
      found: reports.flatMap(({ found }) => found),
      reopened: reports.flatMap(({ reopened }) => reopened),
      more: fed.more || reports.some(({ more }) => more),
    };
  }

  /** Feeds what is usual with all that is stored, for who looks at the past. */
  async feedAll(): Promise<void> {
    const cursors = await this.#loaded();
    while ((await this.#feed(cursors)).more) {
      // Each pass moves the cursor by as many blocks as one cycle takes.
    }
  }

  /** Looks at a range of time whatever was looked at before, and leaves the cursors where they are. */
  async lookAt(from: number, to: number): Promise<CycleReport> {
    await this.feedAll();
    const { store, detections, now } = this.#options;
    const suppressions = await suppressionsInForce(store, now());
    const reports = await this.#askAll(detections, [{ from, to, blocks: [] }], suppressions);
    return { blocks: 0, events: 0, more: false, ...together(reports) };
  }

  #isDue({ id, detection }: Detection, at: number): boolean {
    return at - (this.#lookedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= detection.interval_seconds * 1_000;
  }

  /** One that looks at what came in has nothing to look at while nothing does: an idle daemon asks one question. */
  #sawAll({ id, detection }: Detection, state: string): boolean {
    return detection.trigger === 'events' && this.#sawState.get(id) === state;
  }

  async #loaded(): Promise<Map<string, Cursor>> {
    this.#cursors ??= await readCursors(this.#options.store);
    return this.#cursors;
  }

  async #feed(cursors: Map<string, Cursor>): Promise<Pending> {
    const { store, now } = this.#options;
    const before = cursors.get(HABITS) ?? NOWHERE;
    const pending = await pendingAfter(store, before);
    for (const span of pending.spans) await feedHabits(store, span, now());
    await this.#move([HABITS], before, pending.next);
    return pending;
  }

  async #look({ cursor, detections }: Group, suppressions: readonly Suppression[]): Promise<CycleReport> {
    const { store } = this.#options;
    const pending = await pendingAfter(store, cursor);
    const reports = await this.#askAll(detections, pending.spans, suppressions);
    const done = reports.filter(({ rule }) => rule.error === undefined).map(({ rule }) => rule.rule);
    await this.#move(done, cursor, pending.next);
    const { blocks, events, more } = pending;
    return { blocks, events, more, ...together(reports) };
  }

  /** Side by side, as many as the store has sessions for readers. */
  #askAll(detections: readonly Detection[], spans: readonly Span[], suppressions: readonly Suppression[]) {
    const queue = new PQueue({ concurrency: DETECTIONS_AT_ONCE });
    return queue.addAll(
      detections.map((detection) => () => {
        const of = detection.detection.trigger === 'events' ? spans : [NO_SPAN];
        return this.#ask(detection, of, suppressions);
      }),
    );
  }

  async #ask(
    detection: Detection,
    spans: readonly Span[],
    suppressions: readonly Suppression[],
  ): Promise<RuleFindings> {
    const { store, now, given = {} } = this.#options;
    const options = { store, suppressions, given: given[detection.id] ?? {}, now: now() };
    const all = { added: [] as Finding[], reopened: [] as Finding[], shown: 0, capped: false };
    const started = performance.now();
    let failure: { readonly error: unknown } | undefined;
    try {
      for (const span of spans) {
        const { added, shown, reopened, capped } = await findIn(detection, span, options);
        all.added.push(...added);
        all.reopened.push(...reopened);
        all.shown += shown.length;
        all.capped ||= capped;
      }
    } catch (error) {
      // One detection that cannot be asked must not silence the others.
      failure = { error };
    }
    const rule: RuleReport = {
      rule: detection.id,
      added: all.added.length,
      shown: all.shown,
      reopened: all.reopened.length,
      capped: all.capped,
      ms: performance.now() - started,
      ...failure,
    };
    return { rule, found: all.added, reopened: all.reopened };
  }

  async #move(rules: readonly string[], before: Cursor, next: Cursor): Promise<void> {
    const { store, now } = this.#options;
    await moveCursors(store, rules, before, next, now());
    const cursors = await this.#loaded();
    for (const rule of rules) cursors.set(rule, next);
  }
}

async function ledgerState(store: Store): Promise<string> {
  const [row] = await store.rows<{ state: string }>(statement('ledger-state'));
  return row?.state ?? '';
}

interface RuleFindings {
  readonly rule: RuleReport;
  readonly found: readonly Finding[];
  readonly reopened: readonly Finding[];
}

function together(reports: readonly RuleFindings[]): Pick<CycleReport, 'rules' | 'found' | 'reopened'> {
  return {
    rules: reports.map(({ rule }) => rule),
    found: reports.flatMap(({ found }) => found),
    reopened: reports.flatMap(({ reopened }) => reopened),
  };
}

interface Group {
  readonly cursor: Cursor;
  readonly detections: readonly Detection[];
}

/** Detections that stand at the same place look at the same blocks, and so ask for them once. */
function grouped(detections: readonly Detection[], cursors: ReadonlyMap<string, Cursor>): Group[] {
  const groups = new Map<string, { cursor: Cursor; detections: Detection[] }>();
  const places = new Map<Cursor, string>();
  for (const detection of detections) {
    const cursor = cursors.get(detection.id) ?? NOWHERE;
    const place = places.get(cursor) ?? JSON.stringify([...cursor].sort());
    places.set(cursor, place);
    const group = groups.get(place) ?? { cursor, detections: [] };
    group.detections.push(detection);
    groups.set(place, group);
  }
  return [...groups.values()];
}
