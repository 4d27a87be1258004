/** Figures of scheduled reports. */
import { Counter, Gauge, type Registry } from 'prom-client';

/** What one run of a schedule was, as far as it is counted. */
export interface ReportRunCounted {
  readonly run: { readonly schedule: string };
  readonly result: 'made' | 'failed' | 'given-up';
}

export class ReportMetrics {
  readonly #runs: Counter<'schedule' | 'result'>;
  readonly #documents: Counter<'kind'>;
  readonly #deliveries: Counter<'channel' | 'result'>;
  readonly #last: Gauge<'schedule'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#runs = new Counter({
      name: 'keytrail_reports_runs_total',
      help: 'Runs of schedules, by what came of them.',
      labelNames: ['schedule', 'result'],
      registers,
    });
    this.#documents = new Counter({
      name: 'keytrail_reports_documents_total',
      help: 'Documents that were made and stored.',
      labelNames: ['kind'],
      registers,
    });
    this.#deliveries = new Counter({
      name: 'keytrail_reports_deliveries_total',
      help: 'Attempts to deliver a report, by what came of them.',
      labelNames: ['channel', 'result'],
      registers,
    });
    this.#last = new Gauge({
      name: 'keytrail_reports_made_timestamp_seconds',
      help: 'When a schedule last made all of its documents.',
      labelNames: ['schedule'],
      registers,
    });
  }

  /** @param at ms since 1970, UTC */
  ran({ run: { schedule }, result }: ReportRunCounted, at: number): void {
    this.#runs.inc({ schedule, result });
    if (result === 'made') this.#last.set({ schedule }, at / 1_000);
  }

  stored(kind: string): void {
    this.#documents.inc({ kind });
  }

  /** @param result `delivered`, `retry` or `refused` */
  sent(channel: string, result: string): void {
    this.#deliveries.inc({ channel, result });
  }
}
