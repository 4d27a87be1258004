/** Says what a finding was, of itself or of all that are like it, with a note for whoever asks later. */
import { useState } from 'preact/hooks';
import type { Judged } from '../../../../schemas/api/findings.ts';
import { post } from '../../api/client.ts';
import { PATHS } from '../../api/paths.ts';
import { type Trouble, troubleFrom } from '../../api/problem.ts';
import { forgetAnswers } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/fields.tsx';
import { TroubleNote } from '../../components/states.tsx';
import { toast } from '../../components/toast.tsx';
import { cut } from '../../state/cut.ts';
import { plural } from '../../state/number.ts';
import { type Finding, JUDGEMENT_ACTIONS, type JudgementAction } from './finding.ts';

/** What one request may judge. */
const JUDGED_MAX = 100;

export interface JudgeDialogProps {
  readonly of: Finding;
  readonly action: JudgementAction;
  /** Other open ones of the same detection and key. */
  readonly like: readonly Finding[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function JudgeDialog({ of, action, like, onClose, onDone }: JudgeDialogProps) {
  const [note, setNote] = useState('');
  const [hasLike, setLike] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const { name = '', title = '', told = '' } = JUDGEMENT_ACTIONS.find((one) => one.action === action) ?? {};
  const ids = [of, ...(hasLike ? like : [])].map(({ id }) => id).slice(0, JUDGED_MAX);
  const submit = (event: Event): void => {
    event.preventDefault();
    setBusy(true);
    post<Judged>(PATHS.judge, { ids, action, note }).then(
      ({ judged }) => {
        forgetAnswers();
        toast(`${plural(judged, 'finding')}: ${name.toLowerCase()}`);
        onClose();
        onDone();
      },
      (error: unknown) => {
        setBusy(false);
        setTrouble(troubleFrom(error));
      },
    );
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="foreign clamp">{cut(of.summary || of.rule)}</p>
        <p class="muted">{told}</p>
        <TextField label="Note" hint="Why; whoever sees it next reads this" value={note} onInput={setNote} isFirst />
        {like.length > 0 && (
          <label class="row">
            <input type="checkbox" checked={hasLike} onChange={(event) => setLike(event.currentTarget.checked)} />
            also the {Math.min(like.length, JUDGED_MAX - 1)} other open ones of this detection and key
          </label>
        )}
        {trouble !== undefined && <TroubleNote trouble={trouble} />}
        <div class="row">
          <Button kind="main" type="submit" isDisabled={isBusy}>
            {name} {hasLike ? `(${ids.length})` : ''}
          </Button>
          <Button onClick={onClose}>Leave it</Button>
        </div>
      </form>
    </Dialog>
  );
}
