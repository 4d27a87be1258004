/** Delivering of alerts as the configuration asks for it, for the commands that run it. */
import type { Logger } from 'pino';
import type { AlertsConfig } from '../../schemas/config.ts';
import type { Intent } from '../core/alerts/decide.ts';
import type { RuleWords } from '../core/alerts/telling.ts';
import type { Sent } from '../deliver/channel.ts';
import { Deliverer } from '../deliver/deliverer.ts';
import { Heartbeat } from '../deliver/heartbeat.ts';
import type { Topic } from '../deliver/line-channels.ts';
import { type ChannelOptions, openChannels } from '../deliver/open-channels.ts';
import type { Detection } from '../detect/detections.ts';
import type { Sender } from '../detect/watch.ts';
import { pauseAt } from '../pipeline/pause-points.ts';
import type { Store } from '../store/store.ts';
import type { CliContext } from './context.ts';
import { kafkaSecurity } from './kafka-security.ts';

export interface Delivery extends Sender {
  /** @returns how many messages could not be delivered */
  flush(): Promise<number>;
  /** @returns to how many channels the finding is sent */
  ask(intent: Intent): Promise<number>;
  close(): Promise<void>;
}

const NO_DELIVERY: Delivery = {
  begin: async () => undefined,
  step: async () => undefined,
  flush: async () => 0,
  ask: async () => 0,
  close: async () => undefined,
};

/**
 * @param known all detections, whichever of them look: alerts of any of them may wait
 * @param onAttempt told of each attempt to deliver, for figures
 */
export async function openDelivery(
  store: Store,
  known: readonly Detection[],
  context: CliContext,
  onAttempt?: (channel: string, result: Sent['kind']) => void,
): Promise<Delivery> {
  const { alerts } = await context.config();
  const heartbeat = await heartbeatOf(alerts, context);
  const delivery = alerts.channels.length === 0 ? NO_DELIVERY : await openDeliverer(store, known, context, onAttempt);
  if (heartbeat === undefined) return delivery;
  return {
    begin: () => delivery.begin(),
    step: async (isLooking) => {
      heartbeat.step(isLooking);
      await delivery.step(isLooking);
    },
    flush: () => delivery.flush(),
    ask: (intent) => delivery.ask(intent),
    close: async () => {
      await Promise.all([heartbeat.close(), delivery.close()]);
    },
  };
}

async function heartbeatOf({ heartbeat, ...alerts }: AlertsConfig, context: CliContext) {
  if (heartbeat.url === undefined) return undefined;
  const logger = await context.logger();
  return new Heartbeat({
    ...{ url: new URL(heartbeat.url), everyMs: heartbeat.everyMs, now: context.now },
    rules: { allowPrivate: alerts.allowPrivateAddresses, allowed: alerts.allowTargets },
    onFailure: (detail) => logger.warn({ detail }, 'the heartbeat was not taken'),
  });
}

async function openDeliverer(
  store: Store,
  known: readonly Detection[],
  context: CliContext,
  onAttempt?: (channel: string, result: Sent['kind']) => void,
): Promise<Delivery> {
  const { alerts } = await context.config();
  const logger = await context.logger();
  const channels = await openChannels(await channelOptions(context));
  const deliverer = new Deliverer({
    ...{ store, channels, routes: alerts.routes, now: context.now, random: Math.random },
    wordsOf: wordsOf(known),
    onError: (error) => logger.error({ err: error }, 'an alert could not be sent; it is tried again'),
    onAttempt: (channel, { message }, { kind, detail }) => {
      onAttempt?.(channel, kind);
      if (kind === 'delivered') return;
      logger.warn({ channel, message: message.slice(0, 12), kind, detail }, 'an alert was not delivered');
    },
    checkpoint: pauseAt(context.env.KEYTRAIL_PAUSE_AT, (point) => logger.fatal({ point }, 'paused')),
  });
  return {
    begin: () => deliverer.begin(),
    step: () => deliverer.step(),
    flush: () => deliverer.flush(),
    ask: (intent) => deliverer.ask(intent),
    close: () => deliverer.close(),
  };
}

function wordsOf(known: readonly Detection[]): (rule: string) => RuleWords | undefined {
  const words = new Map(
    known.map(({ id, title, detection: { runbook, references } }) => [id, { title, runbook, references }]),
  );
  return (rule) => words.get(rule);
}

export async function channelOptions(context: CliContext): Promise<ChannelOptions> {
  const { alerts } = await context.config();
  const { stdout, now } = context;
  return { alerts, stdout, now, openTopic: (topic) => openTopic(topic, context) };
}

async function openTopic(topic: string, context: CliContext): Promise<Topic> {
  const config = await context.config();
  const logger: Logger = await context.logger();
  const { openTopicWriter } = await import('../intake/kafka/producer.ts');
  const { brokers, clientId } = config.kafka;
  const security = await kafkaSecurity(config);
  const writer = await openTopicWriter({ brokers, clientId, ...security, logger, topics: [topic] });
  return { put: (record) => writer.put(topic, record), close: () => writer.close() };
}
