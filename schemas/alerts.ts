/** Where alerts are sent: the section `alerts` of keytrail.yaml. Secrets of channels come from variables or files. */
import { z } from 'zod';
import { SEVERITIES } from './detections.ts';

export const CHANNEL_TYPES = [
  'stdout',
  'file',
  'directory',
  'webhook',
  'slack',
  'pagerduty',
  'email',
  'kafka',
] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

const httpUrl = z
  .string()
  .regex(
    /^https?:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(\/[^\s?#@]*)?$/,
    'an address such as https://hooks.example/keytrail, without user, password or query',
  );
const path = z
  .string()
  .min(1)
  .max(4_096)
  .regex(/^(?!-----BEGIN)[^\n\0]+$/, 'a path to a file');
const host = z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{1,253})$/, 'a host such as smtp.example');
export const mailbox = z
  .string()
  .max(320)
  .regex(/^[^\s@<>"',;:\\]+@[A-Za-z0-9.-]+$/, 'an address such as oncall@example.com');
const text = z.string().min(1).max(1_000);
const topicName = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'the name of a topic');
/** No underscore: the name in capitals, with underscores for dashes, is part of the names of variables. */
export const channelName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'up to 31 lower-case letters, digits and dashes');

export const SMTP_TLS = ['starttls', 'implicit', 'none'] as const;

const channel = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('stdout') }),
    z.strictObject({ type: z.literal('file'), path }),
    z.strictObject({ type: z.literal('directory'), path }),
    z.strictObject({ type: z.literal('webhook'), url: httpUrl.optional(), ca_file: path.optional() }),
    z.strictObject({ type: z.literal('slack'), ca_file: path.optional() }),
    z.strictObject({ type: z.literal('pagerduty'), url: httpUrl.optional(), ca_file: path.optional() }),
    z.strictObject({
      type: z.literal('email'),
      host,
      port: z.int().min(1).max(65_535).optional(),
      tls: z.enum(SMTP_TLS).optional(),
      ca_file: path.optional(),
      username: text.optional(),
      from: mailbox,
      to: z.array(mailbox).min(1).max(50),
    }),
    z.strictObject({ type: z.literal('kafka'), topic: topicName }),
  ],
  { error: `a channel whose type is one of ${CHANNEL_TYPES.join(', ')}` },
);

const severity = z.enum(SEVERITIES, { error: `one of ${SEVERITIES.join(', ')}` });
const values = z.array(text).min(1).max(1_000);

const route = z.strictObject({
  severity_min: severity.optional(),
  rules: values.optional(),
  apps: values.optional(),
  accounts: values.optional(),
  channels: z.array(channelName).max(100),
  digest: z.strictObject({ every_minutes: z.int().min(1).max(10_080) }).optional(),
  continue: z.boolean().optional(),
});

const cidr = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: 'a network such as 10.0.0.0/8 or 2001:db8::/32, or one address',
});

export const alertsSchema = z.strictObject({
  channels: z
    .record(channelName, channel)
    .meta({ description: 'channels by name, each with its `type`; as JSON in a variable' })
    .optional(),
  routes: z
    .array(route)
    .max(1_000)
    .meta({
      description: 'which alerts go where, the first that fits; absent: all to every channel; JSON in a variable',
    })
    .optional(),
  heartbeat: z
    .strictObject({
      url: httpUrl
        .meta({ description: "address that is told while detections look, for a dead man's switch" })
        .optional(),
      every_ms: z.int().min(1_000).max(86_400_000).meta({ description: 'time between two beats' }).optional(),
    })
    .optional(),
  allow_private_addresses: z
    .boolean()
    .meta({ description: 'whether webhooks may go to private, loopback and other addresses that are not public' })
    .optional(),
  allow_targets: z
    .array(cidr)
    .max(1_000)
    .meta({ description: 'networks that webhooks may go to although they are not public' })
    .optional(),
});

export type ChannelFile = z.infer<typeof channel>;
export type RouteFile = z.infer<typeof route>;
