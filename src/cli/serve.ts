/** `keytrail serve`: takes records in, and answers over HTTP, until it is told to stop. */
import { randomBytes, randomUUID } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { Question } from '../../schemas/questions.ts';
import { TokenBook } from '../access/token-book.ts';
import { listTokens } from '../access/tokens.ts';
import { loadQuestions } from '../ask/loader.ts';
import type { AccountCycle, CollectedAccount } from '../collect/collect.ts';
import type { Config } from '../config/load.ts';
import { messageOf, UsageError } from '../core/errors.ts';
import { DAEMON_STOP_MS_MAX } from '../core/limits.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import { type Configured, configured } from '../detect/configured.ts';
import type { Detection } from '../detect/detections.ts';
import type { CycleReport } from '../detect/engine.ts';
import { AccessLog } from '../http/access-log.ts';
import { createApp } from '../http/app.ts';
import { readConsole } from '../http/console.ts';
import type { HttpServices } from '../http/context.ts';
import { hostRules, isLoopback } from '../http/hosts.ts';
import { DaemonMetrics } from '../http/metrics.ts';
import { HttpPart } from '../http/server.ts';
import { Sessions } from '../http/sessions.ts';
import { fingerprintsOf } from '../registry/secrets.ts';
import { pause } from '../store/retry.ts';
import type { Part } from '../supervisor/part.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import { type Delivery, openDelivery } from './alert-delivery.ts';
import { accountsOf } from './collect-parts.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { knownDetections } from './detections.ts';
import { endSoon } from './end-soon.ts';
import { checkSource } from './intake-options.ts';
import type { IntakeSession } from './intake-session.ts';
import { builtInQuestions } from './query.ts';
import { replayLetters } from './replay-letters.ts';
import { type ScheduledReports, scheduledReports } from './report-press.ts';
import { CollectPart } from './serve/collect-part.ts';
import { detectPart } from './serve/detect-part.ts';
import { KafkaPart } from './serve/kafka-part.ts';
import { PushPart } from './serve/push-part.ts';
import { reportPart } from './serve/report-part.ts';
import { StorePart } from './serve/store-part.ts';
import { VERSION } from './version.ts';

export interface ServeFlags {
  readonly listen?: string;
  readonly detections: boolean;
  readonly reports: boolean;
}

export function defineServe(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('take records in and answer over HTTP, until SIGTERM')
    .option('--listen <host:port>', 'where to listen (default: http.listen)')
    .option('--no-detections', 'leave detections to another process')
    .option('--no-reports', 'leave scheduled reports to another process')
    .action((flags: ServeFlags) => serve(flags, context));
}

export async function serve(flags: ServeFlags, context: CliContext): Promise<void> {
  const config = await context.config();
  const listen = listenOf(flags.listen ?? config.http.listen);
  const ready = await checked(config, listen.host, context);
  const logger = await context.logger();
  const stopped = untilStopped();
  const opened = await context.open({ engine: 'child' });
  try {
    const daemon = assemble({ ...ready, flags, config, listen, opened, logger, context });
    try {
      await daemon.start();
      await stopped.promise;
    } finally {
      const late = await daemon.stop(DAEMON_STOP_MS_MAX);
      if (late.length > 0) logger.warn({ parts: late }, 'not everything ended in time');
    }
  } finally {
    stopped.forget();
    await opened.close();
    endSoon();
  }
}

/** Everything that can be known to be wrong before anything starts. */
async function checked(config: Config, host: string, context: CliContext): Promise<Ready> {
  const { kafka, http, queries, collect } = config;
  for (const { source, account } of kafka.topics) checkSource(source, account, true);
  if (kafka.topics.length > 0 && kafka.brokers.length === 0) {
    throw new UsageError('KAFKA_UNNAMED', 'topics are named, and no broker', { expected: 'kafka.brokers' });
  }
  for (const file of http.tls === undefined ? [] : [http.tls.certFile, http.tls.keyFile]) {
    await access(file, constants.R_OK).catch((cause: unknown) => {
      throw new UsageError('TLS_FILE_UNREADABLE', `the file ${file} of http.tls cannot be read`, {
        got: messageOf(cause),
        expected: 'a PEM file',
      });
    });
  }
  if (!isLoopback(host) && http.hosts.length === 0 && /^(?:0\.0\.0\.0|\[::\])$/.test(host)) {
    throw new UsageError('HOSTS_UNNAMED', `${host} is every address of this machine, and no name is given`, {
      expected: 'http.hosts with the names by which clients call it',
      next: 'name them: a request for any other name is refused, because any page could make one',
    });
  }
  return {
    reports: await scheduledReports(context),
    questions: await loadQuestions([builtInQuestions(), ...(queries === undefined ? [] : [queries])]),
    ...configured(await knownDetections({ queries: [] }, context), config.detections.rules),
    accounts: collect.redisCloud.accounts.length === 0 ? [] : accountsOf(collect.redisCloud.accounts, undefined),
  };
}

/** What files and settings say, read and found to be right. */
interface Ready {
  readonly reports: ScheduledReports;
  readonly questions: readonly Question[];
  readonly detections: readonly Detection[];
  readonly given: Configured['given'];
  readonly accounts: readonly CollectedAccount[];
}

interface Assembly extends Ready {
  readonly flags: ServeFlags;
  readonly config: Config;
  readonly listen: { readonly host: string; readonly port: number };
  readonly opened: OpenedStore;
  readonly logger: Logger;
  readonly context: CliContext;
}

function assemble(assembly: Assembly): Supervisor {
  const { flags, config, listen, questions, detections, given, accounts, opened, logger, context, reports } = assembly;
  const { now, env } = context;
  const { store } = opened;
  const intake = { config, opened, logger, now, env };
  const metrics = new DaemonMetrics();
  const held = (session: IntakeSession | undefined): number => session?.pipeline.heldBytes ?? 0;
  const push: PushPart = new PushPart({ ...intake, meter: metrics.intakes.meter('push', () => held(push.session)) });
  const secret = (): string => randomBytes(32).toString('base64url');
  const sessions = new Sessions({ now, secret });
  const tokens = new TokenBook({ read: () => listTokens(store), now });
  const accessLog = new AccessLog({ push: () => push.intake, now, uuid: randomUUID, log: logger });
  const http = new HttpPart({
    listen: { ...listen, tls: config.http.tls },
    app: (listening, stopping) => {
      const services: HttpServices = {
        ...{ store, questions, now, tokens, sessions, metrics, stopping },
        reports: { kinds: reports.kinds, schedules: reports.schedules, chromium: config.chromiumFile },
        hosts: hostRules({ ...listening, names: config.http.hosts }),
        isTls: listening.isTls,
        push: () => push.intake,
        replay: (wish) => replayLetters(wish, { ...intake, uuid: randomUUID }),
        parts: () => supervisor.states,
        restart: (part) => supervisor.restart(part),
        isReady: () => supervisor.isReady,
        uuid: randomUUID,
        fingerprintsOf: async (value) => fingerprintsOf(store, await opened.storeKey(), config.fingerprintKeyId, value),
        log: logger,
        note: (deed) => accessLog.note(deed),
      };
      return createApp(services, {
        version: VERSION,
        console: readConsole(fileURLToPath(new URL('dist/console', PACKAGE_ROOT))),
      });
    },
    onListening: (url) => {
      logger.info({ url }, 'listening');
      context.stderr.write(
        `keytrail: listening on ${url}\n  sign in once: ${url}/sign-in?code=${sessions.makeLink()}\n`,
      );
    },
  });
  const parts: Part[] = [new StorePart(store), push, accessLog];
  if (config.kafka.topics.length > 0) {
    const meter = metrics.intakes.meter('kafka', () => held(kafka.session));
    const kafka: KafkaPart = new KafkaPart({ ...intake, meter });
    parts.push(kafka);
  }
  if (accounts.length > 0) {
    const onCycle = (cycle: AccountCycle): void => metrics.watching.collected(cycle);
    const meter = metrics.intakes.meter('redis-cloud', () => held(collect.session));
    const collect: CollectPart = new CollectPart({ ...intake, meter, accounts, context, onCycle });
    parts.push(collect);
  }
  if (flags.detections) {
    const onCycle = (report: CycleReport, ms: number): void => metrics.watching.looked(report, ms);
    const onAttempt = (channel: string, result: string): void => metrics.watching.sent(channel, result);
    const looking = { store, detections, given, liveAgeHoursMax: config.detections.liveAgeHoursMax, now };
    const send = (): Promise<Delivery> => openDelivery(store, detections, context, onAttempt);
    parts.push(detectPart({ ...looking, openDelivery: send, log: logger, onCycle }));
  }
  if (flags.reports && reports.schedules.length > 0) {
    parts.push(reportPart(store, reports, { context, logger, metrics: metrics.reports }));
  }
  parts.push(http);
  const supervisor: Supervisor = new Supervisor({ parts, log: logger, now, sleep: pause });
  return supervisor;
}

function listenOf(text: string): { host: string; port: number } {
  const [, host = '', digits = ''] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host !== '' && port <= 65_535) return { host, port };
  throw new UsageError('LISTEN_INVALID', 'this is no address to listen on', {
    got: text,
    expected: 'host:port, such as 127.0.0.1:8137',
  });
}

function untilStopped(): { promise: Promise<void>; forget: () => void } {
  let interrupt = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    interrupt = () => resolve();
  });
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  return { promise, forget: () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt) };
}
