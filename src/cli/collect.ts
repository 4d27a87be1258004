/** `keytrail collect redis-cloud`: the logs, the users and the account of Redis Cloud, from its API. */

import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Config } from '../../schemas/config.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { readingState } from '../collect/account-reading.ts';
import { checkAccounts } from '../collect/check.ts';
import { type CollectedAccount, collectRedisCloud } from '../collect/collect.ts';
import { CollectorLog } from '../collect/collector-log.ts';
import { type OpenSink, storeSinks, topicSinks } from '../collect/row-sink.ts';
import { openTransport, type Transport } from '../collect/transport.ts';
import { EXIT, UsageError } from '../core/errors.ts';
import { COLLECT_STOP_MS_MAX } from '../core/limits.ts';
import { openTopicWriter } from '../intake/kafka/producer.ts';
import { pause, withRetry } from '../store/retry.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import { accountsOf, collectParts, reportCycle } from './collect-parts.ts';
import { type CliContext, exitWith, type OpenedStore } from './context.ts';
import { openIntake } from './intake-session.ts';
import { kafkaSecurity } from './kafka-security.ts';
import { madeAnswer } from './made-answer.ts';
import { givenTime } from './range.ts';

interface CollectFlags {
  readonly account?: string[];
  readonly since?: string;
  readonly once?: boolean;
  readonly check?: boolean;
  readonly to: string;
  readonly brokers?: string;
  readonly format?: string;
}

const SUMMARY_COLUMNS = {
  cycles: 'number',
  rows_new: 'number',
  rows_late: 'number',
  gaps: 'number',
  failing_accounts: 'text',
} as const;
const CHECK_COLUMNS = { account_id: 'text', condition: 'text', result: 'text', detail: 'text' } as const;

export function defineCollect(program: Command, context: CliContext): void {
  program
    .command('collect')
    .description('read sources that are an API and no stream')
    .command('redis-cloud')
    .description('store the system log, the session log, the users and the account of Redis Cloud, until SIGTERM')
    .option('--account <id>', 'only this account of those that are configured (repeatable)', repeated)
    .option('--since <time>', 'how far back the first run goes (default: all that the API has)')
    .option('--once', 'end when everything that is there now was read')
    .option('--check', 'try what the API asks of keys and address, and say what does not hold')
    .option('--to <where>', 'store, or kafka for the topics that the configuration names', 'store')
    .option('--brokers <list>', 'brokers for --to kafka, host:port separated by commas')
    .option('--format <format>', 'table, json, ndjson, csv, markdown (default: table on a terminal, else ndjson)')
    .action((flags: CollectFlags) => collect(flags, context));
}

const repeated = (value: string, before: string[] = []): string[] => [...before, value];

async function collect(flags: CollectFlags, context: CliContext): Promise<void> {
  if (flags.to !== 'store' && flags.to !== 'kafka') {
    throw new UsageError('COLLECT_TARGET', '--to is neither store nor kafka', { got: flags.to });
  }
  const format = answerFormat(flags.format, context.stdout);
  const config = await context.config();
  const accounts = accountsOf(config.collect.redisCloud.accounts, flags.account);
  const now = context.now();
  const since = flags.since === undefined ? null : givenTime('--since', flags.since, now, now);
  const { caFile } = config.collect.redisCloud;
  const ca = caFile === undefined ? undefined : await readFile(caFile);
  const stop = new AbortController();
  // Each request under way listens to it.
  setMaxListeners(0, stop.signal);
  const transport = openTransport({ ...(ca === undefined ? {} : { ca }), signal: stop.signal });
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    if (flags.check === true) await check({ accounts, config, context, format, transport });
    else await run({ accounts, config, context, format, transport, flags, since, stop });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    transport.close();
  }
}

interface Work {
  readonly accounts: readonly CollectedAccount[];
  readonly config: Config;
  readonly context: CliContext;
  readonly format: ReturnType<typeof answerFormat>;
  readonly transport: Transport;
}

interface RunWork extends Work {
  readonly flags: CollectFlags;
  readonly since: number | null;
  readonly stop: AbortController;
}

async function run(work: RunWork): Promise<void> {
  const { accounts, config, context, format, transport, flags, since, stop } = work;
  const logger = await context.logger();
  const opened = await context.open({ engine: flags.once === true ? 'in-process' : 'child' });
  try {
    const target = await (flags.to === 'kafka' ? toKafka(work, logger) : toStore(work, opened, logger));
    const { baseUrl, everyMs, latenessMsMax, sharePercent } = config.collect.redisCloud;
    const result = await collectRedisCloud({
      ...{ accounts, baseUrl, transport, everyMs, sharePercent, since, latenessMs: latenessMsMax },
      ...(await collectParts(opened, context, { stop: stop.signal, over: target.over })),
      ...{ openSink: target.openSink, once: flags.once === true },
      onCycle: (cycle) => reportCycle(cycle, logger),
      onUnlearned: (account, { code, place, got }) =>
        logger.warn({ account, place, code, got }, 'the registry does not take what an entry tells'),
    }).finally(() => target.close());
    target.throwFailure();
    const { cycles, rowsNew, rowsLate, gaps, failing } = result;
    const answer = madeAnswer(SUMMARY_COLUMNS, [[cycles, rowsNew, rowsLate, gaps, failing.join(', ')]]);
    await writeAnswer(answer, format, context.stdout, formatOptions(context, false));
    if (failing.length > 0) exitWith(EXIT.failed);
  } finally {
    await opened.close();
  }
}

interface Target {
  readonly openSink: OpenSink;
  /** Ends what waits for the store. */
  readonly over: AbortSignal;
  readonly close: () => Promise<void>;
  /** What stopped the store for good, if something did. */
  readonly throwFailure: () => void;
}

/** Who is told to stop does not wait for ever for a store or a broker that is away. */
function overAfter(stop: AbortController): AbortController {
  const over = new AbortController();
  stop.signal.addEventListener('abort', () => setTimeout(() => over.abort(), COLLECT_STOP_MS_MAX).unref());
  return over;
}

async function toStore({ config, context, stop }: RunWork, opened: OpenedStore, logger: Logger): Promise<Target> {
  const over = overAfter(stop);
  const { env, now } = context;
  let failure: { readonly error: unknown } | undefined;
  const onFailure = (error: unknown) => {
    failure ??= { error };
    stop.abort();
  };
  const session = await openIntake({ config, opened, logger, env, now, signal: over.signal, onFailure });
  return {
    openSink: storeSinks(session.pipeline, new URL(config.collect.redisCloud.baseUrl).host),
    over: over.signal,
    close: async () => {
      over.abort();
      session.pipeline.close();
    },
    throwFailure: () => {
      if (failure !== undefined) throw failure.error;
    },
  };
}

async function toKafka({ config, flags, stop }: RunWork, logger: Logger): Promise<Target> {
  const { systemLogTopic, sessionLogTopic } = config.collect.redisCloud;
  const brokers = flags.brokers?.split(',').map((broker) => broker.trim()) ?? config.kafka.brokers;
  if (brokers.length === 0) {
    throw new UsageError('KAFKA_UNNAMED', 'no broker is named', {
      expected: '--brokers host:port, or kafka.brokers in keytrail.yaml',
    });
  }
  const topics = { 'redis-cloud/system-log': systemLogTopic, 'redis-cloud/session-log': sessionLogTopic };
  const security = await kafkaSecurity(config);
  const { clientId } = config.kafka;
  const options = { brokers, clientId, topics: Object.values(topics), logger, signal: stop.signal };
  const writer = await openTopicWriter({ ...options, ...security });
  const over = overAfter(stop);
  return {
    openSink: topicSinks((topic, accountId, values) => writer.write(topic, accountId, values), topics),
    over: over.signal,
    close: async () => {
      over.abort();
      await writer.close();
    },
    throwFailure: () => undefined,
  };
}

async function check({ accounts, config, context, format, transport }: Work): Promise<void> {
  const { baseUrl, sharePercent } = config.collect.redisCloud;
  const { now } = context;
  const findings = await checkAccounts({
    ...{ accounts, baseUrl, sharePercent, transport, now, random: Math.random, sleep: (ms: number) => pause(ms) },
    lastAddress: (accountId) => lastAddress(accountId, context),
  });
  const rows = findings.map(({ accountId, condition, result, detail }) => [accountId, condition, result, detail]);
  await writeAnswer(madeAnswer(CHECK_COLUMNS, rows), format, context.stdout, formatOptions(context, false));
  if (findings.some(({ result }) => result === 'failed')) exitWith(EXIT.failed);
}

/** From the last reading of the account, if this store has one. */
async function lastAddress(accountId: string, context: CliContext): Promise<string | undefined> {
  const opened = await context.open();
  try {
    const { store } = opened;
    const log = await CollectorLog.open({ store, accountId, now: context.now, retry: (call) => withRetry(call) });
    return readingState(log)?.address;
  } finally {
    await opened.close();
  }
}
