/** A report that is made now, of a period that somebody names. */
import { useState } from 'preact/hooks';
import { PATHS } from '../../api/paths.ts';
import { useAction } from '../../api/use-action.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { fieldName } from '../../components/entities.ts';
import { SelectField, TextField } from '../../components/fields.tsx';
import { Refusal, refusal } from '../../components/refusal.tsx';
import { TroubleNote } from '../../components/states.tsx';
import { toast } from '../../components/toast.tsx';
import { go } from '../../state/location.ts';
import { linkTo } from '../../state/range.ts';
import { zoneName } from '../../state/time.ts';
import type { Kind, ReportMade } from './answers.ts';

interface RunDialogProps {
  readonly kinds: readonly Kind[];
  /** Id of the kind; `''` where none is chosen yet. */
  readonly chosen: string;
  readonly onClose: () => void;
}

type Default = Kind['parameters'][string]['default'];

export function RunDialog({ kinds, chosen, onClose }: RunDialogProps) {
  const [id, setId] = useState(kinds.some((kind) => kind.id === chosen) ? chosen : (kinds[0]?.id ?? ''));
  const [period, setPeriod] = useState('');
  const [account, setAccount] = useState('');
  const [owner, setOwner] = useState('');
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const { send, isBusy, trouble } = useAction<ReportMade>(PATHS.report_run);
  const kind = kinds.find((one) => one.id === id);
  const why = refusal('export');
  const parameters = Object.entries(kind?.parameters ?? {});
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const made = await send({
      ...{ kind: id, zone: zoneName.value, parameters: givenOf(parameters, texts) },
      ...(period.trim() === '' ? {} : { period: period.trim() }),
      ...(account.trim() === '' ? {} : { account: account.trim() }),
      ...(owner.trim() === '' ? {} : { owner: owner.trim().toLowerCase() }),
    });
    if (made === undefined) return;
    toast('The report is made, and kept');
    onClose();
    go(linkTo(`/reports/${made.document}`));
  };
  return (
    <Dialog title="Make a report" onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        {why !== undefined && <Refusal of={why} />}
        <SelectField
          label="Report"
          value={id}
          onInput={setId}
          hint={kind?.description}
          options={kinds.map((one) => ({ value: one.id, shown: one.title }))}
        />
        <TextField
          label="Period"
          isFirst
          value={period}
          onInput={setPeriod}
          placeholder={`the last ${kind?.period ?? 'period'}`}
          hint={`2026-11-22, 2026-W47, 2026-10, 2026-Q3, or from..to; in ${zoneName.value}`}
        />
        <div class="form-grid">
          <TextField label="Account" value={account} onInput={setAccount} placeholder="all" />
          <TextField label="Owner" value={owner} onInput={setOwner} placeholder="all" hint="by email" />
        </div>
        {parameters.length > 0 && (
          <details class="fold" open={parameters.some(([, { default: preset }]) => preset === null)}>
            <summary>Parameters</summary>
            <div class="form-grid" style={{ marginTop: '8px' }}>
              {parameters.map(([name, { default: preset, description }]) => (
                <TextField
                  key={name}
                  label={fieldName(name)}
                  value={texts[name] ?? textOf(preset)}
                  onInput={(text) => setTexts({ ...texts, [name]: text })}
                  hint={description}
                />
              ))}
            </div>
          </details>
        )}
        {trouble !== undefined && <TroubleNote trouble={trouble} />}
        <div class="row">
          {why === undefined && (
            <Button kind="main" type="submit" isDisabled={isBusy || kind === undefined}>
              {isBusy ? 'Making …' : 'Make it'}
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          {isBusy && <span class="small muted">Each of its questions is asked; that may take a while.</span>}
        </div>
      </form>
    </Dialog>
  );
}

function textOf(preset: Default): string {
  return preset === null ? '' : Array.isArray(preset) ? preset.join(', ') : String(preset);
}

/** Only what differs from the default, in the type of the default. */
function givenOf(
  parameters: readonly (readonly [string, { readonly default: Default }])[],
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    parameters.flatMap(([name, { default: preset }]): [string, unknown][] => {
      const text = texts[name]?.trim();
      if (text === undefined || text === '' || text === textOf(preset)) return [];
      if (Array.isArray(preset)) return [[name, text.split(/[\s,]+/)]];
      if (typeof preset === 'number') return [[name, Number(text)]];
      return [[name, typeof preset === 'boolean' ? text === 'true' : text]];
    }),
  );
}
