import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { unknownVariables } from '../../src/config/variables.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keytrail-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(yaml: string, env: Record<string, string> = {}) {
  await writeFile(join(folder, 'keytrail.yaml'), yaml);
  return (await loadConfig({ env, cwd: folder })).alerts;
}

const ALL = `
kafka: {brokers: [kafka.example:9092]}
alerts:
  channels:
    out: {type: stdout}
    log: {type: file, path: alerts.ndjson}
    hook-1: {type: webhook, url: https://hooks.example/keytrail}
    chat: {type: slack}
    oncall: {type: pagerduty}
    mail: {type: email, host: smtp.example, username: k, from: k@example.com, to: [a@example.com], ca_file: ca.pem}
    topic: {type: kafka, topic: alerts}
  routes:
    - {severity_min: high, channels: [oncall, chat], continue: true}
    - {rules: [dormant-key-used], apps: [shop], accounts: ["1"], channels: [mail], digest: {every_minutes: 60}}
`;

test('every kind of channel is read, its paths from the file and its secrets from variables', async () => {
  const env = {
    KEYTRAIL_ALERTS_HOOK_1_SECRET: 'whsec_x',
    KEYTRAIL_ALERTS_CHAT_URL: 'https://hooks.slack.example/x',
    KEYTRAIL_ALERTS_ONCALL_ROUTING_KEY: 'r',
    KEYTRAIL_ALERTS_MAIL_PASSWORD: 'p',
  };
  const { channels, routes } = await load(ALL, env);
  expect(channels.map(({ name, secrets }) => [name, Object.keys(secrets)])).toEqual([
    ['out', []],
    ['log', []],
    ['hook-1', ['secret']],
    ['chat', ['url']],
    ['oncall', ['routing_key']],
    ['mail', ['password']],
    ['topic', []],
  ]);
  expect(channels[1]?.settings).toMatchObject({ path: join(folder, 'alerts.ndjson') });
  expect(channels[5]?.settings).toMatchObject({ ca_file: join(folder, 'ca.pem') });
  expect(routes).toHaveLength(2);
  expect(JSON.stringify(channels)).not.toContain('whsec_x');
  expect(unknownVariables({ ...env, KEYTRAIL_ALERTS_CHAT_TOKEN: 'x' })).toEqual(['KEYTRAIL_ALERTS_CHAT_TOKEN']);
});

test('the example of docs/alerts.md loads', async () => {
  const guide = await readFile(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  expect((await load(example)).channels.map(({ settings }) => settings.type).sort()).toEqual([
    ...['email', 'file', 'kafka', 'pagerduty', 'slack', 'webhook'],
  ]);
});

test('channels and routes of a variable replace those of the file', async () => {
  const env = { KEYTRAIL_ALERTS_CHANNELS: '{"only": {"type": "stdout"}}', KEYTRAIL_ALERTS_ROUTES: '[]' };
  const { channels, routes } = await load(ALL, env);
  expect([channels.map(({ name }) => name), routes]).toEqual([['only'], []]);
});

describe('refused, with its place', () => {
  const channel = (settings: string) => `alerts: {channels: {c: ${settings}}}\n`;
  test.each([
    ['a type that is none', channel('{type: pigeon}'), 'alerts.channels.c'],
    ['a field of another type', channel('{type: stdout, path: x}'), 'alerts.channels.c.path'],
    ['an address that holds a user', channel('{type: webhook, url: "https://a:b@c/"}'), 'alerts.channels.c.url'],
    ['an address that anyone can read', channel('{type: webhook, url: "http://c/"}'), 'alerts.channels.c.url'],
    ['a mailbox with a line break', channel('{type: email, host: h, from: "a@b\\nc", to: [a@b]}'), 'from'],
    [
      'a password without TLS',
      channel('{type: email, host: h, tls: none, username: u, from: a@b, to: [a@b]}'),
      'c would',
    ],
    ['a topic without brokers', channel('{type: kafka, topic: t}'), 'alerts.channels.c'],
    ['a name that no variable can hold', 'alerts: {channels: {C_1: {type: stdout}}}', 'alerts.channels'],
    ['a route to nowhere', 'alerts: {routes: [{channels: [c]}]}', 'alerts.routes[0]'],
    ['a severity that is none', 'alerts: {routes: [{severity_min: huge, channels: []}]}', 'severity_min'],
    ['digests without a pause', 'alerts: {routes: [{channels: [], digest: {every_minutes: 0}}]}', 'every_minutes'],
    [
      'digests once in eight days',
      'alerts: {routes: [{channels: [], digest: {every_minutes: 10081}}]}',
      'every_minutes',
    ],
    ['a target that is no network', 'alerts: {allow_targets: [10.0.0.0/33]}', 'alerts.allow_targets[0]'],
  ])('%s', async (_, yaml, place) => {
    await expect(load(yaml)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(place) });
  });

  test('a secret in the file', async () => {
    const yaml = channel('{type: webhook, url: "https://c/", secret: whsec_x}');
    await expect(load(yaml)).rejects.toMatchObject({ code: 'CONFIG_SECRET_IN_FILE' });
  });
});
