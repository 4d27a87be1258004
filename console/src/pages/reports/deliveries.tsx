/** Reports that were to be sent and did not arrive: nothing is shown where there are none. */
import { at, PATHS } from '../../api/paths.ts';
import { useAction } from '../../api/use-action.ts';
import type { Query } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { refusal } from '../../components/refusal.tsx';
import { TroubleNote } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { plural } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';
import type { Delivery, DeliveryList } from './answers.ts';

export const RESULT_STATES: Readonly<Record<Delivery['result'], string>> = {
  planned: 'waiting',
  failed: 'bad',
  delivered: 'good',
  'given-up': 'bad',
  again: 'waiting',
};

export function Deliveries({ of }: { readonly of: Query<DeliveryList> }) {
  const why = refusal('operate');
  const { send, isBusy, trouble } = useAction<{ messages: number }>('');
  if (of.trouble !== undefined) return <TroubleNote trouble={of.trouble} onRetry={of.retry} />;
  const deliveries = of.data?.deliveries ?? [];
  if (deliveries.length === 0) return null;
  const again = async (document: string): Promise<void> => {
    const sent = await send({}, at(PATHS.report_resend, { document }));
    if (sent === undefined) return;
    toast(`${plural(sent.messages, 'message')} will be sent again`);
    of.retry();
  };
  return (
    <Panel
      title="Not delivered"
      more={<span class="muted">they are tried again by themselves, up to a limit</span>}
      isFlush
    >
      {trouble !== undefined && <TroubleNote trouble={trouble} />}
      <Table<Delivery>
        label="Reports that were not delivered"
        rows={deliveries}
        keyOf={({ document, channel, at: time }) => `${document} ${channel} ${time}`}
        columns={[
          {
            name: 'kind',
            title: 'report',
            cell: ({ document, kind, period }) => (
              <a href={linkTo(`/reports/${document}`)}>
                {kind}, {period}
              </a>
            ),
          },
          { name: 'schedule', title: 'schedule', cell: ({ schedule }) => <bdi>{schedule || '–'}</bdi> },
          { name: 'channel', title: 'to', cell: ({ channel }) => <bdi>{channel}</bdi> },
          {
            name: 'result',
            title: 'state',
            cell: ({ result, attempts }) => (
              <span class="state-word" data-state={RESULT_STATES[result]}>
                {result === 'given-up' ? 'given up' : result}{' '}
                <span class="muted">after {plural(attempts, 'try', 'tries')}</span>
              </span>
            ),
          },
          {
            name: 'at',
            title: 'last tried',
            cell: ({ at: time }) => <span title={formatTime(msOf(time))}>{formatAgo(msOf(time))}</span>,
          },
          { name: 'detail', title: 'why', isWrapped: true, cell: ({ detail }) => <bdi>{detail.slice(0, 400)}</bdi> },
          {
            name: 'again',
            title: <span class="unseen">what can be done</span>,
            sortBy: false,
            cell: ({ document, kind }) => (
              <Button
                kind="plain"
                label={`Send ${kind} again`}
                isDisabled={isBusy || why !== undefined}
                title={why ?? 'Send it to its channels once more'}
                onClick={() => void again(document)}
              >
                Send again
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  );
}
