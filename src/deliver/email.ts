/** E-mail: one mail for each message, over SMTP with TLS. */
import nodemailer from 'nodemailer';
import { mailParts } from '../core/alerts/mail.ts';
import { clean, type Message } from '../core/alerts/message.ts';
import { ALERT_DETAIL_CHARS_MAX, ALERT_SEND_MS_MAX } from '../core/limits.ts';
import type { Channel, Sent } from './channel.ts';

export interface EmailOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly tls: 'starttls' | 'implicit' | 'none';
  readonly ca?: Buffer;
  readonly login?: { readonly user: string; readonly pass: string };
  readonly from: string;
  readonly to: readonly string[];
}

/** A connection for each mail: alerts are rare, and a connection that is kept may be dead when one comes. */
export function emailChannel(options: EmailOptions): Channel {
  return {
    name: options.name,
    resolves: false,
    send: async (message, signal) => {
      if (message.to?.length === 0) return { kind: 'refused', detail: 'no address is known for whom it is meant' };
      const transport = transportOf(options);
      const stop = () => transport.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        const sent = transport.sendMail(mailOf(message, options));
        // Who was stopped waits no longer, whatever the connection does.
        const late = new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
        const { response, rejected } = await Promise.race([sent, late]);
        const without = rejected.length === 0 ? '' : `, but not for ${rejected.map(String).join(', ')}`;
        return { kind: 'delivered', detail: clean(`${response}${without}`, ALERT_DETAIL_CHARS_MAX) };
      } catch (error) {
        return failed(error);
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
      }
    },
    close: async () => undefined,
  };
}

function transportOf({ host, port, tls, ca, login }: EmailOptions) {
  return nodemailer.createTransport({
    ...{ host, port },
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(login === undefined ? {} : { auth: login }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectionTimeout: ALERT_SEND_MS_MAX,
    greetingTimeout: ALERT_SEND_MS_MAX,
    socketTimeout: ALERT_SEND_MS_MAX,
    // A message is text: nothing in it is a path or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function mailOf(message: Message, { from, to }: EmailOptions) {
  const { subject, text, html, attachments: kept } = mailParts(message);
  const attachments = kept.map(({ name, type, content }) => ({
    ...{ filename: name, contentType: type, content },
  }));
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return {
    ...{ from, to: [...(message.to ?? to)], subject, text, html, attachments },
    messageId: `<${message.id}@${domain}>`,
    date: new Date(message.at),
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

function failed(error: unknown): Sent {
  const { name, code, message, responseCode } = error as Error & { code?: string; responseCode?: number };
  if (name === 'TimeoutError' || name === 'AbortError') return { kind: 'retry', detail: 'no answer in time' };
  const detail = clean(message, ALERT_DETAIL_CHARS_MAX);
  // Also where a server answers the wish for TLS with a refusal: it was not the mail that was refused.
  if (code === 'ETLS' || /certificate/i.test(message)) {
    return { kind: 'retry', detail: `no connection that can be trusted: ${detail}` };
  }
  if (responseCode !== undefined && responseCode >= 500) return { kind: 'refused', detail };
  return { kind: 'retry', detail };
}
