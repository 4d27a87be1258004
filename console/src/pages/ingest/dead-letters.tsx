/** What was refused, and why: found, read whole, and replayed. */
import { useState } from 'preact/hooks';
import { REJECTION_REASONS } from '../../../../schemas/rejection.ts';
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button, Choices } from '../../components/button.tsx';
import { CheckField } from '../../components/check-field.tsx';
import { SelectField } from '../../components/fields.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useChosen } from '../../components/use-chosen.ts';
import { useRowKeys } from '../../components/use-row-keys.ts';
import { useKeys } from '../../state/keyboard.ts';
import { change, changed, value } from '../../state/location.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { type Letter, nameOf } from './letter.ts';
import { LetterDrawer } from './letter-drawer.tsx';
import { wordsOf } from './reasons.ts';
import { ReplayDialog } from './replay-dialog.tsx';
import { Instant } from './streams.tsx';

const ROWS = 1_000;
const STATES = [
  { word: 'all', shown: 'All' },
  { word: 'open', shown: 'Open' },
  { word: 'replayed', shown: 'Replayed' },
] as const;

export function DeadLetters({ onChanged }: { readonly onChanged: () => void }) {
  const state = STATES.find(({ word }) => word === value('state'))?.word ?? 'all';
  const reason = value('reason');
  const answer = useQuery<Rows<Letter>>(PATHS.dead_letters, {
    ...{ limit: ROWS, state: state === 'all' ? undefined : state, reason: reason === '' ? undefined : reason },
  });
  const chosen = useChosen<Letter>(nameOf);
  const [turn, setTurn] = useState(0);
  const [replayed, setReplayed] = useState<readonly Letter[] | undefined>(undefined);
  const letters = answer.data?.rows ?? [];
  const opened = value('open');
  const selected = useRowKeys(letters.length, {
    group: 'Dead letters',
    open: (at) => change({ open: letters[at] === undefined ? undefined : nameOf(letters[at]) }),
  });
  const choose = (letter: Letter | undefined): void => {
    if (letter?.state === 'open') chosen.turn(letter);
  };
  // What is chosen; else all that is shown: then a filter is a choice as well.
  const meant = chosen.rows.length > 0 ? chosen.rows : letters.filter((letter) => letter.state === 'open');
  const begin = (): void => setReplayed(meant.length > 0 ? meant : undefined);
  useKeys([
    { keys: 's', does: 'choose, or leave out', group: 'Dead letters', run: () => choose(letters[selected]) },
    { keys: 'p', does: 'replay what is chosen', group: 'Dead letters', run: begin },
  ]);
  return (
    <div class="beside" data-has-drawer={opened !== ''}>
      <Panel
        title="Dead letters"
        more={
          <>
            <span class="muted">of all time, the latest first</span>
            <span class="push row">
              {chosen.rows.length > 0 && (
                <Button kind="plain" onClick={chosen.clear}>
                  {formatNumber(chosen.rows.length)} chosen ✕
                </Button>
              )}
              <Button
                kind="main"
                title="Replay what is chosen; else all open ones that are shown (p)"
                isDisabled={meant.length === 0}
                onClick={begin}
              >
                Replay {meant.length === 0 ? '' : formatNumber(meant.length)} …
              </Button>
            </span>
          </>
        }
        isFlush
      >
        <div class="filters">
          <Choices
            label="State of the letters"
            chosen={state}
            choices={STATES}
            onChoose={(word) => change({ state: word === 'all' ? undefined : word })}
          />
          <SelectField
            label="Reason"
            value={reason}
            options={[{ value: '', shown: 'any' }, ...REJECTION_REASONS.map((one) => ({ value: one, shown: one }))]}
            onInput={(next) => change({ reason: next })}
          />
        </div>
        <Answer of={answer} skeleton={<Skeleton lines={8} height={20} />}>
          {() => (
            <Table<Letter>
              label="Dead letters"
              rows={letters}
              selected={selected}
              keyOf={(letter) => `${nameOf(letter)} ${letter.source} ${letter.account_id}`}
              empty={<NoLetters isFiltered={state !== 'all' || reason !== ''} />}
              columns={[
                {
                  name: 'chosen',
                  title: <span class="unseen">chosen</span>,
                  sortBy: false,
                  cell: (letter) =>
                    letter.state === 'open' && (
                      <CheckField
                        label=""
                        name={`Choose the letter ${letter.content_hash.slice(0, 8)} for a replay`}
                        isOn={chosen.has(letter)}
                        onChange={() => choose(letter)}
                      />
                    ),
                },
                {
                  name: 'reason',
                  title: 'reason',
                  isWrapped: true,
                  cell: (letter) => (
                    <>
                      <a href={changed({ open: nameOf(letter) })}>{letter.reason}</a>{' '}
                      {opened === '' && <span class="muted hide-narrow">{wordsOf(letter.reason).why}</span>}
                    </>
                  ),
                },
                {
                  name: 'state',
                  title: 'state',
                  cell: (letter) => (
                    <span class="state-word" data-state={letter.state === 'replayed' ? 'good' : 'bad'}>
                      {letter.state}
                    </span>
                  ),
                },
                { name: 'ingested_at', title: 'arrived', cell: ({ ingested_at: time }) => <Instant of={time} /> },
                {
                  name: 'got',
                  title: 'what is wrong',
                  isWrapped: true,
                  cell: ({ path, got }) => (
                    <>
                      {path !== '' && <bdi class="mono">{path.slice(0, 100)}</bdi>}{' '}
                      <bdi class="muted">{got.slice(0, 160)}</bdi>
                    </>
                  ),
                },
                {
                  name: 'stream',
                  title: 'where it was read',
                  isWrapped: true,
                  cell: ({ source, stream, stream_offset: offset }) => (
                    <>
                      {source !== '' && <bdi>{source} </bdi>}
                      <span class="muted">
                        <bdi>{stream}</bdi> at {formatNumber(offset)}
                      </span>
                    </>
                  ),
                },
              ]}
            />
          )}
        </Answer>
        {letters.length === ROWS && (
          <p class="muted small panel-body">The latest {plural(ROWS, 'letter')} are shown; a reason shows fewer.</p>
        )}
      </Panel>
      {opened !== '' && (
        <LetterDrawer
          key={`${opened} ${turn}`}
          of={opened}
          onClose={() => change({ open: undefined })}
          onReplay={(letter) => setReplayed([letter])}
        />
      )}
      {replayed !== undefined && (
        <ReplayDialog
          of={replayed}
          onClose={(isDone) => {
            setReplayed(undefined);
            if (!isDone) return;
            chosen.clear();
            setTurn(turn + 1);
            answer.retry();
            onChanged();
          }}
        />
      )}
    </div>
  );
}

function NoLetters({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <Empty title={isFiltered ? 'No letter is like this' : 'Every record became an event'}>
      <p class="muted">
        A record that cannot become an event is kept here, without its secrets, with the reason and where it was read;
        the records around it go on.
      </p>
      {isFiltered && <Button onClick={() => change({ state: undefined, reason: undefined })}>Show all letters</Button>}
    </Empty>
  );
}
