/** A new token. Its text is shown once, here, and nowhere again: not in an address, not in what the browser keeps. */
import { useState } from 'preact/hooks';
import type { SourceList, TokenMade } from '../../../../schemas/api/tokens.ts';
import { ROLES, type Role } from '../../../../schemas/roles.ts';
import { PATHS } from '../../api/paths.ts';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Dialog } from '../../components/dialog.tsx';
import { SelectField, TextField } from '../../components/fields.tsx';
import { Refusal, refusal } from '../../components/refusal.tsx';
import { TroubleNote } from '../../components/states.tsx';

const WORDS: Readonly<Record<Role, string>> = {
  push: 'push: bring records of one source, and read nothing',
  viewer: 'viewer: look at everything',
  analyst: 'analyst: also export, SQL, judge findings, replay letters',
  admin: 'admin: everything, tokens and registry as well',
};
const ENDS = [
  { value: '1d', shown: 'in a day' },
  { value: '30d', shown: 'in 30 days' },
  { value: '90d', shown: 'in 90 days' },
  { value: '365d', shown: 'in a year' },
  { value: '', shown: 'never' },
];

export function NewTokenDialog({ onClose }: { readonly onClose: (isDone: boolean) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [expires, setExpires] = useState('90d');
  const [accounts, setAccounts] = useState('');
  const [source, setSource] = useState('');
  const [fault, setFault] = useState<string | undefined>(undefined);
  const { send, isBusy, trouble, answer } = useAction<TokenMade>(PATHS.tokens);
  const sources = useQuery<SourceList>(PATHS.sources);
  const why = refusal('operate', true);
  const names = sources.data?.sources.map((one) => one.name) ?? [];
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setFault(name.trim() === '' ? 'A name: what it is for, or whose it is.' : undefined);
    if (name.trim() === '') return;
    await send({
      ...{ name: name.trim(), role },
      accounts: accounts.split(/[\s,;]+/).filter((account) => account !== ''),
      source: role === 'push' ? source || names[0] || '' : '',
      ...(expires === '' ? {} : { expires }),
    });
  };
  if (answer !== undefined) return <Made of={answer} name={name} onClose={() => onClose(true)} />;
  return (
    <Dialog title="New token" onClose={() => onClose(false)}>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        {why !== undefined && <Refusal of={why} />}
        <TextField
          label="Name"
          value={name}
          onInput={setName}
          fault={fault}
          hint="what it is for, or whose it is"
          isFirst
        />
        <SelectField
          label="Role"
          value={role}
          onInput={(word) => setRole(word as Role)}
          options={ROLES.map((word) => ({ value: word, shown: WORDS[word] }))}
        />
        {role === 'push' && (
          <SelectField
            label="Source of its records"
            value={source || names[0] || ''}
            onInput={setSource}
            options={(sources.data?.sources ?? []).map((one) => ({ value: one.name, shown: one.title || one.name }))}
          />
        )}
        <div class="form-grid">
          <SelectField label="Ends" value={expires} onInput={setExpires} options={ENDS} />
          <TextField
            label={role === 'push' ? 'Account' : 'Only these accounts'}
            value={accounts}
            onInput={setAccounts}
            hint={role === 'push' ? 'whose records it brings' : 'ids, with commas; empty: all'}
          />
        </div>
        {trouble !== undefined && <TroubleNote trouble={trouble} />}
        <div class="row">
          {why === undefined && (
            <Button kind="main" type="submit" isDisabled={isBusy}>
              {isBusy ? 'Making …' : 'Make the token'}
            </Button>
          )}
          <Button onClick={() => onClose(false)}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface MadeProps {
  readonly of: TokenMade;
  readonly name: string;
  readonly onClose: () => void;
}

function Made({ of, name, onClose }: MadeProps) {
  return (
    <Dialog title="The token is made" onClose={onClose} isFirm>
      <p>
        This is the only time that the token of <bdi>{name}</bdi> is shown. Keep it where secrets are kept, now.
      </p>
      <output class="once mono">{of.token}</output>
      <div class="row">
        <Button kind="main" onClick={() => void copy(of.token, 'Token')}>
          Copy
        </Button>
        <Button onClick={onClose}>I have it</Button>
      </div>
    </Dialog>
  );
}
