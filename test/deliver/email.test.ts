import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/alerts/message.ts';
import { testMessage } from '../../src/core/alerts/test-message.ts';
import { type EmailOptions, emailChannel } from '../../src/deliver/email.ts';
import { temporaryDirectory } from '../support/store.ts';
import { hasKeytool, makeCertificate } from '../support/tls.ts';
import { NOW } from './support.ts';

interface Mail {
  readonly text: string;
  readonly to: readonly string[];
  readonly user: string;
  readonly secure: boolean;
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing.splice(0)) close();
});

async function server(options: SMTPServerOptions = {}) {
  const mails: Mail[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onData: (stream, session, done) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      stream.once('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ text, to, user: String(session.user ?? ''), secure: session.secure });
        done();
      });
    },
    ...options,
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => void smtp.close(() => undefined));
  return { mails, port: (smtp.server.address() as AddressInfo).port };
}

const MESSAGE = testMessage('0123456789abcdef0123456789abcdef', NOW);
/** Longer than any mail takes, also on a busy machine. */
const LONG_MS = 600_000;
const send = (options: Partial<EmailOptions> & { port: number }, message: Message = MESSAGE, ms = LONG_MS) =>
  emailChannel({
    ...{
      name: 'mail',
      host: '127.0.0.1',
      tls: 'none',
      from: 'keytrail@example.com',
      to: ['a@example.com', 'b@example.com'],
    },
    ...options,
  }).send(message, AbortSignal.timeout(ms));

describe('a mail', () => {
  it('goes to everybody, as text and HTML, and a second copy has the same Message-ID', async () => {
    const { mails, port } = await server();
    expect(await send({ port })).toMatchObject({ kind: 'delivered' });
    expect(await send({ port })).toMatchObject({ kind: 'delivered' });
    expect(mails.map(({ to }) => to)).toEqual(Array(2).fill(['a@example.com', 'b@example.com']));
    for (const { text } of mails) {
      expect(text).toContain(`Message-ID: <${MESSAGE.id}@example.com>`);
      expect(text).toContain('Content-Type: text/plain');
      expect(text).toContain('Content-Type: text/html');
    }
  });

  it('carries a document, and its own HTML', async () => {
    const { mails, port } = await server();
    const attachments = [{ name: 'report.csv', type: 'text/csv', content: Buffer.from('a,b\n') }];
    await send({ port }, { ...MESSAGE, html: '<p>of its own</p>', attachments });
    expect(mails[0]?.text).toContain('filename=report.csv');
    expect(mails[0]?.text).toContain('<p>of its own</p>');
  });

  it('has a subject of one line and no further header, whatever a title holds', async () => {
    const { mails, port } = await server();
    const title = 'a\r\nBcc: evil@example.com\r\n\r\nbody \u202e\u001b[31m';
    await send({ port }, { ...MESSAGE, title });
    const [head = ''] = (mails[0]?.text ?? '').split('\r\n\r\n');
    expect(head).not.toMatch(/^Bcc:/im);
    expect(head.match(/^Subject:/gim)).toHaveLength(1);
    expect(mails[0]?.to).toHaveLength(2);
  });

  it('that is refused for good is refused, and for now is tried again', async () => {
    const refusing = (responseCode: number): SMTPServerOptions => ({
      onRcptTo: (_, __, done) => done(Object.assign(new Error('no'), { responseCode })),
    });
    expect(await send({ port: (await server(refusing(550))).port })).toMatchObject({ kind: 'refused' });
    expect(await send({ port: (await server(refusing(451))).port })).toMatchObject({ kind: 'retry' });
  });

  it('of which one reader is unknown is delivered, and says so', async () => {
    const { port } = await server({
      onRcptTo: ({ address }, _, done) =>
        done(address.startsWith('b') ? Object.assign(new Error('unknown'), { responseCode: 550 }) : null),
    });
    const sent = await send({ port });
    expect([sent.kind, sent.detail]).toEqual(['delivered', expect.stringContaining('b@example.com')]);
  });

  it('to a server that says nothing ends when its time is over', async () => {
    const silent = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    closing.push(() => void silent.close());
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    expect(await send({ port }, MESSAGE, 300)).toEqual({ kind: 'retry', detail: 'no answer in time' });
  });

  it('to where nobody listens is tried again', async () => {
    expect(await send({ port: 9 })).toMatchObject({ kind: 'retry' });
  });
});

describe('the server', () => {
  it('that does not speak TLS gets neither password nor mail', async () => {
    const { mails, port } = await server({ disabledCommands: ['STARTTLS'] });
    const login = { user: 'k', pass: 'secret' };
    expect(await send({ port, tls: 'starttls', login })).toMatchObject({ kind: 'retry' });
    expect(mails).toEqual([]);
  });
});

describe.runIf(await hasKeytool())('TLS', () => {
  async function secured(options: SMTPServerOptions = {}) {
    const made = await makeCertificate(await temporaryDirectory());
    const pfx = { pfx: await readFile(made.keystore), passphrase: made.password } as SMTPServerOptions;
    const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _, done) =>
      password === 'right'
        ? done(null, { user: username ?? '' })
        : done(Object.assign(new Error('535'), { responseCode: 535 }));
    const running = await server({ ...pfx, onAuth, authOptional: false, ...options });
    return { ...running, ca: Buffer.from(made.certificate) };
  }

  it.each(['starttls', 'implicit'] as const)('a mail goes over %s, with the login', async (tls) => {
    const { mails, port, ca } = await secured({ secure: tls === 'implicit' });
    expect(await send({ port, tls, ca, login: { user: 'k', pass: 'right' } })).toMatchObject({ kind: 'delivered' });
    expect(mails).toMatchObject([{ user: 'k', secure: true }]);
  });

  it('a wrong password is refused, and a certificate that is not trusted gets nothing', async () => {
    const { mails, port, ca } = await secured();
    const login = { user: 'k', pass: 'wrong' };
    expect(await send({ port, tls: 'starttls', ca, login })).toMatchObject({ kind: 'refused' });
    const sent = await send({ port, tls: 'starttls', login: { user: 'k', pass: 'right' } });
    expect(sent).toMatchObject({ kind: 'retry', detail: expect.stringMatching(/certificate/) });
    expect(mails).toEqual([]);
  });
});
