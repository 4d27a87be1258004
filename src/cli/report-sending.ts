/** Sending of reports as the configuration asks for it: through the channels of alerts. */
import type { Sent } from '../deliver/channel.ts';
import { openChannels } from '../deliver/open-channels.ts';
import { pauseAt } from '../pipeline/pause-points.ts';
import type { Press } from '../report/maker.ts';
import { ReportSender } from '../report/sender.ts';
import type { Store } from '../store/store.ts';
import { channelOptions } from './alert-delivery.ts';
import type { CliContext } from './context.ts';

/** @param onAttempt told of each attempt to deliver, for figures */
export async function openReportSender(
  store: Store,
  press: Press,
  context: CliContext,
  onAttempt?: (channel: string, result: Sent['kind']) => void,
): Promise<ReportSender> {
  const { reports } = await context.config();
  const logger = await context.logger();
  return new ReportSender({
    ...{ store, press, baseUrl: reports.baseUrl, now: context.now, random: Math.random },
    channels: await openChannels(await channelOptions(context)),
    onError: (error) => logger.error({ err: error }, 'a report could not be sent; it is tried again'),
    onAttempt: (channel, { document_id }, { kind, detail }) => {
      onAttempt?.(channel, kind);
      if (kind === 'delivered') return;
      logger.warn({ channel, document: document_id.slice(0, 12), kind, detail }, 'a report was not delivered');
    },
    checkpoint: reportCheckpoint(context, logger),
  });
}

export function reportCheckpoint({ env }: CliContext, logger: { fatal(facts: object, message: string): void }) {
  return pauseAt(env.KEYTRAIL_PAUSE_AT, (point) => logger.fatal({ point }, 'paused'));
}
