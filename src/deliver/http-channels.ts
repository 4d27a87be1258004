/** Channels that are one POST: a signed webhook, Slack's incoming webhook, and PagerDuty's Events API v2. */
import { pagerdutyEvent } from '../core/alerts/pagerduty-event.ts';
import { slackPayload } from '../core/alerts/slack-blocks.ts';
import { webhookHeaders } from '../core/alerts/webhook-signature.ts';
import type { Channel } from './channel.ts';
import { type HttpOptions, post } from './http.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const nothingToClose = async (): Promise<void> => undefined;

export interface WebhookOptions extends HttpOptions {
  readonly name: string;
  readonly url: URL;
  readonly key: Buffer;
  readonly now: () => number;
}

export function webhookChannel({ name, url, key, ...http }: WebhookOptions): Channel {
  return {
    ...{ name, resolves: true, close: nothingToClose },
    send: (message, signal) => {
      const body = JSON.stringify(message.json);
      const signed = webhookHeaders(key, message.id, Math.floor(http.now() / 1_000), body);
      return post({ url, body, headers: { ...JSON_TYPE, ...signed } }, http, signal);
    },
  };
}

export function slackChannel({ name, url, ...http }: Omit<WebhookOptions, 'key'>): Channel {
  return {
    ...{ name, resolves: false, close: nothingToClose },
    send: (message, signal) => {
      const body = JSON.stringify(slackPayload(message));
      return post({ url, body, headers: JSON_TYPE }, http, signal, (answer) => answer.body.trim() === 'ok');
    },
  };
}

export interface PagerdutyOptions extends Omit<WebhookOptions, 'key'> {
  readonly routingKey: string;
}

export function pagerdutyChannel({ name, url, routingKey, ...http }: PagerdutyOptions): Channel {
  return {
    ...{ name, resolves: true, close: nothingToClose },
    send: (message, signal) => {
      const body = JSON.stringify(pagerdutyEvent(message, routingKey));
      return post({ url, body, headers: JSON_TYPE }, http, signal, ({ body: text }) => saysSuccess(text));
    },
  };
}

function saysSuccess(text: string): boolean {
  try {
    return (JSON.parse(text) as { status?: unknown } | null)?.status === 'success';
  } catch {
    return false;
  }
}
