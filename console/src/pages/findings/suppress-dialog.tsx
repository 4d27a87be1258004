/** Keeps what is known without an alert until a time; what that would have hidden is told while it is written. */
import { useEffect, useState } from 'preact/hooks';
import type { Covered } from '../../../../schemas/api/findings.ts';
import { post } from '../../api/client.ts';
import { PATHS } from '../../api/paths.ts';
import { isAbort, type Trouble, troubleFrom } from '../../api/problem.ts';
import { forgetAnswers } from '../../api/use-query.ts';
import { Button, Choices } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { fieldName } from '../../components/entities.ts';
import { TextField } from '../../components/fields.tsx';
import { TroubleNote } from '../../components/states.tsx';
import { toast } from '../../components/toast.tsx';
import { formatNumber } from '../../state/number.ts';
import { instant, MS_PER_DAY } from '../../state/range.ts';
import { formatTime } from '../../state/time.ts';
import type { Finding } from './finding.ts';

const LOOKED_BACK_DAYS = 30;
const PAUSE_MS = 300;
const SPANS = [
  { word: '1', shown: '1 day' },
  { word: '7', shown: '7 days' },
  { word: '30', shown: '30 days' },
  { word: '90', shown: '90 days' },
] as const;

interface Cover {
  readonly rule: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly cidr: string;
}

export interface SuppressDialogProps {
  readonly of: Finding;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function SuppressDialog({ of, onClose, onDone }: SuppressDialogProps) {
  const [scope, setScope] = useState<'rule' | 'any'>('rule');
  const [entity, setEntity] = useState<Readonly<Record<string, string>>>(of.entity);
  const [days, setDays] = useState('7');
  const [reason, setReason] = useState('');
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const [nowMs] = useState(() => Date.now());
  const cover: Cover = {
    rule: scope === 'rule' ? of.rule : '',
    entity: Object.fromEntries(Object.entries(entity).filter(([, pattern]) => pattern !== '')),
    cidr: '',
  };
  const untilMs = nowMs + Number(days) * MS_PER_DAY;
  const submit = (event: Event): void => {
    event.preventDefault();
    post(PATHS.suppressions, { ...cover, until: instant(untilMs), reason }).then(
      () => {
        forgetAnswers();
        toast('Suppressed from now on');
        onClose();
        onDone();
      },
      (error: unknown) => setTrouble(troubleFrom(error)),
    );
  };
  return (
    <Dialog title="Suppress what is known" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="muted">
          From now on such findings are kept and raise no alert; what was found already stays as it is. A star stands
          for any text; a field that is empty does not count.
        </p>
        <Choices
          label="Of which detection"
          chosen={scope}
          choices={[
            { word: 'rule', shown: <>only {of.rule}</> },
            { word: 'any', shown: 'any detection' },
          ]}
          onChoose={setScope}
        />
        {Object.entries(entity).map(([column, pattern]) => (
          <TextField
            key={column}
            label={fieldName(column)}
            value={pattern}
            isMono
            onInput={(text) => setEntity({ ...entity, [column]: text })}
          />
        ))}
        <Preview of={cover} sinceMs={nowMs - LOOKED_BACK_DAYS * MS_PER_DAY} />
        <div class="row">
          <span class="small muted">for</span>
          <Choices label="How long" chosen={days} choices={SPANS} onChoose={setDays} />
          <span class="small muted">until {formatTime(untilMs, 'minute')}</span>
        </div>
        <TextField
          label="Reason"
          value={reason}
          isRequired
          hint="Who said so, and why it is expected"
          onInput={setReason}
          isFirst
        />
        {trouble !== undefined && <TroubleNote trouble={trouble} />}
        <div class="row">
          <Button kind="main" type="submit">
            Suppress
          </Button>
          <Button onClick={onClose}>Leave it</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asked anew whenever the scope changes, once it rests. */
function Preview({ of, sinceMs }: { readonly of: Cover; readonly sinceMs: number }) {
  const [told, setTold] = useState<Covered | Trouble | undefined>(undefined);
  const asked = JSON.stringify({ ...of, since: instant(sinceMs) });
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      post<Covered>(PATHS.suppression_preview, JSON.parse(asked), controller.signal).then(setTold, (error: unknown) => {
        if (!isAbort(error)) setTold(troubleFrom(error));
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [asked]);
  if (told === undefined) return <p class="preview">Counting what it would have hidden …</p>;
  if ('code' in told) return <p class="preview field-fault">{told.title}</p>;
  const { covered, looked_at, open, by_rule } = told;
  const rules = Object.entries(by_rule).toSorted(([, one], [, other]) => other - one);
  return (
    <div class="preview" role="status">
      <p>
        It would have hidden <b>{formatNumber(covered)}</b> of the last {LOOKED_BACK_DAYS} days'{' '}
        <b>{formatNumber(looked_at)}</b> {of.rule === '' ? 'findings' : 'findings of this detection'}
        {open > 0 && <>; {formatNumber(open)} of them are open</>}.
      </p>
      {rules.length > 1 && (
        <p class="small muted">
          {rules
            .slice(0, 6)
            .map(([rule, count]) => `${rule}: ${formatNumber(count)}`)
            .join(', ')}
        </p>
      )}
    </div>
  );
}
