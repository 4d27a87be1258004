/** Kafka as a part of the daemon: the same consumer as `keytrail consume`, for as long as the daemon runs. */
import type { TopicChoice } from '../../intake/kafka/consumer.ts';
import { consumeKafka } from '../../intake/kafka/consumer.ts';
import type { Part, PartLife } from '../../supervisor/part.ts';
import { type IntakeSession, openIntake } from '../intake-session.ts';
import { kafkaSecurity } from '../kafka-security.ts';
import type { IntakePartOptions } from './push-part.ts';

export class KafkaPart implements Part {
  readonly name = 'kafka';
  readonly #options: IntakePartOptions;
  #session: IntakeSession | undefined;
  #stop = new AbortController();
  #over = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: IntakePartOptions) {
    this.#options = options;
  }

  get session(): IntakeSession | undefined {
    return this.#session;
  }

  async start(life: PartLife): Promise<void> {
    this.#stop = new AbortController();
    this.#over = new AbortController();
    const onFailure = (error: unknown): void => life.failed(error);
    const session = await openIntake({ ...this.#options, signal: this.#over.signal, onFailure });
    this.#session = session;
    const security = await kafkaSecurity(this.#options.config);
    this.#running = this.#consume(session, security).then(
      () => life.failed(new Error('the consumer has ended')),
      (error: unknown) => life.failed(error),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#running = undefined;
    this.#over.abort();
    this.#session?.pipeline.close();
    this.#session = undefined;
  }

  async #consume(session: IntakeSession, security: Awaited<ReturnType<typeof kafkaSecurity>>): Promise<void> {
    const { config, logger, now } = this.#options;
    const { brokers, clientId, group, sessionTimeoutMs, topics } = config.kafka;
    await consumeKafka({
      brokers,
      clientId,
      groupId: group,
      topics: topics.map(choiceOf),
      receiver: session.pipeline,
      logger,
      signal: this.#stop.signal,
      now,
      checkpoint: session.checkpoint,
      times: { sessionTimeoutMs, heartbeatMs: Math.floor(sessionTimeoutMs / 4) },
      ...security,
    });
  }
}

function choiceOf({
  topic,
  source,
  account,
}: {
  topic: string;
  source?: string | undefined;
  account?: string | undefined;
}): TopicChoice {
  return {
    topic,
    ...(source === undefined ? {} : { source }),
    ...(account === undefined ? {} : { accountId: account }),
  };
}
