/** Asks a detection, and reads its rows as what was found. */
import { z } from 'zod';
import { ANCHOR_COLUMN, BLOCKS_PARAMETER, KEYS_PARAMETER } from '../../schemas/detections.ts';
import type { Answer, Cell } from '../ask/answer.ts';
import { columnDifferences, type GivenParameters, runQuestion } from '../ask/runner.ts';
import { UserError } from '../core/errors.ts';
import { bucketOf, type Found, fingerprintOf, merged, summaryOf } from '../core/findings/finding.ts';
import { DETECTION_ROWS_MAX } from '../core/limits.ts';
import type { Store } from '../store/store.ts';
import type { Detection } from './detections.ts';

/** What is new: a range of event times, half-open in ms since 1970 UTC, and the blocks in it; none for all events. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly blocks: readonly string[];
  /** Names of keys that are looked at; absent or none: all. */
  readonly keys?: readonly string[];
}

export interface Look {
  readonly detection: Detection;
  readonly span: Span;
  /** Parameters in place of their defaults. */
  readonly given?: GivenParameters;
  /** The moment of asking, ms since 1970 UTC. */
  readonly now: number;
}

export interface Looked {
  /** At most one of each fingerprint. */
  readonly found: readonly (Found & { readonly fingerprint: string })[];
  /** More than DETECTION_ROWS_MAX rows came: those behind were left out. */
  readonly capped: boolean;
}

const time = z.iso.datetime().transform((text) => Date.parse(text));
const rowSchema = z.object({
  first_seen: time,
  last_seen: time,
  stored_until: time,
  events: z.number().int().nonnegative(),
  event_ids: z.array(z.string()),
  [ANCHOR_COLUMN]: time.optional(),
});

/** @throws UserError DETECTION_COLUMNS, DETECTION_ROW, and what asking a question throws */
export async function look(store: Store, { detection, span, given = {}, now }: Look): Promise<Looked> {
  const range = {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    [BLOCKS_PARAMETER]: [...span.blocks],
  };
  const keys = Object.hasOwn(detection.params, KEYS_PARAMETER) ? { [KEYS_PARAMETER]: [...(span.keys ?? [])] } : {};
  const filled = { ...(detection.detection.trigger === 'events' ? range : {}), ...keys };
  const answer = await runQuestion(store, detection, { ...given, ...filled }, { now: new Date(now) });
  const differences = columnDifferences(detection, answer);
  if (differences.length > 0) throw wrongColumns(detection, differences);
  return read(detection, answer);
}

async function read(detection: Detection, answer: Answer): Promise<Looked> {
  const names = answer.columns.map(({ name }) => name);
  const byFingerprint = new Map<string, Found[]>();
  let rows = 0;
  let capped = false;
  for await (const cells of answer.rows) {
    if (rows === DETECTION_ROWS_MAX) {
      capped = true;
      break;
    }
    rows++;
    const found = foundIn(detection, Object.fromEntries(names.map((name, at) => [name, cells[at] ?? null])));
    const fingerprint = fingerprintOf(detection.id, found);
    byFingerprint.set(fingerprint, [...(byFingerprint.get(fingerprint) ?? []), found]);
  }
  return { found: [...byFingerprint].map(([fingerprint, all]) => ({ ...merged(all), fingerprint })), capped };
}

function foundIn({ id, detection }: Detection, row: Readonly<Record<string, Cell>>): Found {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError('DETECTION_ROW', `a row of ${id} is not what a detection finds`, {
      got: issue?.path.join('.') ?? '',
      expected: issue?.message ?? 'times, a count and ids',
      next: 'correct the SQL of the detection; docs/detections.md tells the columns',
    });
  }
  const { first_seen, last_seen, stored_until, events, event_ids } = parsed.data;
  return {
    entity: detection.entity.map((column) => [column, textOf(row[column])] as const),
    anchorAt: bucketOf(detection.anchor, parsed.data[ANCHOR_COLUMN] ?? 0),
    firstSeen: first_seen,
    lastSeen: last_seen,
    storedUntil: stored_until,
    events,
    eventIds: event_ids,
    facts: JSON.stringify(row),
    summary: summaryOf(detection.summary, row),
  };
}

const textOf = (value: Cell | undefined): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

function wrongColumns({ id, file }: Detection, differences: readonly string[]): UserError {
  return new UserError('DETECTION_COLUMNS', `${id} returns other columns than it declares`, {
    got: differences.join('; '),
    expected: 'the declared columns, in their order',
    next: `correct ${file}`,
  });
}
