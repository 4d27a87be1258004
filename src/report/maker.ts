/** Makes what a run of a schedule asks for: one document for all, or one for each owner; each is stored once whole. */
import { z } from 'zod';
import type { ReportDocument, ReportFormat } from '../../schemas/reports.ts';
import { timeParameter } from '../ask/time-range.ts';
import { clean } from '../core/alerts/message.ts';
import { messageOf } from '../core/errors.ts';
import { ALERT_DETAIL_CHARS_MAX, REPORT_WHOLE_ATTEMPTS_MAX } from '../core/limits.ts';
import type { Run } from '../core/reports/due.ts';
import { reportId } from '../core/reports/identity.ts';
import { documentId, plannedMessages } from '../core/reports/plan.ts';
import { type Checkpoint, noCheckpoint } from '../pipeline/pause-points.ts';
import { withRetry } from '../store/retry.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { keepDocument, keptDocuments } from './archive.ts';
import type { RenderedFile } from './render.ts';
import { kindParameters, type ReportRequest } from './request.ts';
import { requestOf, type Schedule } from './schedules.ts';

/** What makes documents and writes them: everything that a report is, but for when and to whom. */
export interface Press {
  compose(request: ReportRequest): Promise<ReportDocument>;
  /** One for each owner who has something in it. */
  composeForOwners(request: ReportRequest): AsyncIterable<ReportDocument>;
  render(document: ReportDocument, format: ReportFormat): Promise<RenderedFile[]>;
}

export interface MakerOptions {
  readonly store: Store;
  readonly press: Press;
  readonly now: () => number;
  readonly checkpoint?: Checkpoint;
  readonly signal?: AbortSignal;
  /** Told of each document once it is stored. */
  readonly onDocument?: (kind: string) => void;
}

export interface Made {
  /** Documents that are stored, also those that were before. */
  readonly documents: number;
  /** Why others are not, one line each. */
  readonly failures: readonly string[];
}

/**
 * @param attempts at this run that failed before: a document in which a question has no answer is good enough after a
 *   few
 */
export async function makeRun(run: Run, schedule: Schedule, attempts: number, options: MakerOptions): Promise<Made> {
  const making = new Making(schedule, attempts + 1 >= REPORT_WHOLE_ATTEMPTS_MAX, options);
  try {
    await making.make(run);
  } catch (error) {
    // What was stored stays, and the rest is made the next time.
    if (options.signal?.aborted) throw error;
    making.failures.push(clean(messageOf(error), ALERT_DETAIL_CHARS_MAX));
  }
  return { documents: making.documents, failures: making.failures };
}

class Making {
  documents = 0;
  readonly failures: string[] = [];
  readonly #schedule: Schedule;
  readonly #mayBePartial: boolean;
  readonly #options: MakerOptions;
  #kept: ReadonlySet<string> = new Set();

  constructor(schedule: Schedule, mayBePartial: boolean, options: MakerOptions) {
    this.#schedule = schedule;
    this.#mayBePartial = mayBePartial;
    this.#options = options;
  }

  async make(run: Run): Promise<void> {
    const { kind, isPerOwner } = this.#schedule;
    this.#kept = await keptDocuments(this.#options.store, kind.id, run.period.name);
    if (isPerOwner) await this.#makeForOwners(run);
    else await this.#makeForAll(run);
  }

  async #makeForAll({ period }: Run): Promise<void> {
    const { kind, parameters, account, channels } = this.#schedule;
    const place = { account: account === '' ? null : account, owner: null };
    const report = reportId({ kind: kind.id, ...period, parameters: kindParameters(kind, parameters), ...place });
    const id = documentId(report, channels, undefined);
    if (this.#kept.has(id)) this.documents++;
    else await this.#keep(await this.#options.press.compose(requestOf(this.#schedule, period)), undefined);
  }

  async #makeForOwners({ period }: Run): Promise<void> {
    const { press, signal } = this.#options;
    const mailboxesOf = await this.#addressBook();
    for await (const document of press.composeForOwners(requestOf(this.#schedule, period))) {
      signal?.throwIfAborted();
      await this.#keep(document, mailboxesOf(document.scope.owner ?? ''));
    }
  }

  async #keep(document: ReportDocument, recipients: readonly string[] | undefined): Promise<void> {
    const { store, now, signal, checkpoint = noCheckpoint, onDocument } = this.#options;
    const { name, formats, channels } = this.#schedule;
    const id = documentId(document.id, channels, recipients);
    // Of each owner it is known only now who they are; what was stored before a crash is not stored again.
    if (this.#kept.has(id)) {
      this.documents++;
      return;
    }
    const failed = document.sections.find(({ error }) => error !== null);
    if (failed !== undefined && !this.#mayBePartial) {
      const whose = document.scope.owner === null ? '' : `${document.scope.owner}: `;
      const why = `${whose}${failed.id}: ${failed.error?.message ?? ''}`;
      this.failures.push(clean(why, ALERT_DETAIL_CHARS_MAX));
      return;
    }
    const messages = plannedMessages(id, channels);
    const kept = { documentId: id, schedule: name, author: '', formats, messages, recipients, storedAt: now() };
    await checkpoint('report:made');
    // Whoever comes to the end of a report waits for a store that went away meanwhile.
    await withRetry(() => keepDocument(store, document, kept), signal === undefined ? {} : { signal });
    await checkpoint('report:stored');
    this.documents++;
    onDocument?.(document.kind);
  }

  /** Whom the configuration names comes before what the registry knows, and that before a name that is an address. */
  async #addressBook(): Promise<(owner: string) => readonly string[]> {
    const { store, now } = this.#options;
    const { recipients, account } = this.#schedule;
    const parameters = { account_id: account, now: timeParameter(now()) };
    const rows = z.array(userRow).parse(await store.rows(statement('reports-mailboxes'), { parameters }));
    // Of two people of one name it is not known whose keys these are: neither is written to.
    const known = new Map(rows.flatMap(({ owner, mailboxes }) => (mailboxes.length === 1 ? [[owner, mailboxes]] : [])));
    return (owner) => {
      if (Object.hasOwn(recipients, owner)) return recipients[owner] ?? [];
      return (MAILBOX.test(owner) ? [owner] : (known.get(owner) ?? [])).filter((one) => MAILBOX.test(one));
    };
  }
}

const userRow = z.object({ owner: z.string(), mailboxes: z.array(z.string()) });
const MAILBOX = /^[^\s@<>"',;:\\]+@[A-Za-z0-9.-]+$/;
