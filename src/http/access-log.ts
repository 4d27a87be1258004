/**
 * keytrail watches itself: what was asked of it becomes events like any other, through the same intake. Entries are
 * gathered for a moment, and kept while the intake is away.
 */
import { ACCESS_LOG, OWN_ACCOUNT } from '../../schemas/sources/keytrail/access-log.ts';
import { messageOf } from '../core/errors.ts';
import { ACCESS_GATHER_MS, ACCESS_WAITING_ENTRIES_MAX } from '../core/limits.ts';
import type { PushIntake } from '../intake/push.ts';
import type { Part } from '../supervisor/part.ts';
import type { Deed, HttpLog } from './context.ts';

export interface AccessLogOptions {
  /** Absent while the intake is not running. */
  readonly push: () => PushIntake | undefined;
  readonly now: () => number;
  readonly uuid: () => string;
  readonly log: HttpLog;
}

export class AccessLog implements Part {
  readonly name = 'access-log';
  readonly isOptional = true;
  readonly #options: AccessLogOptions;
  #waiting: string[] = [];
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;
  #storing: Promise<void> = Promise.resolve();

  constructor(options: AccessLogOptions) {
    this.#options = options;
  }

  note(deed: Deed): void {
    if (this.#waiting.length >= ACCESS_WAITING_ENTRIES_MAX) {
      this.#lost++;
      return;
    }
    this.#waiting.push(this.#entryOf(deed));
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.#store(), ACCESS_GATHER_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#store();
  }

  #entryOf({ action, target, caller, requestId, address, status, detail }: Deed): string {
    const { now, uuid } = this.#options;
    return JSON.stringify({
      id: uuid(),
      time: new Date(now()).toISOString(),
      keytrail: 'access',
      token: { id: caller.tokenId, name: caller.name, role: caller.role },
      ...{ action, target, status, address, request_id: requestId, detail },
    });
  }

  /** One after the other: an entry that could not be stored stays in its place before those that came later. */
  #store(): Promise<void> {
    this.#storing = this.#storing.then(() => this.#storeNow());
    return this.#storing;
  }

  async #storeNow(): Promise<void> {
    const { push, log } = this.#options;
    const intake = push();
    if (this.#lost > 0) log.error({ entries: this.#lost }, 'entries of the access log were lost: the intake is away');
    this.#lost = 0;
    if (intake === undefined || this.#waiting.length === 0) return;
    const entries = this.#waiting;
    this.#waiting = [];
    const origin = { stream: ACCESS_LOG, source: ACCESS_LOG, accountId: OWN_ACCOUNT };
    try {
      await intake.take(origin, Buffer.from(entries.join('\n')), false);
    } catch (error) {
      this.#waiting = [...entries, ...this.#waiting].slice(0, ACCESS_WAITING_ENTRIES_MAX);
      log.warn({ reason: messageOf(error) }, 'the access log could not be stored; it is tried again');
    }
  }
}
