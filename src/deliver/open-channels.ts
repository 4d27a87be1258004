/** Channels as the configuration names them. */
import { readFile } from 'node:fs/promises';
import type { AlertsConfig, ChannelConfig } from '../../schemas/config.ts';
import { requireSecret } from '../config/load.ts';
import { webhookKey } from '../core/alerts/webhook-signature.ts';
import { UsageError } from '../core/errors.ts';
import type { Channel } from './channel.ts';
import { directoryChannel } from './directory.ts';
import { emailChannel } from './email.ts';
import { pagerdutyChannel, slackChannel, webhookChannel } from './http-channels.ts';
import { fileChannel, stdoutChannel, type Topic, topicChannel } from './line-channels.ts';

export interface ChannelOptions {
  readonly alerts: AlertsConfig;
  readonly stdout: NodeJS.WritableStream;
  readonly now: () => number;
  /** Opens a topic of the brokers that the configuration names. */
  readonly openTopic: (topic: string) => Promise<Topic>;
}

const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue';
const SMTP_PORTS = { starttls: 587, implicit: 465, none: 25 } as const;

/** @throws UserError CONFIG_SECRET_MISSING, CONFIG_INVALID, CONFIG_SECRET_UNREADABLE */
export async function openChannels(options: ChannelOptions): Promise<Channel[]> {
  return Promise.all(options.alerts.channels.map((channel) => openChannel(channel, options)));
}

export async function openChannel(channel: ChannelConfig, options: ChannelOptions): Promise<Channel> {
  const { name, settings } = channel;
  switch (settings.type) {
    case 'stdout':
      return stdoutChannel(name, options.stdout);
    case 'file':
      return fileChannel(name, settings.path);
    case 'directory':
      return directoryChannel(name, settings.path);
    case 'webhook':
      return webhookChannel({ ...(await httpOf(channel, options, settings.url)), key: keyOf(channel) });
    case 'slack':
      return slackChannel(await httpOf(channel, options, undefined));
    case 'pagerduty': {
      const routingKey = secretOf(channel, 'routing_key');
      return pagerdutyChannel({ ...(await httpOf(channel, options, settings.url ?? PAGERDUTY)), routingKey });
    }
    case 'email': {
      const { host, tls = 'starttls', port = SMTP_PORTS[tls], username, from, to, ca_file } = settings;
      const login = username === undefined ? {} : { login: { user: username, pass: secretOf(channel, 'password') } };
      return emailChannel({ ...{ name, host, port, tls, from, to }, ...login, ...(await caOf(ca_file)) });
    }
    case 'kafka':
      return topicChannel(name, () => options.openTopic(settings.topic));
  }
}

async function httpOf({ name, settings, secrets }: ChannelConfig, options: ChannelOptions, known: string | undefined) {
  const { alerts, now } = options;
  const given = secrets.url?.reveal() ?? known;
  const url = addressOf({ name, settings, secrets }, given);
  const rules = { allowPrivate: alerts.allowPrivateAddresses, allowed: alerts.allowTargets };
  return { ...{ name, url, rules, now }, ...(await caOf('ca_file' in settings ? settings.ca_file : undefined)) };
}

function addressOf(channel: ChannelConfig, text: string | undefined): URL {
  const address = text ?? secretOf(channel, 'url');
  if (/^https?:/.test(address) && URL.canParse(address)) return new URL(address);
  throw new UsageError('CONFIG_INVALID', `the address of the channel ${channel.name} is none`, {
    got: 'another text (not shown)',
    expected: 'https://host/path',
    next: 'correct it where it comes from',
  });
}

async function caOf(file: string | undefined): Promise<{ ca?: Buffer }> {
  if (file === undefined) return {};
  try {
    return { ca: await readFile(file) };
  } catch (cause) {
    const explanation = { got: file, expected: 'certificates in PEM', next: 'correct ca_file, or allow reading it' };
    throw new UsageError('CONFIG_INVALID', 'a file with certificates cannot be read', explanation, { cause });
  }
}

const secretOf = ({ name, secrets }: ChannelConfig, secret: string): string =>
  requireSecret(secrets[secret], `alerts.${name}.${secret}`).reveal();

function keyOf(channel: ChannelConfig): Buffer {
  const key = webhookKey(secretOf(channel, 'secret'));
  if (key !== undefined) return key;
  throw new UsageError('CONFIG_INVALID', `the key of the channel ${channel.name} signs nothing`, {
    got: 'another text (not shown)',
    expected: 'whsec_ and 24 to 64 bytes in base64',
    next: 'make one: echo "whsec_$(openssl rand -base64 32)"',
  });
}
