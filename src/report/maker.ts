/** Makes what a run of a schedule asks for: one document for all, or one for each owner; each stored once it is whole. */
import PQueue from 'p-queue';
import { z } from 'zod';
import type { ReportDocument, ReportFormat } from '../../schemas/reports.ts';
import { timeParameter } from '../ask/time-range.ts';
import { clean } from '../core/alerts/message.ts';
import { messageOf } from '../core/errors.ts';
import { ALERT_DETAIL_CHARS_MAX, REPORT_DOCUMENTS_AT_ONCE, REPORT_WHOLE_ATTEMPTS_MAX } from '../core/limits.ts';
import type { Run } from '../core/reports/due.ts';
import { previousPeriod } from '../core/reports/period.ts';
import { documentId, plannedMessages } from '../core/reports/plan.ts';
import { type Checkpoint, noCheckpoint } from '../pipeline/pause-points.ts';
import { withRetry } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { keepDocument, keptDocuments } from './archive.ts';
import type { ReportRequest } from './compose.ts';
import type { RenderedFile } from './render.ts';
import type { Schedule } from './schedules.ts';

/** What makes documents and writes them: everything that a report is, but for when and to whom. */
export interface Press {
  compose(request: ReportRequest): Promise<ReportDocument>;
  render(document: ReportDocument, format: ReportFormat): Promise<RenderedFile[]>;
}

export interface MakerOptions {
  readonly store: Store;
  readonly press: Press;
  readonly now: () => number;
  readonly checkpoint?: Checkpoint;
  readonly signal?: AbortSignal;
  /** Told of each document once it is stored. */
  readonly onDocument?: (kind: string, ms: number) => void;
}

export interface Made {
  /** Documents that are stored, also those that were before. */
  readonly documents: number;
  /** Why the others are not, one line each. */
  readonly failures: readonly string[];
}

interface Reader {
  readonly owner: string;
  readonly recipients: readonly string[] | undefined;
}

interface Planned extends Reader {
  readonly id: string;
}

/**
 * @param attempts at this run that failed before: a document in which a question has no answer is good enough after a
 *   few
 */
export async function makeRun(run: Run, schedule: Schedule, attempts: number, options: MakerOptions): Promise<Made> {
  const { store, signal } = options;
  const planned = (await readersOf(run, schedule, options)).map((reader) => planOf(run, schedule, reader));
  const kept = await keptDocuments(
    store,
    planned.map(({ id }) => id),
  );
  const failures: string[] = [];
  let documents = kept.size;
  const queue = new PQueue({ concurrency: REPORT_DOCUMENTS_AT_ONCE });
  const mayBePartial = attempts + 1 >= REPORT_WHOLE_ATTEMPTS_MAX;
  const making = planned
    .filter(({ id }) => !kept.has(id))
    .map((one) =>
      queue.add(async () => {
        if (signal?.aborted) return;
        const failure = await makeOne(run, schedule, { one, mayBePartial }, options);
        if (failure === undefined) documents++;
        else failures.push(`${one.owner === '' ? '' : `${clean(one.owner)}: `}${failure}`);
      }),
    );
  await Promise.all(making);
  signal?.throwIfAborted();
  return { documents, failures };
}

function planOf({ period }: Run, { kind, parameters, account, channels }: Schedule, reader: Reader): Planned {
  return { ...reader, id: documentId({ kind: kind.id, parameters, period, account, channels, ...reader }) };
}

/** @returns why there is no document */
async function makeOne(
  { period }: Run,
  { name, kind, parameters, account, formats, channels }: Schedule,
  { one, mayBePartial }: { one: Planned; mayBePartial: boolean },
  { store, press, now, signal, checkpoint = noCheckpoint, onDocument }: MakerOptions,
): Promise<string | undefined> {
  const started = performance.now();
  try {
    const scope = { ...(account === '' ? {} : { account }), ...(one.owner === '' ? {} : { owner: one.owner }) };
    const document = await press.compose({ kind, parameters, period, previous: previousPeriod(period), scope });
    const failed = document.sections.find(({ error }) => error !== null);
    if (failed !== undefined && !mayBePartial) return clean(`${failed.id}: ${failed.error?.message ?? ''}`, DETAIL);
    const messages = plannedMessages(one.id, channels);
    const kept = { documentId: one.id, schedule: name, author: '', formats, messages, recipients: one.recipients };
    const storedAt = now();
    await checkpoint('report:made');
    // Whoever comes to the end of a report waits for a store that went away meanwhile.
    await withRetry(() => keepDocument(store, document, { ...kept, storedAt }), signal === undefined ? {} : { signal });
    await checkpoint('report:stored');
    onDocument?.(kind.id, performance.now() - started);
    return undefined;
  } catch (error) {
    if (signal?.aborted) throw error;
    return clean(messageOf(error), DETAIL);
  }
}

const DETAIL = ALERT_DETAIL_CHARS_MAX;

const ownerRow = z.object({ owner: z.string(), mailboxes: z.array(z.string()) });
const MAILBOX = /^[^\s@<>"',;:\\]+@[A-Za-z0-9.-]+$/;

/** Who gets a document of its own; whom the configuration names comes before what the registry knows. */
async function readersOf({ period }: Run, schedule: Schedule, { store, now }: MakerOptions): Promise<Reader[]> {
  const { isPerOwner, account, recipients } = schedule;
  if (!isPerOwner) return [{ owner: '', recipients: undefined }];
  const parameters = { account_id: account, from: timeParameter(period.fromMs), now: timeParameter(now()) };
  const owners = z.array(ownerRow).parse(await store.rows(statement('reports-owners'), { parameters }));
  return owners.map(({ owner, mailboxes }) => {
    const own = MAILBOX.test(owner) ? [owner] : mailboxes.filter((one) => MAILBOX.test(one));
    return { owner, recipients: (Object.hasOwn(recipients, owner) ? recipients[owner] : undefined) ?? own };
  });
}
