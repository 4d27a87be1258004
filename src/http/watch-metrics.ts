/** Figures of detections and collectors. */
import { Counter, Histogram, type Registry } from 'prom-client';

const CYCLE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];

/** What one look of the detections was, as far as it is counted. */
export interface Looked {
  readonly rules: readonly {
    readonly rule: string;
    readonly added: number;
    readonly reopened: number;
    readonly ms: number;
    readonly error?: unknown;
  }[];
}

/** What one look at an account of an API was. */
export interface Collected {
  readonly accountId: string;
  readonly rowsNew: number;
  readonly rowsLate: number;
  readonly gaps: number;
  readonly failures: readonly { readonly resource: string }[];
}

export class WatchMetrics {
  readonly #cycles: Histogram<string>;
  readonly #rules: Counter<'rule'>;
  readonly #findings: Counter<'rule' | 'kind'>;
  readonly #failures: Counter<'rule'>;
  readonly #deliveries: Counter<'channel' | 'result'>;
  readonly #rows: Counter<'account'>;
  readonly #late: Counter<'account'>;
  readonly #gaps: Counter<'account'>;
  readonly #refused: Counter<'account' | 'resource'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
      new Counter<Label>({ name: `keytrail_${name}`, help, labelNames, registers });
    this.#cycles = new Histogram({
      name: 'keytrail_detection_cycle_seconds',
      help: 'Time of one look of all detections that were due.',
      buckets: CYCLE_SECONDS,
      registers,
    });
    this.#rules = counter('detection_seconds_total', 'Time that a detection took.', ['rule']);
    this.#findings = counter('findings_total', 'Findings, new ones and those that opened again.', ['rule', 'kind']);
    this.#failures = counter('detection_failures_total', 'Looks of a detection that failed.', ['rule']);
    this.#deliveries = counter('deliveries_total', 'Attempts to deliver an alert, by what came of them.', [
      'channel',
      'result',
    ]);
    this.#rows = counter('collector_rows_total', 'Rows of logs that were new.', ['account']);
    this.#late = counter('collector_late_rows_total', 'Rows among them that came after their time.', ['account']);
    this.#gaps = counter('collector_gaps_total', 'Rows that were not found again where they had been.', ['account']);
    this.#refused = counter('collector_failures_total', 'Looks that failed, by what was asked for.', [
      'account',
      'resource',
    ]);
  }

  looked({ rules }: Looked, ms: number): void {
    this.#cycles.observe(ms / 1_000);
    for (const { rule, added, reopened, ms: took, error } of rules) {
      this.#rules.inc({ rule }, took / 1_000);
      this.#findings.inc({ rule, kind: 'new' }, added);
      this.#findings.inc({ rule, kind: 'reopened' }, reopened);
      this.#failures.inc({ rule }, error === undefined ? 0 : 1);
    }
  }

  /** @param result `delivered`, `retry` or `refused` */
  sent(channel: string, result: string): void {
    this.#deliveries.inc({ channel, result });
  }

  collected({ accountId: account, rowsNew, rowsLate, gaps, failures }: Collected): void {
    this.#rows.inc({ account }, rowsNew);
    this.#late.inc({ account }, rowsLate);
    this.#gaps.inc({ account }, gaps);
    for (const { resource } of failures) this.#refused.inc({ account, resource });
  }
}
