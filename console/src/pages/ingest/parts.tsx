/** The parts of the daemon: which run, and why one does not. */
import { useState } from 'preact/hooks';
import type { PartsDocument } from '../../../../schemas/api/operations.ts';
import { at, PATHS } from '../../api/paths.ts';
import { useAction } from '../../api/use-action.ts';
import type { Query } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Panel } from '../../components/panel.tsx';
import { Refusal, refusal } from '../../components/refusal.tsx';
import { Answer, Skeleton, TroubleNote } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Instant } from './streams.tsx';

type Part = PartsDocument['parts'][number];

export function Parts({ of, isHeld }: { readonly of: Query<PartsDocument>; readonly isHeld: boolean }) {
  const [restarted, setRestarted] = useState<string | undefined>(undefined);
  if (isHeld) return <Refusal of="The parts of the daemon belong to no account, and your token is limited to some." />;
  return (
    <Panel title="Parts of the daemon" more={<span class="muted">in the order in which they start</span>} isFlush>
      <Answer of={of} skeleton={<Skeleton lines={6} height={20} />}>
        {({ parts }) => (
          <Table<Part>
            label="Parts of the daemon"
            rows={parts}
            keyOf={({ name }) => name}
            columns={[
              { name: 'name', title: 'part' },
              { name: 'status', title: 'state', cell: (part) => <Status of={part} /> },
              { name: 'since', title: 'since', cell: ({ since }) => <Instant of={since} isAgo /> },
              { name: 'restarts', title: 'began again', isNumber: true },
              {
                name: 'failure',
                title: 'last failure',
                isWrapped: true,
                cell: ({ failure, retry_at: retryAt }) => (
                  <>
                    <bdi>{failure ?? '–'}</bdi>
                    {retryAt !== null && (
                      <span class="muted">
                        {' '}
                        tried again <Instant of={retryAt} isAgo />
                      </span>
                    )}
                  </>
                ),
              },
              {
                name: 'restart',
                title: <span class="unseen">what can be done</span>,
                sortBy: false,
                cell: ({ name, status }) =>
                  status === 'running' && (
                    <Button kind="plain" label={`Restart ${name}`} onClick={() => setRestarted(name)}>
                      Restart
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Answer>
      {restarted !== undefined && (
        <RestartDialog
          part={restarted}
          onClose={(isDone) => {
            setRestarted(undefined);
            if (isDone) of.retry();
          }}
        />
      )}
    </Panel>
  );
}

function Status({ of: { status, mode } }: { readonly of: Part }) {
  const state = status === 'running' ? 'good' : status === 'waiting' || status === 'stopped' ? 'bad' : 'waiting';
  return (
    <span class="state-word" data-state={state}>
      {status}
      {mode === 'standby' && <span class="muted">, another process does its work</span>}
    </span>
  );
}

function RestartDialog({ part, onClose }: { readonly part: string; readonly onClose: (isDone: boolean) => void }) {
  const { send, isBusy, trouble } = useAction<{ restarting: string }>(at(PATHS.part_restart, { part }));
  const why = refusal('operate', true);
  const restart = async (): Promise<void> => {
    if ((await send({})) === undefined) return;
    toast(`${part} begins again`);
    onClose(true);
  };
  return (
    <Dialog title={`Restart ${part}?`} onClose={() => onClose(false)}>
      <p>It ends in order, and begins again. What it has not acknowledged is brought again; nothing is lost.</p>
      {why !== undefined && <Refusal of={why} />}
      {trouble !== undefined && <TroubleNote trouble={trouble} />}
      <div class="row">
        {why === undefined && (
          <Button kind="main" isDisabled={isBusy} onClick={() => void restart()}>
            {isBusy ? 'Restarting …' : 'Restart'}
          </Button>
        )}
        <Button onClick={() => onClose(false)}>Cancel</Button>
      </div>
    </Dialog>
  );
}
