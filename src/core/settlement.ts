/**
 * Settlement is kept per received block, in order of receipt, and never per position: a block covers everything from
 * the expected position to the last one received, so positions that never carry a record belong to the block around
 * them.
 */
import { invariant } from './errors.ts';

export interface BlockSpan {
  readonly from: number;
  readonly to: number;
  settled: boolean;
}

/** The blocks of one assignment of one partition. Knows no Kafka, no clock and no store. */
export class Settlement {
  readonly #spans: BlockSpan[] = [];
  #settled: number;
  #expected: number;

  /** @param position where reading starts */
  constructor(position: number) {
    this.#settled = position;
    this.#expected = position;
  }

  /** Every position below this one is durable. */
  get settled(): number {
    return this.#settled;
  }

  /** Where the next block begins. */
  get expected(): number {
    return this.#expected;
  }

  /** Nothing is under way. */
  get idle(): boolean {
    return this.#spans.length === 0;
  }

  /**
   * A block has been closed; it covers [expected, to). A part of a message that alone exceeds a block covers nothing:
   * to = expected.
   */
  closed(to: number): BlockSpan {
    invariant(to >= this.#expected, 'a block never ends before it begins');
    const span = { from: this.#expected, to, settled: false };
    this.#spans.push(span);
    this.#expected = to;
    return span;
  }

  /** @returns the position that may be committed now */
  settle(span: BlockSpan): number {
    invariant(!span.settled, 'a block settles once');
    span.settled = true;
    while (this.#spans[0]?.settled) this.#settled = (this.#spans.shift() as BlockSpan).to;
    return this.#settled;
  }
}
