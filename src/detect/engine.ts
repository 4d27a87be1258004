/**
 * The cycle of detections: what is usual is fed with what is new, each detection looks at it, what it finds is entered,
 * and then its cursor moves. A process that is killed in between looks a second time, and finds the same.
 */
import PQueue from 'p-queue';
import { RULES_PARAMETER } from '../../schemas/detections.ts';
import type { GivenParameters } from '../ask/runner.ts';
import type { Finding } from '../core/findings/finding.ts';
import type { Suppression } from '../core/findings/suppression.ts';
import { DETECTIONS_AT_ONCE, HOURS_FED_MS, URGENT_INTERVAL_SECONDS_MAX } from '../core/limits.ts';
import { suppressionsInForce } from '../findings/suppressions.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import type { Detection } from './detections.ts';
import { type FindOptions, findIn } from './find.ts';
import { feedHabits, feedHours } from './habits.ts';
import { type LateReport, lookAgain } from './late-knowledge.ts';
import { type Cursor, moveCursors, pendingAfter, readCursors } from './pending.ts';
import type { Span } from './run-detection.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly detections: readonly Detection[];
  readonly now: () => number;
  /** Parameters in place of their defaults, by detection. */
  readonly given?: Readonly<Record<string, GivenParameters>>;
  /** Age of an event, when it is stored, above which it makes no alert. */
  readonly liveAgeHoursMax?: number;
}

export interface RuleReport {
  readonly rule: string;
  readonly added: number;
  readonly shown: number;
  readonly reopened: number;
  /** Taken back because the registry says otherwise now. */
  readonly withdrawn: number;
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
  /** When the registry's change was recorded that is being looked at again, ms since 1970 UTC; absent: none. */
  readonly behind?: number | undefined;
}

/** The cursors of what feeds the habits; no file of a detection can have these names. */
const HABITS = '(habits)';
const HOURS = '(hours)';
const FEEDS = [
  [HABITS, feedHabits],
  [HOURS, feedHours],
] as const;
const NOWHERE: Cursor = new Map();
const NOTHING: CycleReport = { blocks: 0, events: 0, rules: [], found: [], reopened: [], more: false };
const NO_SPAN: Span = { from: 0, to: 0, blocks: [] };

/**
 * `urgent` detections look every few seconds at nothing but what is new, and so beside the `thorough` ones, which need
 * what is usual and take their time. Cycles of both may run at once, of one lane only one after the other.
 */
export type Lane = 'urgent' | 'thorough';

export interface CycleOptions {
  /** Leaves out detections whose interval has not passed since they looked last. */
  readonly onlyDue?: boolean;
  /** Absent: all. */
  readonly lane?: Lane;
}

export class DetectionEngine {
  readonly #options: EngineOptions;
  #cursors: Promise<Map<string, Cursor>> | undefined;
  #isBehind = false;
  /** Of both lanes. */
  readonly #queue = new PQueue({ concurrency: DETECTIONS_AT_ONCE });
  readonly #lookedAt = new Map<string, number>();
  #hoursFedAt = Number.NEGATIVE_INFINITY;
  /** The state of the ledger of which a detection, or what feeds the habits, has seen everything. */
  readonly #sawState = new Map<string, string>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  async cycle({ onlyDue = false, lane }: CycleOptions = {}): Promise<CycleReport> {
    const { store, detections, now } = this.#options;
    const started = now();
    const withHours = !onlyDue || this.#areHoursDue(started);
    const all = detections
      .filter((one) => lane === undefined || laneOf(one) === lane)
      .filter((one) => !onlyDue || (this.#isDue(one, started) && (withHours || !readsHours(one))));
    // What is usual is fed before somebody looks; while nobody does, nothing needs it.
    const isNeeded = !onlyDue || (this.#isBehind && lane !== 'urgent');
    if (all.length === 0 && !isNeeded) return NOTHING;
    const state = onlyDue ? await ledgerState(store) : undefined;
    const due = all.filter((one) => !this.#sawAll(one, state));
    for (const one of all) if (!due.includes(one)) this.#lookedAt.set(one.id, started);
    if (due.length === 0 && !isNeeded) return NOTHING;
    const suppressions = await suppressionsInForce(store, started);
    const cursors = await this.#loaded();
    const before =
      lane === 'urgent' ? NOTHING : await this.#prepare(cursors, suppressions, started, { withHours, state });
    const reports = [before];
    const ofEvents = due.filter(({ detection }) => detection.trigger !== 'registry');
    for (const group of grouped(ofEvents, cursors)) reports.push(await this.#look(group, suppressions));
    // A store that was away meanwhile is asked again at once, and not an interval later.
    for (const { id } of due) this.#lookedAt.set(id, started);
    this.#note(reports, state);
    return {
      blocks: Math.max(...reports.map(({ blocks }) => blocks)),
      events: Math.max(...reports.map(({ events }) => events)),
      rules: summed(reports.flatMap(({ rules }) => rules)),
      found: reports.flatMap(({ found }) => found),
      reopened: reports.flatMap(({ reopened }) => reopened),
      more: reports.some(({ more }) => more),
      behind: before.behind,
    };
  }

  /** Feeds what is usual, and looks again where the registry has learned of the past. */
  async #prepare(
    cursors: Map<string, Cursor>,
    suppressions: readonly Suppression[],
    started: number,
    { withHours, state }: { readonly withHours: boolean; readonly state: string | undefined },
  ): Promise<CycleReport> {
    const looked = new Set(cursors.keys());
    const fed = await this.#feed(cursors, withHours, state);
    if (withHours) this.#hoursFedAt = started;
    const late = await this.#lookAgain(looked, suppressions, started);
    this.#isBehind = late.behind !== undefined;
    const report = ofLate(late);
    return { ...report, more: report.more || fed.more, behind: late.behind };
  }

  /**
   * Feeds what is usual with all that is stored, for who looks at the past.
   *
   * @returns whether there was anything new
   */
  async feedAll(): Promise<boolean> {
    const cursors = await this.#loaded();
    let fed = false;
    for (let more = true; more; ) {
      const before = [...FEEDS].map(([name]) => cursors.get(name));
      more = (await this.#feed(cursors, true)).more;
      fed ||= FEEDS.some(([name], at) => !sameCursor(before[at], cursors.get(name)));
    }
    return fed;
  }

  /** Looks at a range of time whatever was looked at before, and leaves the cursors where they are. */
  async lookAt(from: number, to: number): Promise<CycleReport> {
    await this.feedAll();
    const { store, detections, now } = this.#options;
    const suppressions = await suppressionsInForce(store, now());
    const reports = await this.#askAll(detections, [{ from, to, blocks: [] }], suppressions);
    return { blocks: 0, events: 0, more: false, ...together(reports) };
  }

  /** What the registry learned since, as far as it is about what was looked at before. */
  #lookAgain(looked: ReadonlySet<string>, suppressions: readonly Suppression[], now: number) {
    const { store, detections } = this.#options;
    const optionsOf = (detection: Detection) => this.#findOptions(detection, suppressions);
    return lookAgain({ store, detections, optionsOf, now, looked, habits: HABITS });
  }

  #findOptions({ id, params }: Detection, suppressions: readonly Suppression[]): FindOptions {
    const { store, detections, now, given = {}, liveAgeHoursMax } = this.#options;
    const looking = RULES_PARAMETER in params ? { [RULES_PARAMETER]: detections.map((one) => one.id) } : {};
    return { store, suppressions, given: { ...looking, ...given[id] }, now: now(), liveAgeHoursMax };
  }

  #isDue({ id, detection }: Detection, at: number): boolean {
    const before = this.#lookedAt.get(id) ?? Number.NEGATIVE_INFINITY;
    // A clock that went back must not silence a detection until it has caught up.
    return at < before || at - before >= detection.interval_seconds * 1_000;
  }

  /** Read once, also by two lanes that begin together. */
  #loaded(): Promise<Map<string, Cursor>> {
    this.#cursors ??= readCursors(this.#options.store).catch((error: unknown) => {
      this.#cursors = undefined;
      throw error;
    });
    return this.#cursors;
  }

  async #feed(cursors: Map<string, Cursor>, withHours: boolean, state?: string): Promise<{ readonly more: boolean }> {
    const { store, now } = this.#options;
    let more = false;
    for (const [name, feed] of withHours ? FEEDS : FEEDS.slice(0, 1)) {
      if (state !== undefined && this.#sawState.get(name) === state) continue;
      const before = cursors.get(name) ?? NOWHERE;
      const pending = await pendingAfter(store, before);
      for (const span of pending.spans) await feed(store, span, now());
      await this.#move([name], before, pending.next);
      more ||= pending.more;
      if (state !== undefined && !pending.more) this.#sawState.set(name, state);
    }
    return { more };
  }

  /** One that looks at what came in has nothing to look at while nothing does: an idle daemon asks one question. */
  #sawAll({ id, detection }: Detection, state: string | undefined): boolean {
    return state !== undefined && detection.trigger === 'events' && this.#sawState.get(id) === state;
  }

  #note(reports: readonly CycleReport[], state: string | undefined): void {
    if (state === undefined) return;
    for (const { rules, more } of reports) {
      if (!more) for (const { rule, error } of rules) if (error === undefined) this.#sawState.set(rule, state);
    }
  }

  /** An hour that lasts is counted as a whole, and so not in each cycle; who reads hours looks when they are. */
  #areHoursDue(at: number): boolean {
    // A clock that went back must not stop the counting.
    return at - this.#hoursFedAt >= HOURS_FED_MS || at < this.#hoursFedAt;
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

  /** Side by side, as many as the store has sessions for readers; what is urgent goes in front. */
  async #askAll(
    detections: readonly Detection[],
    spans: readonly Span[],
    suppressions: readonly Suppression[],
  ): Promise<RuleFindings[]> {
    const asked = detections.map((detection) => {
      const of = detection.detection.trigger === 'events' ? spans : [NO_SPAN];
      const priority = laneOf(detection) === 'urgent' ? 1 : 0;
      return this.#queue.add(() => this.#ask(detection, of, suppressions), { priority });
    });
    return Promise.all(asked);
  }

  async #ask(
    detection: Detection,
    spans: readonly Span[],
    suppressions: readonly Suppression[],
  ): Promise<RuleFindings> {
    const options = this.#findOptions(detection, suppressions);
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
      withdrawn: 0,
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

function sameCursor(one: Cursor = NOWHERE, other: Cursor = NOWHERE): boolean {
  return one.size === other.size && [...one].every(([chain, index]) => other.get(chain) === index);
}

/** What needs what is usual waits for it. */
const laneOf = ({ detection }: Detection): Lane =>
  detection.interval_seconds <= URGENT_INTERVAL_SECONDS_MAX && detection.history === undefined ? 'urgent' : 'thorough';

const readsHours = ({ sql }: Detection): boolean => /\bkey_hours\b/.test(sql);

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

function ofLate({ rules, behind }: LateReport): CycleReport {
  const reports = rules.map(({ added, reopened, ...rule }) => ({
    ...rule,
    added: added.length,
    reopened: reopened.length,
  }));
  const found = rules.flatMap(({ added }) => added);
  const reopened = rules.flatMap((rule) => rule.reopened);
  return { blocks: 0, events: 0, rules: reports, found, reopened, more: behind !== undefined };
}

/** One report of each rule, in the order in which they came. */
function summed(reports: readonly RuleReport[]): RuleReport[] {
  const rules = new Map<string, RuleReport>();
  for (const report of reports) {
    const before = rules.get(report.rule);
    const sum = (of: 'added' | 'shown' | 'reopened' | 'withdrawn' | 'ms') => (before?.[of] ?? 0) + report[of];
    rules.set(report.rule, {
      ...before,
      ...report,
      ...{ added: sum('added'), shown: sum('shown'), reopened: sum('reopened'), withdrawn: sum('withdrawn') },
      ...{ ms: sum('ms'), capped: report.capped || before?.capped === true },
    });
  }
  return [...rules.values()];
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
