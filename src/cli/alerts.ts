/** `keytrail alerts`: what was sent of findings and to where, sending it again, and trying a channel out. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SEVERITIES } from '../../schemas/detections.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import type { Intent } from '../core/alerts/decide.ts';
import { messageId } from '../core/alerts/message.ts';
import { testMessage } from '../core/alerts/test-message.ts';
import { EXIT, UsageError } from '../core/errors.ts';
import { ALERT_SEND_MS_MAX } from '../core/limits.ts';
import { openChannel } from '../deliver/open-channels.ts';
import { sendAgain } from '../deliver/outbox.ts';
import { findingOf, type ShownFinding } from '../findings/actions.ts';
import { ifUnlocked, LEASE } from '../store/lock.ts';
import { channelOptions, openDelivery } from './alert-delivery.ts';
import { type CliContext, exitWith } from './context.ts';
import { knownDetections } from './detections.ts';
import { several } from './option-values.ts';
import { answerStatement } from './statement-answer.ts';

const FORMAT_HELP = `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`;

interface RetryFlags {
  readonly all?: boolean;
  readonly queries: readonly string[];
}

export function defineAlerts(program: Command, context: CliContext): void {
  const alerts = program.command('alerts').description('what was sent of findings, and to where');
  alerts
    .command('list')
    .description('messages, the latest first')
    .option('--undelivered', 'only those that were not delivered')
    .option('--format <format>', FORMAT_HELP)
    .action(({ undelivered = false, format }: { undelivered?: boolean; format?: string }) =>
      answerStatement(context, 'alerts-list', format === undefined ? {} : { format }, () => ({ undelivered })),
    );
  alerts
    .command('retry')
    .description('send messages once more')
    .argument('[id]', 'id of a message or of a finding, or the beginning of it')
    .option('--all', 'all that were given up')
    .option('--queries <dir>', 'a folder with detections of your own; again for another', several, [])
    .action((id: string | undefined, flags: RetryFlags) => retry(id, flags, context));
  alerts
    .command('test')
    .description('send a message that says it is a test, and tell what came back')
    .argument('<channel>', 'name of a channel')
    .action((name: string) => tryOut(name, context));
}

async function retry(id: string | undefined, flags: RetryFlags, context: CliContext): Promise<void> {
  if ((id === undefined) === (flags.all !== true) || id === '') {
    throw new UsageError('ALERTS_UNNAMED', 'which messages shall be sent again is not said', {
      got: id === undefined ? 'none' : 'an id and --all',
      expected: 'the id of a message, or --all',
      next: 'keytrail alerts list --undelivered',
    });
  }
  const known = await knownDetections(flags, context);
  const opened = await context.open();
  try {
    const { store } = opened;
    const delivery = await openDelivery(store, known, context);
    try {
      const again = await sendAgain(store, id ?? '', context.now());
      const asked = again > 0 || id === undefined ? again : await delivery.ask(intentOf(await findingOf(store, id)));
      let left = 0;
      // Where another process delivers, it sees what is asked for and sends it.
      const isMine = await ifUnlocked(store, LEASE, async () => {
        left = await delivery.flush();
      });
      context.stdout.write(`${asked} to be sent again, ${isMine ? `${left} left` : 'by the process that delivers'}\n`);
      if (left > 0) exitWith(EXIT.failed);
    } finally {
      await delivery.close();
    }
  } finally {
    await opened.close();
  }
}

/** Of a finding that is asked for by its own id, nothing but where it goes is looked at. */
function intentOf({ fingerprint, rule, severity, entity, facts, backfill }: ShownFinding): Intent {
  const { app } = z.looseObject({ app: z.string().optional().catch(undefined) }).parse(JSON.parse(facts));
  return {
    ...{ fingerprint, rule, backfill, app: app ?? '', accountId: entity.account_id ?? '' },
    severity: z.enum(SEVERITIES).parse(severity),
    ...{ occasion: 'opened', occasionAt: 0, happenedAt: 0, told: [] },
  };
}

async function tryOut(name: string, context: CliContext): Promise<void> {
  const { alerts } = await context.config();
  const settings = alerts.channels.find((one) => one.name === name);
  if (settings === undefined) {
    const names = alerts.channels.map((one) => one.name).join(', ');
    const explanation = { got: name, expected: names === '' ? 'none is configured' : names };
    throw new UsageError('CHANNEL_UNKNOWN', `there is no channel ${name}`, explanation);
  }
  const channel = await openChannel(settings, await channelOptions(context));
  try {
    const now = context.now();
    const message = testMessage(messageId('test', name, now), now);
    const { kind, detail } = await channel.send(message, AbortSignal.timeout(ALERT_SEND_MS_MAX));
    context.stderr.write(`${name}: ${kind}: ${detail}\n`);
    if (kind !== 'delivered') exitWith(EXIT.failed);
  } finally {
    await channel.close();
  }
}
