/** A replay: tried first, so that what would become of the letters is known before anything is stored. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ReplayRequest, ReplaySummaryDocument } from '../../../../schemas/api/dead-letters.ts';
import type { SourceList } from '../../../../schemas/api/tokens.ts';
import { PATHS } from '../../api/paths.ts';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { SelectField, TextField } from '../../components/fields.tsx';
import { Refusal, refusal } from '../../components/refusal.tsx';
import { TroubleNote } from '../../components/states.tsx';
import { formatNumber, plural } from '../../state/number.ts';
import { type Letter, nameOf } from './letter.ts';
import { wordsOf } from './reasons.ts';

/** As many as one request may name. */
const LETTERS_MAX = 500;

export function ReplayDialog({
  of,
  onClose,
}: {
  readonly of: readonly Letter[];
  readonly onClose: (isDone: boolean) => void;
}) {
  const [account, setAccount] = useState('');
  const [source, setSource] = useState('');
  const [tried, setTried] = useState<ReplaySummaryDocument | undefined>(undefined);
  const action = useAction<ReplaySummaryDocument>(PATHS.replay);
  const sources = useQuery<SourceList>(PATHS.sources);
  const why = refusal('triage', true);
  const letters = of.slice(0, LETTERS_MAX);
  const reasons = new Set(letters.map(({ reason }) => reason));
  const wish = (isTrial: boolean): ReplayRequest => ({
    ...{ letters: letters.map(nameOf), source: '', account: account.trim(), dry_run: isTrial },
    ...(source === '' ? {} : { source }),
  });
  const attempt = async (isTrial: boolean): Promise<void> => setTried(await action.send(wish(isTrial)));
  const isDone = tried !== undefined && !tried.dry_run;
  const form = useRef<HTMLFormElement>(null);
  // Whoever has the keyboard in a field that goes away goes on with what comes next, and need not wait for a frame.
  useLayoutEffect(() => {
    if (isDone) form.current?.querySelector<HTMLElement>('button[type=submit]')?.focus();
  }, [isDone]);
  // What is given changes what would become of them.
  useEffect(() => setTried(undefined), [account, source]);
  return (
    <Dialog title={`Replay ${plural(letters.length, 'letter')}`} onClose={() => onClose(isDone)}>
      <form
        class="stack"
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isDone) onClose(true);
          else void attempt(tried === undefined);
        }}
      >
        <p>
          They are read again by this version of keytrail. What now becomes an event is stored once, however often it is
          replayed; what does not stays a letter.
          {of.length > letters.length && ` The first ${formatNumber(LETTERS_MAX)} are taken; the others after that.`}
        </p>
        <ul class="small">
          {[...reasons].map((reason) => (
            <li key={reason}>
              <b>{formatNumber(letters.filter((letter) => letter.reason === reason).length)}</b> {reason}:{' '}
              <span class="muted">{wordsOf(reason).next}</span>
            </li>
          ))}
        </ul>
        {why !== undefined && <Refusal of={why} />}
        {why === undefined && !isDone && (
          <div class="form-grid">
            <TextField
              label="Account"
              value={account}
              onInput={setAccount}
              hint="for letters whose account is missing"
              isFirst={reasons.has('account-missing')}
            />
            <SelectField
              label="Source"
              value={source}
              onInput={setSource}
              hint="for letters that none recognises"
              options={[
                { value: '', shown: 'as it is known' },
                ...(sources.data?.sources ?? []).map(({ name, title }) => ({ value: name, shown: title || name })),
              ]}
            />
          </div>
        )}
        {action.trouble !== undefined && <TroubleNote trouble={action.trouble} />}
        <div role="status">{tried !== undefined && <Outcome of={tried} />}</div>
        <div class="row">
          {why === undefined && (
            <Button kind="main" type="submit" isDisabled={action.isBusy}>
              {action.isBusy
                ? 'Reading …'
                : isDone
                  ? 'Done'
                  : tried === undefined
                    ? 'Try it'
                    : `Replay ${plural(tried.letters, 'letter')}`}
            </Button>
          )}
          {!isDone && <Button onClick={() => onClose(false)}>Cancel</Button>}
        </div>
      </form>
    </Dialog>
  );
}

function Outcome({ of }: { readonly of: ReplaySummaryDocument }) {
  const { dry_run: isTrial, letters, replayed, events, refused, not_replayable: not } = of;
  return (
    <div class="note">
      <p>
        <b>
          {formatNumber(replayed)} of {plural(letters, 'letter')} {isTrial ? 'would become' : 'became'}{' '}
          {plural(events, 'event')}.
        </b>
        {isTrial && ' Nothing is stored yet.'}
      </p>
      {Object.entries(refused).map(([reason, count]) => (
        <p key={reason}>
          {formatNumber(count)} {count === 1 ? 'stays' : 'stay'}: {reason}. {wordsOf(reason).why}
        </p>
      ))}
      {not > 0 && <p>{formatNumber(not)} must be read from where they were written: too little of them is kept.</p>}
    </div>
  );
}
