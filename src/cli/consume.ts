/** `keytrail consume`: Kafka topics into the store, until it is told to stop. */
import type { Command } from 'commander';
import type { Config } from '../config/load.ts';
import { EXIT, UsageError } from '../core/errors.ts';
import { COUNT_SECONDS_MAX, COUNT_STOPPED_SECONDS_MAX } from '../core/limits.ts';
import { consumeKafka, type TopicChoice } from '../intake/kafka/consumer.ts';
import { type CliContext, exitWith } from './context.ts';
import { endSoon } from './end-soon.ts';
import { watchEventLoop } from './event-loop.ts';
import { checkSource, summaryFormat } from './intake-options.ts';
import { openIntake } from './intake-session.ts';
import { countNew, summarise, writeSummary } from './intake-summary.ts';
import { kafkaSecurity } from './kafka-security.ts';

interface ConsumeFlags {
  readonly brokers?: string;
  readonly topic?: string[];
  readonly group?: string;
  readonly source?: string;
  readonly account?: string;
  readonly untilEnd?: boolean;
  readonly format?: string;
}

export function defineConsume(program: Command, context: CliContext): void {
  program
    .command('consume')
    .description('store the records of Kafka topics, until SIGTERM')
    .option('--brokers <list>', 'brokers to begin with, host:port separated by commas')
    .option('--topic <name[=source[@account]]>', 'a topic, and what its records are (repeatable)', collect)
    .option('--group <id>', 'consumer group, which keeps the committed offsets')
    .option('--source <name>', 'source of topics that name none (default: recognised record by record)')
    .option('--account <id>', 'account of topics that name none')
    .option('--until-end', 'stop when what was there at the start has been read')
    .option('--format <format>', 'summary as text, json or ndjson')
    .action(async (flags: ConsumeFlags) => consume(flags, context));
}

async function consume(flags: ConsumeFlags, context: CliContext): Promise<void> {
  const config = await context.config();
  const brokers = flags.brokers?.split(',').map((broker) => broker.trim()) ?? config.kafka.brokers;
  const topics = topicsOf(flags, config);
  const groupId = flags.group ?? config.kafka.group;
  requireTargets(brokers, topics);
  for (const { source, accountId } of topics) checkSource(source, accountId, true);
  const format = summaryFormat(flags.format, context.stdout);
  const logger = await context.logger();
  const opened = await context.open({ engine: 'child' });
  const stop = new AbortController();
  const failed = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const { env, now } = context;
    const { sessionTimeoutMs } = config.kafka;
    let failure: { error: unknown } | undefined;
    const onFailure = (error: unknown) => {
      failure ??= { error };
      stop.abort();
    };
    const session = await openIntake({ config, opened, logger, env, now, signal: failed.signal, onFailure });
    const startedAt = now();
    const eventLoop = watchEventLoop();
    const { pipeline } = session;
    await consumeKafka({
      brokers,
      clientId: config.kafka.clientId,
      groupId,
      topics,
      untilEnd: flags.untilEnd === true,
      receiver: pipeline,
      logger,
      signal: stop.signal,
      now,
      checkpoint: session.checkpoint,
      // Three heartbeats may be lost before the group thinks that we are dead.
      times: { sessionTimeoutMs, heartbeatMs: Math.floor(sessionTimeoutMs / 4) },
      ...(await kafkaSecurity(config)),
    }).finally(() => failed.abort());
    if (failure) throw failure.error;
    const elapsedMs = now() - startedAt;
    pipeline.close();
    const { records, deadLetters, blocks } = pipeline.totals;
    logger.info({ records, blocks, retries: session.retries(), ...eventLoop() }, 'read and stored');
    const secondsMax = stop.signal.aborted ? COUNT_STOPPED_SECONDS_MAX : COUNT_SECONDS_MAX;
    const newEvents = await countNew(opened.store, pipeline.chainIds, secondsMax);
    const summary = summarise(records, deadLetters, newEvents, elapsedMs);
    writeSummary(summary, format, context.stdout);
    if (summary.dead_letters > 0) exitWith(EXIT.deadLetters);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await opened.close();
    endSoon();
  }
}

const BROKER = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** `name=source@account`; what a topic does not say, the options say for all. */
function topicsOf(flags: ConsumeFlags, config: Config): TopicChoice[] {
  const chosen = flags.topic?.map(parseTopic) ?? config.kafka.topics;
  return chosen.map(({ topic, source = flags.source, account = flags.account }) => ({
    topic,
    ...(source === undefined ? {} : { source }),
    ...(account === undefined ? {} : { accountId: account }),
  }));
}

function parseTopic(text: string): { topic: string; source?: string; account?: string } {
  const [, topic = '', source, account] = /^([^=]*)(?:=([^@]*)(?:@(.*))?)?$/s.exec(text) ?? [];
  if (topic === '' || source === '' || account === '') {
    throw new UsageError('TOPIC_INVALID', 'a topic cannot be read', {
      got: text,
      expected: 'name, name=source or name=source@account, as in requests=gateway/request',
    });
  }
  return { topic, ...(source === undefined ? {} : { source }), ...(account === undefined ? {} : { account }) };
}

function requireTargets(brokers: readonly string[], topics: readonly TopicChoice[]): void {
  const wrong = brokers.find((broker) => !BROKER.test(broker));
  if (wrong !== undefined) {
    throw new UsageError('BROKER_INVALID', 'a broker cannot be read', {
      got: wrong,
      expected: 'host:port, such as kafka:9092',
    });
  }
  if (brokers.length > 0 && topics.length > 0) return;
  throw new UsageError('KAFKA_UNNAMED', brokers.length === 0 ? 'no broker is named' : 'no topic is named', {
    expected: '--brokers host:port and --topic name, or kafka.brokers and kafka.topics in keytrail.yaml',
  });
}
