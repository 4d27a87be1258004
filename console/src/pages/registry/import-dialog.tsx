/** A registry file, as the command line imports it: chosen, or pasted; told what it would change, and recorded. */
import { useState } from 'preact/hooks';
import { Choices } from '../../components/button.tsx';
import { TextField } from '../../components/fields.tsx';
import { ChangeDialog } from './change-dialog.tsx';

type Of = 'registry' | 'networks';

/** As the daemon has it. */
const FILE_CHARS_MAX = 3_900_000;
const ENDING = /\.(ya?ml|json|csv|tsv)$/i;

export function ImportDialog({ onClose }: { readonly onClose: (isDone: boolean) => void }) {
  const [of, setOf] = useState<Of>('registry');
  const [name, setName] = useState('pasted.yaml');
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | undefined>(undefined);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setName(file.name);
    if (!ENDING.test(file.name)) return setFault('A name that ends in .yaml, .json, .csv or .tsv.');
    if (file.size > FILE_CHARS_MAX) return setFault('Longer than 3.9 MB: import it with keytrail keys import.');
    setFault(undefined);
    setText(await file.text());
  };
  const wish = () => {
    const wrong = text.trim() === '' ? 'Choose a file, or paste its text.' : undefined;
    setFault(wrong);
    return wrong === undefined ? { what: 'file', of, name, text } : undefined;
  };
  return (
    <ChangeDialog title="Import a file" wish={wish} onClose={onClose}>
      <Choices
        label="What the file is of"
        chosen={of}
        choices={[
          { word: 'registry', shown: 'Accounts, users, keys, app rules' },
          { word: 'networks', shown: 'Networks' },
        ]}
        onChoose={setOf}
      />
      <label class="field">
        <span>File</span>
        <input
          type="file"
          accept=".yaml,.yml,.json,.csv,.tsv"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
      <TextField
        label="Or its text"
        value={text}
        onInput={setText}
        fault={fault}
        isLong
        isMono
        placeholder={
          of === 'registry'
            ? 'keys:\n  - account_id: "1001"\n    key_id: ci-deploy\n    owner: ada@example.com'
            : 'networks:\n  - network: office\n    kind: office\n    cidrs: [203.0.113.0/24]'
        }
        hint="YAML, JSON or CSV; an entry says only what it names, and the rest stays as it is"
      />
    </ChangeDialog>
  );
}
