/** When reports are made and to whom they are sent: the section `reports` of keytrail.yaml. */
import { z } from 'zod';
import { channelName, mailbox } from './alerts.ts';
import { REPORT_FORMATS, REPORT_PERIODS } from './reports.ts';

const text = z.string().min(1).max(1_000);
const value = z.union([text, z.number(), z.boolean(), z.array(z.union([text, z.number()])).max(1_000)], {
  error: 'a text, a number, true, false, or a list of texts or numbers',
});
const oneOf = (values: readonly string[]) => `one of ${values.join(', ')}`;

const scheduleSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'up to 63 lower-case letters, digits and dashes'),
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'the kind of a report, such as key-usage'),
  at: z.string().min(1).max(200),
  zone: z.string().min(1).max(100).optional(),
  period: z.enum(REPORT_PERIODS, { error: oneOf(REPORT_PERIODS) }).optional(),
  parameters: z.record(z.string().max(100), value).optional(),
  account: text.optional(),
  per_owner: z.boolean().optional(),
  recipients: z.record(z.string().min(1).max(320), z.array(mailbox).min(1).max(50)).optional(),
  formats: z
    .array(z.enum(REPORT_FORMATS, { error: oneOf(REPORT_FORMATS) }))
    .min(1)
    .max(REPORT_FORMATS.length)
    .optional(),
  channels: z.array(channelName).min(1).max(20),
});

export const reportsSchema = z.strictObject({
  base_url: z
    .string()
    .regex(
      /^https?:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(\/[^\s?#@]*)?$/,
      'an address such as https://audit.example, without user, password or query',
    )
    .meta({ description: 'address by which people reach the daemon: what links to a report begin with' })
    .optional(),
  schedules: z
    .array(scheduleSchema)
    .max(1_000)
    .meta({
      description: 'which reports are made when, and where they are sent, each with a `name`; JSON in a variable',
    })
    .optional(),
});

export type ScheduleFile = z.infer<typeof scheduleSchema>;

export interface ReportsConfig {
  /** Without a slash at the end; absent: messages hold no link. */
  readonly baseUrl: string | undefined;
  readonly schedules: readonly ScheduleConfig[];
}

/** A schedule as it was given, and where: so that what is found out later can still name the line. */
export interface ScheduleConfig extends ScheduleFile {
  readonly place: string;
}
