import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findingMessage } from '../../src/core/alerts/finding-message.ts';
import { messageId } from '../../src/core/alerts/message.ts';
import type { Occasion } from '../../src/core/alerts/telling.ts';
import { webhookHeaders } from '../../src/core/alerts/webhook-signature.ts';
import type { Channel } from '../../src/deliver/channel.ts';
import { pagerdutyChannel, slackChannel, webhookChannel } from '../../src/deliver/http-channels.ts';
import { fileChannel, topicChannel } from '../../src/deliver/line-channels.ts';
import { temporaryDirectory } from '../support/store.ts';
import { hasKeytool, makeCertificate } from '../support/tls.ts';
import { NOW, type Receiver, receiver, status } from './support.ts';

const key = randomBytes(32);
const OWN = { allowPrivate: true, allowed: [] };
const http = { now: () => NOW, rules: OWN };

const message = (occasion: Occasion = 'opened', summary = 'Key k1 was used again.') =>
  findingMessage({
    id: messageId('f1', occasion),
    occasion,
    finding: {
      ...{
        fingerprint: 'f1',
        rule: 'dormant-key-used',
        ruleVersion: 1,
        severity: 'high',
        accountId: 'a1',
        keyId: 'k1',
      },
      ...{
        entity: { key_id: 'k1' },
        firstSeen: NOW,
        lastSeen: NOW,
        foundAt: NOW,
        events: 1,
        eventIds: ['e1'],
        summary,
      },
      ...{
        facts: {},
        parameters: {},
        state: occasion === 'resolved' ? 'false-positive' : 'open',
        author: '',
        note: '',
      },
    },
  });

/** Longer than any answer takes, also on a busy machine. */
const LONG_MS = 600_000;
const send = (channel: Channel, occasion: Occasion = 'opened', ms = LONG_MS) =>
  channel.send(message(occasion), AbortSignal.timeout(ms));
let hook: Receiver;
beforeAll(async () => {
  hook = await receiver();
});
const webhook = (more: Partial<Parameters<typeof webhookChannel>[0]> = {}) =>
  webhookChannel({ name: 'hook', url: hook.url, key, ...http, ...more });

describe('a webhook', () => {
  it('is signed as Standard Webhooks ask for, over exactly what is sent', async () => {
    hook.answer = status(204);
    expect(await send(webhook())).toMatchObject({ kind: 'delivered' });
    const { headers, body } = hook.received.at(-1) ?? { headers: {}, body: '' };
    expect(headers).toMatchObject(webhookHeaders(key, message().id, NOW / 1_000, body));
    expect(JSON.parse(body)).toMatchObject({ class_uid: 2004, metadata: { uid: message().id } });
  });

  it('has the signature that the specification gives as its example', () => {
    const known = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const body = '{"test": 2432232314}';
    expect(webhookHeaders(known, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, body)['webhook-signature']).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it.each([
    [200, 'delivered'],
    [299, 'delivered'],
    [302, 'refused'],
    [400, 'refused'],
    [401, 'refused'],
    [408, 'retry'],
    [410, 'refused'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('that is answered with %d is %s', async (code, kind) => {
    hook.answer = status(code, code === 302 ? { location: 'http://169.254.169.254/' } : {});
    const before = hook.received.length;
    expect(await send(webhook())).toMatchObject({ kind });
    expect(hook.received.length).toBe(before + 1);
  });

  it.each([
    ['7', 7_000],
    ['0', 0],
    ['3600', 3_600_000],
    ['3601', 3_600_000],
    [new Date(NOW + 9_000).toUTCString(), 9_000],
    [new Date(NOW - 9_000).toUTCString(), 0],
    ['soon', undefined],
  ])('waits as long as Retry-After: %s asks for', async (header, afterMs) => {
    hook.answer = status(503, { 'retry-after': header });
    const sent = await send(webhook());
    expect('afterMs' in sent ? sent.afterMs : undefined).toBe(afterMs);
  });

  it('that gets no answer ends when its time is over', async () => {
    hook.answer = () => undefined;
    expect(await send(webhook(), 'opened', 200)).toEqual({ kind: 'retry', detail: 'no answer in time' });
  });

  it('that gets an answer without an end reads only its beginning', async () => {
    hook.answer = (_, response) => {
      const more = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.once('close', () => clearInterval(more));
    };
    const sent = await send(webhook());
    expect(sent.kind).toBe('delivered');
    expect(sent.detail.length).toBeLessThanOrEqual(300);
  });

  it('to where nobody listens is tried again', async () => {
    expect(await send(webhook({ url: new URL('http://127.0.0.1:9/') }))).toMatchObject({
      ...{ kind: 'retry', detail: 'ECONNREFUSED' },
    });
  });
});

describe('targets', () => {
  const nowhere = { allowPrivate: false, allowed: [] };
  const at = (host: string) => webhook({ rules: nowhere, url: new URL(`http://${host}:${hook.url.port}/`) });

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433', '0', '169.254.169.254', '10.0.0.1'])(
    'the address %s is refused without a connection',
    async (host) => {
      const before = hook.received.length;
      expect(await send(at(host))).toMatchObject({ kind: 'refused' });
      expect(hook.received.length).toBe(before);
    },
  );

  it('a name that leads to an address of this machine is refused, also if another address of it is public', async () => {
    hook.answer = status(200);
    const before = hook.received.length;
    for (const addresses of [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['::ffff:127.0.0.1'], ['fd00:ec2::254']]) {
      const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      const channel = webhook({ rules: nowhere, url: new URL(`http://hooks.example:${hook.url.port}/`), resolve });
      expect(await send(channel), addresses.join()).toMatchObject({ kind: 'refused' });
    }
    expect(hook.received.length).toBe(before);
  });

  it('a name is resolved once, and the connection made to what was checked', async () => {
    hook.answer = status(200);
    let asked = 0;
    const resolve = async () => {
      asked++;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const rules = { allowPrivate: false, allowed: ['127.0.0.1/32'] };
    const channel = webhook({ rules, url: new URL(`http://hooks.example:${hook.url.port}/`), resolve });
    expect(await send(channel)).toMatchObject({ kind: 'delivered' });
    expect(asked).toBe(1);
    expect(await send(channel)).toMatchObject({ kind: 'refused' });
  });

  it('one that is allowed is reached, and the one beside it is not', async () => {
    hook.answer = status(200);
    const rules = { allowPrivate: false, allowed: ['127.0.0.0/31'] };
    expect(await send(webhook({ rules }))).toMatchObject({ kind: 'delivered' });
    const beside = new URL(`http://127.0.0.2:${hook.url.port}/`);
    expect(await send(webhook({ rules, url: beside }))).toMatchObject({ kind: 'refused' });
  });
});

describe.runIf(await hasKeytool())('TLS', () => {
  it.each([
    ['trusted', 'delivered'],
    ['unknown', 'retry'],
    ['expired', 'retry'],
  ])('a certificate that is %s: %s', async (which, kind) => {
    const made = await makeCertificate(await temporaryDirectory(), { expired: which === 'expired' });
    const pfx = await readFile(made.keystore);
    const secure = await receiver((listener) => createServer({ pfx, passphrase: made.password }, listener));
    const url = new URL(`https://127.0.0.1:${secure.url.port}/`);
    const ca = which === 'unknown' ? {} : { ca: Buffer.from(made.certificate) };
    const sent = await send(webhook({ url, ...ca }));
    expect(sent.kind).toBe(kind);
    if (kind === 'retry')
      expect([sent.detail, secure.received.length]).toEqual([expect.stringMatching(/certificate/), 0]);
  });
});

describe('Slack', () => {
  const slack = () => slackChannel({ name: 'chat', url: hook.url, ...http });

  it('takes blocks, and says ok', async () => {
    hook.answer = status(200, {}, 'ok');
    expect(await send(slack())).toMatchObject({ kind: 'delivered' });
    expect(JSON.parse(hook.received.at(-1)?.body ?? '')).toMatchObject({
      blocks: [{ type: 'header' }, {}, {}, {}, {}],
    });
  });

  it.each([
    ['an answer that is not ok', status(200, {}, '<html>a portal</html>'), 'retry'],
    ['a channel that is gone', status(410, {}, 'channel_is_archived'), 'refused'],
    ['too many messages', status(429, { 'retry-after': '30' }, 'rate_limited'), 'retry'],
  ])('%s is no delivery', async (_, answer, kind) => {
    hook.answer = answer;
    expect(await send(slack())).toMatchObject({ kind });
  });
});

describe('PagerDuty', () => {
  const pager = () => pagerdutyChannel({ name: 'oncall', url: hook.url, routingKey: 'r'.repeat(32), ...http });
  const accepted = status(202, {}, JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: 'x' }));

  it('is triggered, and resolved under the same key', async () => {
    hook.answer = accepted;
    for (const occasion of ['opened', 'resolved'] as const) {
      expect(await send(pager(), occasion)).toMatchObject({ kind: 'delivered' });
    }
    const [opened, resolved] = hook.received.slice(-2).map(({ body }) => JSON.parse(body));
    expect(opened).toMatchObject({
      ...{ routing_key: 'r'.repeat(32), event_action: 'trigger', dedup_key: 'keytrail:f1' },
      payload: { severity: 'error', source: 'keytrail', summary: 'Key k1 was used again.' },
    });
    expect(resolved).toEqual({
      ...{ routing_key: 'r'.repeat(32), event_action: 'resolve', dedup_key: 'keytrail:f1' },
    });
  });

  it.each([
    ['an invalid event', status(400, {}, '{"status":"invalid event"}'), 'refused'],
    ['an answer of something else', status(200, {}, 'null'), 'retry'],
  ])('%s is no delivery', async (_, answer, kind) => {
    hook.answer = answer;
    expect(await send(pager())).toMatchObject({ kind });
  });
});

describe('a file', () => {
  it('gets a line for each message, also side by side and after a line that a crash cut', async () => {
    const file = path.join(await temporaryDirectory(), 'alerts.ndjson');
    await writeFile(file, '{"cut":');
    const channel = fileChannel('log', file);
    await Promise.all([send(channel), send(channel), send(channel, 'resolved')]);
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines.slice(1, 4).map((line) => JSON.parse(line).metadata.uid)).toEqual([
      ...[message().id, message().id, message('resolved').id],
    ]);
  });

  it('that cannot be written is tried again', async () => {
    const file = path.join(await temporaryDirectory(), 'absent', 'alerts.ndjson');
    expect(await send(fileChannel('log', file))).toMatchObject({ kind: 'retry' });
  });
});

describe('a topic', () => {
  it('that fails is opened anew for the next message', async () => {
    let opened = 0;
    let closed = 0;
    const channel = topicChannel('topic', async () => {
      const fails = ++opened === 1;
      return {
        put: async () => {
          if (fails) throw new Error('away');
        },
        close: async () => void closed++,
      };
    });
    expect(await send(channel)).toEqual({ kind: 'retry', detail: 'away' });
    expect(await send(channel)).toMatchObject({ kind: 'delivered' });
    await channel.close();
    expect([opened, closed]).toEqual([2, 2]);
  });
});
