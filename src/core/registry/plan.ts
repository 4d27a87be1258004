/**
 * What an import changes: the sayings of its entries held against what is known, so that only what is new is recorded
 * and the same file a second time changes nothing.
 */
import {
  type EntityId,
  type EntityKind,
  entityKey,
  entityName,
  FOLD_RULES,
  type KeySays,
  type KnownEntity,
  type SaysOf,
} from './entities.ts';
import type { EntrySpan, Remark, Saying } from './entries.ts';
import { type Attributes, foldTimeline, type Statement, type Version, versionAt } from './timeline.ts';

/** One attribute that is not what it was; `undefined`: unknown. */
export interface Change {
  readonly kind: EntityKind | 'app-rule';
  readonly id: EntityId;
  readonly attribute: string;
  readonly before: unknown;
  readonly after: unknown;
  /** ms since 1970, UTC */
  readonly validFrom: number;
  readonly place: string;
}

export interface NewStatement {
  readonly kind: EntityKind;
  readonly id: EntityId;
  readonly statement: Statement<Attributes>;
  readonly place: string;
}

export interface Plan {
  readonly statements: readonly NewStatement[];
  readonly changes: readonly Change[];
  /** What the registry will know of each thing that the import is about. */
  readonly entities: ReadonlyMap<string, KnownEntity>;
  readonly faults: readonly Remark[];
}

export interface PlanOptions {
  /** ms since 1970, UTC: the import's own instant, later than that of every import before. */
  readonly recordedAt: number;
  readonly origin: string;
}

/** @param known what was ever said of the things in the sayings, by `entityKey` */
export function planImport(
  sayings: readonly Saying[],
  known: ReadonlyMap<string, KnownEntity>,
  options: PlanOptions,
): Plan {
  const plan = { statements: [] as NewStatement[], changes: [] as Change[], faults: [] as Remark[] };
  const entities = new Map<string, KnownEntity>();
  for (const [key, about] of grouped(sayings)) {
    const [first] = about;
    if (first === undefined) continue;
    plan.faults.push(...overlaps(about));
    const merged = mergedByInstant(about);
    plan.faults.push(...merged.faults);
    const planner = new EntityPlanner(first.kind, first.id, known.get(key)?.statements ?? [], options);
    for (const saying of merged.sayings) planner.add(saying, merged.sayings);
    plan.statements.push(...planner.statements);
    plan.changes.push(...planner.changes);
    plan.faults.push(...planner.faults);
    entities.set(key, {
      kind: first.kind,
      id: first.id,
      statements: planner.known as readonly Statement<SaysOf[EntityKind]>[],
    });
  }
  return { ...plan, entities };
}

function grouped(sayings: readonly Saying[]): ReadonlyMap<string, Saying[]> {
  const groups = new Map<string, Saying[]>();
  for (const saying of sayings) {
    const key = entityKey(saying.kind, saying.id);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [saying]);
    else group.push(saying);
  }
  return groups;
}

/** Two entries about one thing must not claim the same time. */
function overlaps(about: readonly Saying[]): Remark[] {
  const spans = [...new Set(about.map(({ entry }) => entry))].sort((one, other) => one.from - other.from);
  return spans.flatMap((span, index) => {
    const next = spans[index + 1];
    if (next === undefined || span.to === undefined || next.from >= span.to || next.from === span.from) return [];
    return [
      {
        code: 'REGISTRY_OVERLAP',
        place: next.place,
        got: `${nameOf(about)} from ${iso(next.from)}, and until ${iso(span.to)} in ${span.place}`,
        expected: 'entries of one thing that do not overlap in time',
      },
    ];
  });
}

const nameOf = ([saying]: readonly Saying[]): string =>
  saying === undefined ? '' : entityName(saying.kind, saying.id);
const iso = (ms: number): string => new Date(ms).toISOString();

/** What several entries say of one instant is one statement; they must not contradict each other. */
function mergedByInstant(about: readonly Saying[]): { sayings: Saying[]; faults: Remark[] } {
  const faults: Remark[] = [];
  const byInstant = new Map<string, Saying>();
  const inOrder = about.toSorted((one, other) => one.at - other.at || Number(other.retracts) - Number(one.retracts));
  for (const saying of inOrder) {
    const slot = `${saying.at} ${saying.retracts}`;
    const other = byInstant.get(slot);
    if (other === undefined) {
      byInstant.set(slot, saying);
      continue;
    }
    const says = mergedSays(other, saying);
    if (typeof says === 'string') faults.push(contradiction(says, other, saying));
    else byInstant.set(slot, { ...other, says });
  }
  return { sayings: [...byInstant.values()], faults };
}

/** @returns the name of an attribute of which they say different things */
function mergedSays(one: Saying, other: Saying): Attributes | string {
  const says: Record<string, unknown> = { ...one.says };
  for (const [name, value] of Object.entries(other.says)) {
    if (!(name in says) || same(says[name], value)) says[name] = value;
    // That nothing is known behind the end of one entry is no news where the next one begins.
    else if (name in one.says && other.entry.to === other.at) continue;
    else if (one.entry.to === one.at) says[name] = value;
    else return name;
  }
  return says;
}

function contradiction(attribute: string, one: Saying, other: Saying): Remark {
  const said = ({ says }: Saying) => `${attribute} ${shown(says[attribute])}`;
  return {
    code: 'REGISTRY_CONTRADICTION',
    place: other.entry.place,
    got: `${entityName(other.kind, other.id)} with ${said(other)}, and with ${said(one)} in ${one.entry.place}`,
    expected: `one ${attribute} at a time`,
  };
}

export function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

export function shown(value: unknown): string {
  if (value === undefined) return 'unknown';
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

/** Adds sayings about one thing, earliest first. */
class EntityPlanner {
  readonly statements: NewStatement[] = [];
  readonly changes: Change[] = [];
  readonly faults: Remark[] = [];
  readonly #kind: EntityKind;
  readonly #id: EntityId;
  readonly #options: PlanOptions;
  #known: Statement<Attributes>[];
  #versions: Version<Attributes>[] | undefined;

  constructor(kind: EntityKind, id: EntityId, known: readonly Statement<Attributes>[], options: PlanOptions) {
    this.#kind = kind;
    this.#id = id;
    this.#known = [...known];
    this.#options = options;
  }

  get known(): readonly Statement<Attributes>[] {
    return this.#known;
  }

  /** @param all what the import says of this thing */
  add(saying: Saying, all: readonly Saying[]): void {
    if (!saying.retracts) {
      this.#state(saying);
      return;
    }
    const isReplaced = all.some(({ at, retracts }) => at === saying.at && !retracts);
    const isDone = this.#known.some(({ validFrom, retracts }) => retracts && validFrom === saying.at);
    // The file is imported a second time: what it takes back is taken back, and what it says instead may stand there.
    if (isDone && (isReplaced || this.#versionFrom(saying.at) === undefined)) return;
    this.#takeBack(saying);
  }

  #state({ at, says, entry }: Saying): void {
    const version = versionAt(this.#timeline(), at);
    const before: Attributes = version === undefined || this.#beginsAnew(version, at, says) ? {} : version.says;
    const news = Object.entries(says).filter(([name, value]) => !same(before[name], value));
    if (news.length === 0) return;
    for (const [attribute, after] of news) {
      const change = { attribute, before: before[attribute], after, validFrom: at, place: entry.place };
      this.changes.push({ kind: this.#kind, id: this.#id, ...change });
    }
    this.#append(at, Object.fromEntries(news), false, entry);
  }

  #takeBack({ at, entry }: Saying): void {
    if (this.#versionFrom(at) === undefined) {
      const got = `nothing is said of ${entityName(this.#kind, this.#id)} from ${iso(at)} on`;
      const expected = 'the valid_from of a version, as keytrail keys history shows it';
      this.faults.push({ code: 'REGISTRY_NOTHING_TO_RETRACT', place: entry.place, got, expected });
      return;
    }
    const change = { attribute: 'version', before: iso(at), after: undefined, validFrom: at, place: entry.place };
    this.changes.push({ kind: this.#kind, id: this.#id, ...change });
    this.#append(at, {}, true, entry);
  }

  /** Whether all of it, once said, would be about another thing of the same name. */
  #beginsAnew(version: Version<Attributes>, at: number, says: Attributes): boolean {
    const rules = FOLD_RULES[this.#kind];
    if (rules === undefined) return false;
    const { birth = '' } = rules;
    const maybe = this.#known.some(
      (known) => rules.ends.includes(String(known.says.state)) || !same(known.says[birth] ?? says[birth], says[birth]),
    );
    if (!maybe) return false;
    const trial = foldTimeline([...this.#known, this.#statement(at, says, false, '')], rules);
    return versionAt(trial, at)?.incarnation !== version.incarnation;
  }

  #append(at: number, says: Attributes, retracts: boolean, entry: EntrySpan): void {
    const statement = this.#statement(at, says, retracts, entry.place);
    this.statements.push({ kind: this.#kind, id: this.#id, statement, place: entry.place });
    this.#known = [...this.#known, statement];
    this.#versions = undefined;
  }

  #statement(at: number, says: Attributes, retracts: boolean, place: string): Statement<Attributes> {
    const { recordedAt, origin } = this.#options;
    return { validFrom: at, precisionMs: 1, recordedAt, retracts, origin: `${origin} ${place}`.trimEnd(), says };
  }

  #versionFrom(at: number): Version<Attributes> | undefined {
    return this.#timeline().find(({ validFrom }) => validFrom === at);
  }

  #timeline(): Version<Attributes>[] {
    this.#versions ??= foldTimeline(this.#known, FOLD_RULES[this.#kind]);
    return this.#versions;
  }
}

/** The new statements that name an owner, with the instant from which they do. */
export function ownersStated(plan: Plan): { id: EntityId; owner: string; at: number; place: string }[] {
  return plan.statements.flatMap(({ kind, id, statement, place }) => {
    const { owner } = statement.says as KeySays;
    return kind === 'key' && owner !== undefined && owner !== '' ? [{ id, owner, at: statement.validFrom, place }] : [];
  });
}
