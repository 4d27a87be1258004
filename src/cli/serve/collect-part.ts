/** Collecting from Redis Cloud as a part of the daemon, into a pipeline of its own. */
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AccountCycle, type CollectedAccount, collectRedisCloud } from '../../collect/collect.ts';
import { storeSinks } from '../../collect/row-sink.ts';
import { openTransport, type Transport } from '../../collect/transport.ts';
import { COLLECT_PART_STOP_MS_MAX } from '../../core/limits.ts';
import { pause } from '../../store/retry.ts';
import type { Part, PartLife } from '../../supervisor/part.ts';
import { collectParts, reportCycle } from '../collect-parts.ts';
import type { CliContext } from '../context.ts';
import { type IntakeSession, openIntake } from '../intake-session.ts';
import type { IntakePartOptions } from './push-part.ts';

export interface CollectPartOptions extends IntakePartOptions {
  readonly accounts: readonly CollectedAccount[];
  readonly context: CliContext;
  readonly onCycle: (cycle: AccountCycle) => void;
}

export class CollectPart implements Part {
  readonly name = 'redis-cloud';
  readonly #options: CollectPartOptions;
  #session: IntakeSession | undefined;
  #transport: Transport | undefined;
  #stop = new AbortController();
  #over = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: CollectPartOptions) {
    this.#options = options;
  }

  get session(): IntakeSession | undefined {
    return this.#session;
  }

  async start(life: PartLife): Promise<void> {
    const { config } = this.#options;
    const { caFile } = config.collect.redisCloud;
    this.#stop = new AbortController();
    this.#over = new AbortController();
    // Each request under way listens to it.
    setMaxListeners(0, this.#stop.signal);
    const ca = caFile === undefined ? undefined : await readFile(caFile);
    this.#transport = openTransport({ ...(ca === undefined ? {} : { ca }), signal: this.#stop.signal });
    const onFailure = (error: unknown): void => life.failed(error);
    this.#session = await openIntake({ ...this.#options, signal: this.#over.signal, onFailure });
    this.#running = this.#collect(this.#session, this.#transport).then(
      () => life.failed(new Error('the collector has ended')),
      (error: unknown) => life.failed(error),
    );
  }

  /** What was asked for and is not stored by then is asked for again: the collector goes on from what is durable. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const ended = new AbortController();
    await Promise.race([this.#running, pause(COLLECT_PART_STOP_MS_MAX, ended.signal)]);
    ended.abort();
    this.#over.abort();
    await this.#running;
    this.#running = undefined;
    this.#transport?.close();
    this.#session?.pipeline.close();
    this.#session = undefined;
  }

  async #collect(session: IntakeSession, transport: Transport): Promise<void> {
    const { config, context, opened, accounts, logger, onCycle } = this.#options;
    const { baseUrl, everyMs, latenessMsMax, sharePercent } = config.collect.redisCloud;
    await collectRedisCloud({
      ...{ accounts, baseUrl, transport, everyMs, sharePercent, since: null, latenessMs: latenessMsMax },
      ...(await collectParts(opened, context, { stop: this.#stop.signal, over: this.#over.signal })),
      openSink: storeSinks(session.pipeline, new URL(baseUrl).host),
      once: false,
      onCycle: (cycle) => {
        reportCycle(cycle, logger);
        onCycle(cycle);
      },
      onUnlearned: (account, { code, place, got }) =>
        logger.warn({ account, place, code, got }, 'the registry does not take what an entry tells'),
    });
  }
}
