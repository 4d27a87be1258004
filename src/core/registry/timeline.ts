/**
 * From statements to versions: what is known of one thing from when to when.
 *
 * A statement says of an instant what is so from then on. Of one instant, the statement that was recorded last stands
 * for each attribute, less what was taken back; an attribute then holds until it is said anew, and before it was ever
 * said it is unknown. The views `registry_…_timeline` fold in the same way, in SQL.
 */

/** An attribute that is absent says nothing, and of a version: it is unknown. */
export type Attributes = Readonly<Record<string, unknown>>;

export interface Statement<Says extends Attributes> {
  /** ms since 1970, UTC: since when it is so. */
  readonly validFrom: number;
  /** How exactly that is known, in ms; 1: exactly. */
  readonly precisionMs: number;
  /** ms since 1970, UTC: when it was learned. */
  readonly recordedAt: number;
  /** Takes back what was recorded before about the same instant. */
  readonly retracts: boolean;
  readonly origin: string;
  readonly says: Says;
}

export interface Version<Says extends Attributes> {
  readonly validFrom: number;
  /** The next instant of which something was said; half-open, `undefined`: open. */
  readonly validTo: number | undefined;
  readonly precisionMs: number;
  readonly recordedAt: number;
  readonly origin: string;
  /** Counts the things that had this name, from 0. */
  readonly incarnation: number;
  readonly says: Says;
}

export interface FoldRules {
  /** The state that begins a new thing where an ended one had the name. */
  readonly begins: string;
  readonly ends: readonly string[];
  /** An attribute that never changes of one thing: another value is another thing. */
  readonly birth?: string;
}

/** @param rules for things that end and whose name may be used again; they say so in the attribute `state` */
export function foldTimeline<Says extends Attributes>(
  statements: readonly Statement<Says>[],
  rules?: FoldRules,
): Version<Says>[] {
  const instants = statedInstants(statements);
  const versions: Version<Says>[] = [];
  let said = {} as Says;
  let last: LastSaid = {};
  let incarnation = 0;
  for (const [index, instant] of instants.entries()) {
    if (rules !== undefined) {
      const next = lastSaid(instant.says, rules);
      if (beginsAnew(last, next, rules)) {
        incarnation++;
        said = {} as Says;
      }
      last = { state: next.state ?? last.state, birth: next.birth ?? last.birth };
    }
    // Most things were spoken of once.
    said = index === 0 ? instant.says : { ...said, ...instant.says };
    versions.push({ ...instant, validTo: instants[index + 1]?.validFrom, incarnation, says: said });
  }
  return versions;
}

interface LastSaid {
  readonly state?: unknown;
  readonly birth?: unknown;
}

function lastSaid(says: Attributes, { birth }: FoldRules): LastSaid {
  return { state: says.state, birth: birth === undefined ? undefined : says[birth] };
}

/** Whether what is said next is said of another thing of the same name, which inherits nothing. */
function beginsAnew(last: LastSaid, next: LastSaid, { begins, ends }: FoldRules): boolean {
  if (next.state === begins && ends.includes(String(last.state))) return true;
  return last.birth !== undefined && next.birth !== undefined && last.birth !== next.birth;
}

/** @returns the version that holds at the instant, `undefined` before the first */
export function versionAt<Says extends Attributes>(
  versions: readonly Version<Says>[],
  atMs: number,
): Version<Says> | undefined {
  return versions.findLast(({ validFrom }) => validFrom <= atMs);
}

type Instant<Says extends Attributes> = Omit<Version<Says>, 'validTo' | 'incarnation'>;

/** What stands of each instant, earliest first. */
function statedInstants<Says extends Attributes>(statements: readonly Statement<Says>[]): Instant<Says>[] {
  const byInstant = new Map<number, Statement<Says>[]>();
  for (const statement of statements) {
    const others = byInstant.get(statement.validFrom);
    if (others === undefined) byInstant.set(statement.validFrom, [statement]);
    else others.push(statement);
  }
  return [...byInstant.values()]
    .flatMap((about) => standing(about) ?? [])
    .sort((one, other) => one.validFrom - other.validFrom);
}

function standing<Says extends Attributes>(about: readonly Statement<Says>[]): Instant<Says> | undefined {
  const takenBackAt = Math.max(0, ...about.flatMap(({ retracts, recordedAt }) => (retracts ? [recordedAt] : [])));
  const left = about
    .filter(({ retracts, recordedAt }) => !retracts && recordedAt >= takenBackAt)
    .sort((one, other) => one.recordedAt - other.recordedAt);
  const last = left.at(-1);
  if (last === undefined) return undefined;
  const says = Object.assign({}, ...left.map((statement) => statement.says)) as Says;
  return {
    validFrom: last.validFrom,
    precisionMs: last.precisionMs,
    recordedAt: last.recordedAt,
    origin: last.origin,
    says,
  };
}
