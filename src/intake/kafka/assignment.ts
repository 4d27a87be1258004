/** One assignment: the partitions that this process reads until the next rebalance. */
import type { Chain } from '../intake.ts';
import type { Progress } from './positions.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface TopicChoice {
  readonly topic: string;
  /** Absent: recognised record by record. */
  readonly source?: string;
  /** Wins over the messages' header `keytrail-account`. */
  readonly accountId?: string;
}

/** One partition of one assignment. */
export class HeldPartition implements TopicPartition, Progress {
  readonly topic: string;
  readonly partition: number;
  readonly target: number;
  chain: Chain | undefined;
  /** Where reading goes on. */
  position: number;
  unconfirmed: boolean;
  /** No more is wanted of it (until-end). */
  ended = false;
  lastBatchAt: number;
  /** Fetches of any partition since its last batch, and how often it was looked at since. */
  fetches = 0;
  looks = 0;
  /** Position to which reading was sent back because of a batch without records that did not continue it. */
  sentBackTo = -1;
  /** Batches of one partition are handled one behind the other, also those that never reach the handler. */
  tail: Promise<void> = Promise.resolve();

  constructor(at: TopicPartition, start: { position: number; target: number; unconfirmed: boolean; now: number }) {
    this.topic = at.topic;
    this.partition = at.partition;
    this.position = start.position;
    this.target = start.target;
    this.unconfirmed = start.unconfirmed;
    this.lastBatchAt = start.now;
  }
}

export type Commit = (offsets: { topics: TopicOffsets[] }) => Promise<void>;
export interface TopicOffsets {
  topic: string;
  partitions: { partition: number; offset: string; metadata?: string }[];
}

interface Settled {
  position: number;
  committed: number;
}

/**
 * Keeps what may be committed. A new epoch makes every open block of the old assignment worthless: its commit would
 * move another member's offset. So an epoch that is over forgets its positions and takes no new ones.
 */
export class Epoch {
  readonly id: string;
  readonly partitions = new Map<string, HeldPartition>();
  readonly assigned: readonly TopicPartition[];
  /** All chains are open. */
  opened = false;
  /** The group no longer knows this member; a rejoin is on its way. */
  fenced = false;
  /** From the last batch of this epoch: it keeps the error's kind, so that the member rejoins when it is unknown. */
  commit: Commit | undefined;
  readonly #settled = new Map<HeldPartition, Settled>();
  #over = false;

  constructor(id: string, assigned: readonly TopicPartition[]) {
    this.id = id;
    this.assigned = assigned;
  }

  get over(): boolean {
    return this.#over;
  }

  find(topic: string, partition: number): HeldPartition | undefined {
    return this.#over ? undefined : this.partitions.get(keyOf({ topic, partition }));
  }

  /** @param committed the position that needs no commit, because the group is there */
  hold(held: HeldPartition, committed: number): void {
    const before = this.partitions.get(keyOf(held));
    if (before !== undefined) this.#settled.delete(before);
    this.partitions.set(keyOf(held), held);
    this.#settled.set(held, { position: committed, committed });
  }

  /** Everything below `position` is durable. Ignored when the partition is no longer read by this chain. */
  settled(held: HeldPartition, position: number): void {
    const state = this.#settled.get(held);
    if (state !== undefined && !this.#over) state.position = Math.max(state.position, position);
  }

  /** What is settled and not yet committed. */
  due(): { held: HeldPartition; position: number }[] {
    if (this.#over || this.fenced) return [];
    const due: { held: HeldPartition; position: number }[] = [];
    for (const [held, { position, committed }] of this.#settled) {
      if (position > committed) due.push({ held, position });
    }
    return due;
  }

  committed(held: HeldPartition, position: number): void {
    const state = this.#settled.get(held);
    if (state !== undefined) state.committed = Math.max(state.committed, position);
  }

  /** Ends the epoch: nothing of it is committed any more, and its chains drop what is open. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#settled.clear();
    for (const { chain } of this.partitions.values()) chain?.abandon();
  }
}

export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** kafkajs's shape of an assignment, flat. */
export function flatten(assignment: Readonly<Record<string, readonly number[]>>): TopicPartition[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

/** The offsets of one commit in kafkajs's shape. */
export function commitRequest(due: readonly { held: TopicPartition; position: number }[], metadata: string) {
  const topics = new Map<string, TopicOffsets>();
  for (const { held, position } of due) {
    const entry = topics.get(held.topic) ?? { topic: held.topic, partitions: [] };
    entry.partitions.push({ partition: held.partition, offset: String(position), metadata });
    topics.set(held.topic, entry);
  }
  return { topics: [...topics.values()] };
}
