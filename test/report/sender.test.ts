import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { testMessage } from '../../src/core/alerts/test-message.ts';
import { plannedMessages } from '../../src/core/reports/plan.ts';
import type { Channel } from '../../src/deliver/channel.ts';
import { directoryChannel } from '../../src/deliver/directory.ts';
import { emailChannel } from '../../src/deliver/email.ts';
import { slackChannel, webhookChannel } from '../../src/deliver/http-channels.ts';
import { resendReports } from '../../src/report/outbox.ts';
import { Scheduler } from '../../src/report/scheduler.ts';
import { ReportSender } from '../../src/report/sender.ts';
import { receiver, status } from '../deliver/support.ts';
import { temporaryDirectory, temporaryStore } from '../support/store.ts';
import { deliveriesOf, schedule, storedDocuments, testPress } from './schedule-support.ts';

const { store } = await temporaryStore();
const folder = await temporaryDirectory();
const hook = await receiver();
const chat = await receiver();
const DAY_MS = 86_400_000;

interface Mail {
  readonly text: string;
  readonly to: readonly string[];
}
const mails: Mail[] = [];
let refusing: (address: string) => boolean = () => false;
const smtp = new SMTPServer({
  ...{ authOptional: true, disableReverseLookup: true, logger: false },
  onRcptTo: ({ address }, _, done) =>
    done(refusing(address) ? Object.assign(new Error('nobody here'), { responseCode: 550 }) : null),
  onData: (stream, session, done) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    stream.once('end', () => {
      mails.push({ text, to: session.envelope.rcptTo.map(({ address }) => address) });
      done();
    });
  },
});
await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()));
afterAll(() => new Promise<void>((resolve) => smtp.close(() => resolve())));

const http = { rules: { allowPrivate: true, allowed: [] }, now: Date.now };
const KEY = Buffer.alloc(32, 7);
const channelsOf = (path: string): readonly Channel[] => [
  directoryChannel('archive', path),
  emailChannel({
    ...{ name: 'mail', host: '127.0.0.1', port: (smtp.server.address() as AddressInfo).port, tls: 'none' },
    ...{ from: 'keytrail@example.com', to: ['audit@example.com'] },
  }),
  webhookChannel({ ...http, name: 'hook', url: hook.url, key: KEY }),
  slackChannel({ ...http, name: 'chat', url: chat.url }),
];
const TEXT = testMessage('0123456789abcdef0123456789abcdef', 0);
const ALL = ['archive', 'mail', 'hook', 'chat'];

let number = 0;
let name = '';
let path = '';
beforeEach(async () => {
  name = `schedule-${++number}`;
  path = join(folder, name);
  mails.length = 0;
  hook.received.length = 0;
  chat.received.length = 0;
  hook.answer = (_, response) => void response.end('ok');
  chat.answer = hook.answer;
  refusing = () => false;
});

/** A schedule whose documents of one day are stored, and a sender that is told of nothing else. */
async function stored(more: Parameters<typeof schedule>[1] = {}, owners: readonly string[] = []) {
  const time = { now: Date.parse('2026-10-20T12:00:00Z') };
  const press = testPress();
  press.owners = owners;
  const one = schedule(name, { account: name, channels: ALL, isPerOwner: owners.length > 0, ...more });
  const scheduler = new Scheduler({ store, press, schedules: [one], now: () => time.now });
  await scheduler.step();
  time.now += DAY_MS;
  await scheduler.step();
  const errors: unknown[] = [];
  const open = () =>
    new ReportSender({
      ...{ store, press, channels: channelsOf(path), now: () => time.now, random: () => 0 },
      ...{ baseUrl: 'https://audit.example', onError: (error: unknown) => errors.push(error) },
    });
  const [document] = await storedDocuments(store, name);
  return { time, press, open, errors, document: JSON.parse(document?.document ?? '{}') as { summary: string } };
}

const idsOf = async (channel: string): Promise<string[]> => {
  const rows = await store.rows<{ document_id: string }>(
    'SELECT document_id FROM report_documents FINAL WHERE schedule = {name:String} ORDER BY owner',
    { parameters: { name } },
  );
  return rows.map(
    ({ document_id }) =>
      plannedMessages(document_id, ALL).find((planned) => planned.channel === channel)?.message ?? '',
  );
};

describe('a report that is stored', () => {
  test('is sent to each of its channels, once, in the form of the channel and under the key of the document', async () => {
    const { open, document } = await stored();
    const sender = open();
    expect(await sender.flush()).toBe(0);
    await sender.close();
    expect(await open().flush()).toBe(0);

    const [mail] = mails;
    expect(mails).toHaveLength(1);
    expect(mail?.to).toEqual(['audit@example.com']);
    expect(mail?.text).toContain(`Message-ID: <${(await idsOf('mail'))[0]}@example.com>`);
    expect(mail?.text).toContain('filename=test-kind-2026-10-20.html');
    expect(mail?.text).toContain('filename=test-kind-2026-10-20.csv');
    expect(mail?.text).toMatch(/Content-Type: text\/html/);
    expect(mail?.text.replaceAll('=\r\n', '')).toContain(`<p>${document.summary}`);

    expect(hook.received).toHaveLength(1);
    expect(hook.received[0]?.headers['webhook-id']).toBe((await idsOf('hook'))[0]);
    expect(JSON.parse(hook.received[0]?.body ?? '')).toMatchObject({
      ...{ type: 'keytrail.report', is_whole: true, report: { summary: document.summary } },
      files: [{ name: 'test-kind-2026-10-20.html' }, { name: 'test-kind-2026-10-20.csv' }],
    });

    expect(chat.received).toHaveLength(1);
    expect(chat.received[0]?.body).toContain(document.summary);
    expect(chat.received[0]?.body).toMatch(
      /<https:\/\/audit\.example\/api\/v1\/reports\/documents\/[0-9a-f]{32}\/html\|/,
    );

    const [kept = ''] = await readdir(path);
    expect(kept).toMatch(/^test-kind-2026-10-20-[0-9a-f]{12}$/);
    expect((await readdir(join(path, kept))).sort()).toEqual([
      ...['message.json', 'test-kind-2026-10-20.csv', 'test-kind-2026-10-20.html'],
    ]);
    expect(await readFile(join(path, kept, 'test-kind-2026-10-20.html'), 'utf8')).toContain(document.summary);
    expect((await deliveriesOf(store, name)).map(({ channel, result }) => [channel, result])).toEqual([
      ...[...ALL].sort().map((channel) => [channel, 'delivered']),
    ]);
  });

  test('is sent to the others when one channel refuses it, which is not asked again until a person wants it', async () => {
    const { open, time } = await stored();
    hook.answer = status(410);
    const sender = open();
    expect(await sender.flush()).toBe(0);
    expect([mails.length, chat.received.length, hook.received.length]).toEqual([1, 1, 1]);
    time.now += DAY_MS;
    expect(await sender.flush()).toBe(0);
    expect(hook.received).toHaveLength(1);
    const refused = (await deliveriesOf(store, name)).filter(({ channel }) => channel === 'hook');
    expect(refused).toMatchObject([{ result: 'given-up', attempt: 1 }]);

    hook.answer = (_, response) => void response.end('ok');
    expect(await resendReports(store, '', time.now)).toBe(1);
    expect(await sender.flush()).toBe(0);
    expect(hook.received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(2).fill((await idsOf('hook'))[0]));
    expect([mails.length, chat.received.length]).toEqual([1, 1]);
    await sender.close();
  });

  test('waits for a channel that is away, and is as it was when that comes back', async () => {
    const { open, time, document } = await stored();
    hook.answer = status(503);
    const sender = open();
    expect(await sender.flush()).toBe(1);
    expect(await sender.flush()).toBe(1);
    expect(hook.received).toHaveLength(1);
    hook.answer = (_, response) => void response.end('ok');
    time.now += DAY_MS;
    expect(await sender.flush()).toBe(0);
    await sender.close();
    expect(hook.received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(2).fill((await idsOf('hook'))[0]));
    expect(hook.received[1]?.body).toContain(document.summary);
  });

  test('that a person wants again is the same, under the same key, and no second folder', async () => {
    const { open, time } = await stored();
    const sender = open();
    await sender.flush();
    const [document = ''] = await store
      .rows<{ id: string }>('SELECT document_id AS id FROM report_documents WHERE schedule = {name:String}', {
        parameters: { name },
      })
      .then((rows) => rows.map(({ id }) => id));
    expect(await resendReports(store, document, time.now)).toBe(ALL.length);
    expect(await sender.flush()).toBe(0);
    await sender.close();
    expect(mails).toHaveLength(2);
    const bodyOf = ({ text }: Mail) => text.replaceAll(/--_NmP-[^\r\n]*|boundary="[^"]*"/g, '');
    expect(bodyOf(mails[1] as Mail)).toBe(bodyOf(mails[0] as Mail));
    expect(hook.received[1]?.body).toBe(hook.received[0]?.body);
    expect(await readdir(path)).toHaveLength(1);
  });

  test('of which a format cannot be written is sent without it, and says so', async () => {
    const { open } = await stored({ formats: ['pdf', 'html'] });
    const sender = open();
    expect(await sender.flush()).toBe(0);
    await sender.close();
    expect(mails[0]?.text).not.toContain('filename=test-kind-2026-10-20.pdf');
    expect(mails[0]?.text).toContain('there is no Chromium here');
    expect(chat.received[0]?.body).toContain('there is no Chromium here');
  });

  test('waits for whoever has no such channel any more', async () => {
    const { press, time } = await stored({ channels: ['gone'] });
    const sender = new ReportSender({
      ...{ store, press, channels: channelsOf(path), now: () => time.now, random: () => 0, onError: () => undefined },
    });
    expect(await sender.flush()).toBe(0);
    await sender.close();
    expect(await deliveriesOf(store, name)).toEqual([]);
  });
});

describe('reports for each owner', () => {
  test('go to the owner, and to nobody else; one who refuses keeps none of the others from theirs', async () => {
    refusing = (address) => address === 'anna@example.com';
    const { open } = await stored({ channels: ['mail', 'archive'] }, [
      ...['anna@example.com', 'bob@example.com', 'carl@example.com', 'nobody'],
    ]);
    const sender = open();
    expect(await sender.flush()).toBe(0);
    await sender.close();
    expect(mails.map(({ to }) => to).sort()).toEqual([['bob@example.com'], ['carl@example.com']]);
    for (const { text, to } of mails) expect(text).toContain(`of account ${name}, ${to[0]}`);
    const results = await deliveriesOf(store, name);
    expect(
      results
        .filter(({ channel }) => channel === 'mail')
        .map(({ result }) => result)
        .sort(),
    ).toEqual([...['delivered', 'delivered', 'given-up', 'given-up']]);
    // A folder for each of them, whoever else was not reached.
    expect(await readdir(path)).toHaveLength(4);
  });
});

describe('a directory', () => {
  test('holds a message whole or not at all: what a crash left is begun anew', async () => {
    const { open } = await stored({ channels: ['archive'] });
    const [message = ''] = await idsOf('archive');
    await mkdir(join(path, `.${message}.unfinished`), { recursive: true });
    await writeFile(join(path, `.${message}.unfinished`, 'test-kind-2026-10-20.html'), 'half of i');
    const sender = open();
    expect(await sender.flush()).toBe(0);
    await sender.close();
    const [kept = ''] = await readdir(path);
    expect(kept).not.toContain('unfinished');
    expect(await readFile(join(path, kept, 'test-kind-2026-10-20.html'), 'utf8')).toContain('<!doctype html>');
  });

  test('takes no name that leads out of it', async () => {
    const channel = directoryChannel('archive', path);
    const content = Buffer.from('x');
    const attachments = ['../../out.txt', '/etc/out', '..', '.hidden'].map((file) => ({
      name: file,
      type: '',
      content,
    }));
    const sent = await channel.send({ ...TEXT, folder: '../../else', attachments }, new AbortController().signal);
    expect(sent).toMatchObject({ kind: 'delivered' });
    expect(await readdir(path)).toEqual(['else']);
    expect((await readdir(join(path, 'else'))).sort()).toEqual([
      'etc-out',
      'file',
      'hidden',
      'message.json',
      'out.txt',
    ]);
  });

  test('that cannot be written to is tried again', async () => {
    await writeFile(path, 'a file in its place');
    const sent = await directoryChannel('archive', path).send(TEXT, new AbortController().signal);
    expect(sent).toMatchObject({ kind: 'retry' });
  });
});
