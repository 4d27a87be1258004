/** Tells the group what is settled: rarely, one commit at a time, and never for an epoch that is over. */
import { messageOf } from '../../core/errors.ts';
import { KAFKA_OFFSET_METADATA_CHARS_MAX } from '../../core/limits.ts';
import { type Commit, commitRequest, type Epoch } from './assignment.ts';
import type { KafkaLog } from './log.ts';

/** Places where a test stops the program to kill it. */
export type KafkaPausePoint = 'kafka:before-commit' | 'kafka:in-commit';
export type KafkaCheckpoint = (point: KafkaPausePoint) => Promise<void> | void;

/** The group has moved on: what was not committed is delivered again, to whoever reads the partition now. */
const FENCED = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID']);

export interface CommitterOptions {
  readonly logger: KafkaLog;
  readonly checkpoint: KafkaCheckpoint;
  /** Used when no batch of this epoch has reached the handler: all its records were markers or aborted. */
  readonly fallback: Commit;
}

export class Committer {
  readonly #options: CommitterOptions;
  #underWay: Promise<boolean> | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** @returns whether everything settled in this epoch is now committed; never rejects */
  commit(epoch: Epoch): Promise<boolean> {
    this.#underWay ??= this.#commit(epoch).finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #commit(epoch: Epoch): Promise<boolean> {
    if (epoch.due().length === 0) return !epoch.over && !epoch.fenced;
    await this.#options.checkpoint('kafka:before-commit');
    // Asked again: the epoch may have ended while a test, or nobody, held us up.
    const due = epoch.due();
    if (due.length === 0) return !epoch.over && !epoch.fenced;
    const metadata = `keytrail ${epoch.id}`.slice(0, KAFKA_OFFSET_METADATA_CHARS_MAX);
    // kafkajs takes the member's generation before it first waits, so a commit that is under way at a rebalance is
    // refused.
    const sent = (epoch.commit ?? this.#options.fallback)(commitRequest(due, metadata));
    const [answer] = await Promise.allSettled([sent, this.#options.checkpoint('kafka:in-commit')]);
    if (answer.status === 'rejected') return this.#refused(epoch, answer.reason);
    for (const { held, position } of due) epoch.committed(held, position);
    return true;
  }

  #refused(epoch: Epoch, reason: unknown): boolean {
    const { type = '' } = (reason ?? {}) as { type?: string };
    if (FENCED.has(type)) {
      epoch.fenced = true;
      this.#options.logger.debug({ type }, 'the group has moved on; what is not committed will be delivered again');
    } else {
      this.#options.logger.warn({ reason: messageOf(reason) }, 'offsets were not committed; trying again');
    }
    return false;
  }
}
