/** Findings that were found, and receivers that take what is sent of them. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { type Finding, fingerprintOf } from '../../src/core/findings/finding.ts';

export const NOW = Date.UTC(2026, 4, 4, 12);

export function finding(name: string, more: Partial<Finding> = {}): Finding {
  const entity =
    more.entity ??
    ([
      ['account_id', 'a1'],
      ['key_id', name],
    ] as const);
  const rule = more.rule ?? 'dormant-key-used';
  return {
    ...{ entity, rule, anchorAt: 0, firstSeen: NOW - 60_000, lastSeen: NOW - 30_000, storedUntil: NOW - 20_000 },
    ...{ events: 1, eventIds: [`event-${name}`], facts: JSON.stringify({ key_id: name, app: 'shop' }) },
    ...{ summary: `Key ${name} of account a1 was used again.`, ruleVersion: 1, severity: 'medium', raises: 'alert' },
    ...{ backfill: false, parameters: '{}', suppression: '', foundAt: NOW },
    ...more,
    fingerprint: fingerprintOf(rule, { entity, anchorAt: 0 }),
  };
}

export interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Receiver {
  readonly url: URL;
  readonly received: Received[];
  /** How it answers from now on; it answers with 200 and `ok` at first. */
  answer: (request: Received, response: ServerResponse) => void;
}

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Takes POSTs on this machine; gone when the test file ends. */
export async function receiver(make: (listener: Parameters<typeof createServer>[1]) => Server = listenPlain) {
  const receiver: { -readonly [Name in keyof Receiver]: Receiver[Name] } = {
    url: new URL('http://127.0.0.1/'),
    received: [],
    answer: (_, response) => void response.end('ok'),
  };
  const server = make((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.once('end', () => {
      const one = { headers: request.headers, body };
      receiver.received.push(one);
      receiver.answer(one, response);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  receiver.url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
  return receiver as Receiver;
}

const listenPlain = (listener: Parameters<typeof createServer>[1]): Server => createServer(listener ?? (() => {}));

export const status =
  (code: number, headers: Record<string, string> = {}, body = '') =>
  (_: Received, response: ServerResponse): void =>
    void response.writeHead(code, headers).end(body);
