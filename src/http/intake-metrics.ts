/** Figures of the intakes: what came in, what became of it, and how far each stream is behind. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { IntakeMeter } from '../pipeline/meter.ts';

const INSERT_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

export class IntakeMetrics {
  readonly #records: Counter<'intake'>;
  readonly #letters: Counter<'intake' | 'reason'>;
  readonly #blocks: Counter<'intake'>;
  readonly #gaps: Counter<'intake'>;
  readonly #retries: Counter<'intake'>;
  readonly #held: Gauge<'intake'>;
  readonly #lag: Gauge<'intake' | 'stream' | 'partition'>;
  readonly #inserts: Histogram<'table'>;
  readonly #heldBytes = new Map<string, () => number>();

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
      new Counter<Label>({ name: `keytrail_intake_${name}`, help, labelNames, registers });
    this.#records = counter('records_total', 'Records that became durable, dead letters among them.', ['intake']);
    this.#letters = counter('dead_letters_total', 'Records that could not become events.', ['intake', 'reason']);
    this.#blocks = counter('blocks_total', 'Blocks that were stored.', ['intake']);
    this.#gaps = counter('gaps_total', 'Ranges of a stream that were gone before they could be read.', ['intake']);
    this.#retries = counter('retries_total', 'Calls of the store that were repeated.', ['intake']);
    this.#held = new Gauge({
      name: 'keytrail_intake_held_bytes',
      help: 'Bytes of records that are taken in and not stored yet.',
      labelNames: ['intake'],
      registers,
    });
    this.#lag = new Gauge({
      name: 'keytrail_intake_lag',
      help: 'Positions of a stream beyond the last block that was stored, as last seen.',
      labelNames: ['intake', 'stream', 'partition'],
      registers,
    });
    this.#inserts = new Histogram({
      name: 'keytrail_insert_seconds',
      help: 'Time until the rows of an insert were durable, with its retries.',
      labelNames: ['table'],
      buckets: INSERT_SECONDS,
      registers,
    });
  }

  /** @param heldBytes asked when the figures are read; 0 while the intake is not running */
  meter(intake: string, heldBytes: () => number): IntakeMeter {
    this.#heldBytes.set(intake, heldBytes);
    // A counter that is there from the start can be alerted on when it first moves.
    for (const one of [this.#records, this.#blocks, this.#gaps, this.#retries]) one.inc({ intake }, 0);
    return {
      stored: ({ stream, partition, records, reasons, behind }) => {
        this.#blocks.inc({ intake });
        this.#records.inc({ intake }, records);
        for (const reason of reasons) this.#letters.inc({ intake, reason });
        if (behind !== undefined) this.#lag.set({ intake, stream, partition: String(partition) }, behind);
      },
      gap: () => this.#gaps.inc({ intake }),
      inserted: (table, _rows, ms) => this.#inserts.observe({ table }, ms / 1_000),
      retried: () => this.#retries.inc({ intake }),
    };
  }

  refresh(): void {
    for (const [intake, bytes] of this.#heldBytes) this.#held.set({ intake }, bytes());
  }
}
