/** Tokens: which count, and making or revoking one. */
import { useState } from 'preact/hooks';
import type { TokenList } from '../../../../schemas/api/tokens.ts';
import { at, PATHS } from '../../api/paths.ts';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Refusal, refusal } from '../../components/refusal.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Answer, Empty, Skeleton, TroubleNote } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { useKeys } from '../../state/keyboard.ts';
import { change, changed, value } from '../../state/location.ts';
import { plural } from '../../state/number.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';
import { NewTokenDialog } from './new-token-dialog.tsx';

type Token = TokenList['tokens'][number];

const STATES = { counts: 'good', expired: 'waiting', revoked: 'bad' } as const;

export function Tokens() {
  const why = refusal('operate', true);
  const answer = useQuery<TokenList>(why === undefined ? PATHS.tokens : undefined);
  const [revoked, setRevoked] = useState<Token | undefined>(undefined);
  const add = (): void => change({ do: 'add' });
  useKeys([{ keys: 'n', does: 'make a token', group: 'Access', run: add }]);
  return (
    <>
      {why === undefined ? (
        <Answer of={answer} skeleton={<Skeleton lines={8} height={20} />}>
          {({ tokens }) => <Listed of={tokens} onAdd={add} onRevoke={setRevoked} />}
        </Answer>
      ) : (
        <Refusal of={why} />
      )}
      {value('do') === 'add' && (
        <NewTokenDialog
          onClose={(isDone) => {
            change({ do: undefined });
            if (isDone) answer.retry();
          }}
        />
      )}
      {revoked !== undefined && (
        <RevokeDialog
          of={revoked}
          onClose={(isDone) => {
            setRevoked(undefined);
            if (isDone) answer.retry();
          }}
        />
      )}
    </>
  );
}

interface ListedProps {
  readonly of: readonly Token[];
  readonly onAdd: () => void;
  readonly onRevoke: (token: Token) => void;
}

function Listed({ of, onAdd, onRevoke }: ListedProps) {
  const counting = of.filter(({ state }) => state === 'counts');
  const endless = counting.filter(({ expires_at: expires }) => expires === null);
  const admins = counting.filter(({ role }) => role === 'admin');
  return (
    <div class="page">
      <Sentence>
        {plural(counting.length, 'token')} {counting.length === 1 ? 'counts' : 'count'}, {admins.length} of them may do
        everything
        {endless.length > 0 && (
          <>
            ; {endless.length} {endless.length === 1 ? 'never ends' : 'never end'}
          </>
        )}
        .
      </Sentence>
      <Panel
        title="Tokens"
        more={
          <>
            <span class="muted">of each only a digest is kept</span>
            <span class="push">
              <Button kind="main" title="Make a token (n)" onClick={onAdd}>
                New token …
              </Button>
            </span>
          </>
        }
        isFlush
      >
        <Table<Token>
          label="Tokens"
          rows={of.toReversed()}
          keyOf={({ id }) => id}
          empty={
            <Empty title="There is no token yet">
              <p class="muted">
                A token lets a person or a program ask; each should have its own, with a name and an end.
              </p>
            </Empty>
          }
          columns={[
            {
              name: 'name',
              title: 'name',
              cell: ({ name, is_own: isOwn }) => (
                <>
                  <a class="handle" href={changed({ tab: 'asked', token: name })} title="What was asked with it">
                    <bdi>{name}</bdi>
                  </a>
                  {isOwn && <span class="muted"> (yours)</span>}
                </>
              ),
            },
            { name: 'role', title: 'role' },
            {
              name: 'state',
              title: 'state',
              cell: ({ state }) => (
                <span class="state-word" data-state={STATES[state]}>
                  {state}
                </span>
              ),
            },
            {
              name: 'accounts',
              title: 'of accounts',
              isWrapped: true,
              sortBy: ({ accounts }) => accounts.join(' '),
              cell: ({ accounts }) =>
                accounts.length === 0
                  ? 'all'
                  : accounts.map((account, place) => (
                      <span key={account}>
                        {place > 0 && ', '}
                        <Handle field="account_id" value={account} />
                      </span>
                    )),
            },
            { name: 'source', title: 'pushes', cell: ({ source }) => source || '–' },
            { name: 'added_at', title: 'made', cell: ({ added_at: time }) => formatTime(msOf(time), 'minute') },
            {
              name: 'expires_at',
              title: 'ends',
              sortBy: ({ expires_at: time }) => time ?? '9',
              cell: ({ expires_at: time, revoked_at: revoked }) =>
                revoked !== null ? (
                  <span class="muted">revoked {formatTime(msOf(revoked), 'minute')}</span>
                ) : time === null ? (
                  'never'
                ) : (
                  <span title={formatTime(msOf(time))}>{formatAgo(msOf(time))}</span>
                ),
            },
            { name: 'id', title: 'id', cell: ({ id }) => <span class="mono small">{id}</span> },
            {
              name: 'revoke',
              title: <span class="unseen">what can be done</span>,
              sortBy: false,
              cell: (token) =>
                token.state === 'counts' && (
                  <Button kind="plain" label={`Revoke ${token.name}`} onClick={() => onRevoke(token)}>
                    Revoke
                  </Button>
                ),
            },
          ]}
        />
      </Panel>
    </div>
  );
}

function RevokeDialog({ of, onClose }: { readonly of: Token; readonly onClose: (isDone: boolean) => void }) {
  const { send, isBusy, trouble } = useAction<{ id: string }>(at(PATHS.token_revoke, { id: of.id }));
  const revoke = async (): Promise<void> => {
    if ((await send({})) === undefined) return;
    toast(`${of.name} counts no more`);
    onClose(true);
  };
  return (
    <Dialog title="Revoke a token?" onClose={() => onClose(false)}>
      <p>
        <b>
          <bdi>{of.name}</bdi>
        </b>{' '}
        ({of.role}) counts no more within a second, and the sessions that began with it end. It cannot be brought back;
        a new one can be made.
      </p>
      {of.is_own && (
        <p class="note">
          <strong>It is the token that you are signed in with.</strong> You will be signed out.
        </p>
      )}
      {trouble !== undefined && <TroubleNote trouble={trouble} />}
      <div class="row">
        <Button kind="danger" isDisabled={isBusy} onClick={() => void revoke()}>
          {isBusy ? 'Revoking …' : 'Revoke it'}
        </Button>
        <Button onClick={() => onClose(false)}>Cancel</Button>
      </div>
    </Dialog>
  );
}
