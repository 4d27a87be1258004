/** The signature of Standard Webhooks: HMAC-SHA-256 over id, time and body. Pure. */
import { createHmac } from 'node:crypto';
import { WEBHOOK_KEY_BYTES_MAX, WEBHOOK_KEY_BYTES_MIN } from '../limits.ts';

const PREFIX = 'whsec_';

/** @returns `undefined` when the text is no such key */
export function webhookKey(text: string): Buffer | undefined {
  const base64 = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined;
  if (base64 === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const key = Buffer.from(base64, 'base64');
  return key.length >= WEBHOOK_KEY_BYTES_MIN && key.length <= WEBHOOK_KEY_BYTES_MAX ? key : undefined;
}

/** @param seconds since 1970, UTC */
export function webhookHeaders(key: Buffer, id: string, seconds: number, body: string): Record<string, string> {
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
