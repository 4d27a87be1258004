/** The figures of the daemon, as Prometheus reads them. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { PartState } from '../supervisor/part.ts';
import { IntakeMetrics } from './intake-metrics.ts';
import { ReportMetrics } from './report-metrics.ts';
import { WatchMetrics } from './watch-metrics.ts';

const SECONDS = [0.005, 0.02, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60];

export class DaemonMetrics {
  readonly registry = new Registry();
  readonly intakes = new IntakeMetrics(this.registry);
  readonly watching = new WatchMetrics(this.registry);
  readonly reports = new ReportMetrics(this.registry);
  readonly #requests = new Counter({
    name: 'keytrail_http_requests_total',
    help: 'Requests that were answered, by method, route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [this.registry],
  });
  readonly #seconds = new Histogram({
    name: 'keytrail_http_request_seconds',
    help: 'Time until a request was answered.',
    labelNames: ['route'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly #parts = new Gauge({
    name: 'keytrail_part_running',
    help: 'Whether a part of the daemon is running.',
    labelNames: ['part'] as const,
    registers: [this.registry],
  });
  readonly #standby = new Gauge({
    name: 'keytrail_part_standby',
    help: 'Whether a part runs and stands by, because another process holds the lease.',
    labelNames: ['part'] as const,
    registers: [this.registry],
  });
  readonly #restarts = new Gauge({
    name: 'keytrail_part_restarts',
    help: 'How often a part of the daemon was started again.',
    labelNames: ['part'] as const,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** @param route the pattern of the path, never the path: its names are without number */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.#requests.inc({ method, route, status });
    this.#seconds.observe({ route }, seconds);
  }

  async text(parts: readonly PartState[]): Promise<string> {
    this.intakes.refresh();
    for (const { name, status, restarts, mode } of parts) {
      if (mode !== undefined) this.#standby.set({ part: name }, mode === 'standby' ? 1 : 0);
      this.#parts.set({ part: name }, status === 'running' ? 1 : 0);
      this.#restarts.set({ part: name }, restarts);
    }
    return this.registry.metrics();
  }
}
