/** Says which app keys serve. */
import { useState } from 'preact/hooks';
import type { KnownKey } from '../../../../schemas/api/registry.ts';
import { TextField } from '../../components/fields.tsx';
import { Handle } from '../../components/handle.tsx';
import { plural } from '../../state/number.ts';
import { instant } from '../../state/range.ts';
import { parseTyped, zoneName } from '../../state/time.ts';
import { ChangeDialog } from './change-dialog.tsx';

interface SetAppDialogProps {
  readonly of: readonly KnownKey[];
  /** Names that are known, to choose from. */
  readonly apps: readonly string[];
  readonly onClose: (isDone: boolean) => void;
}

export function SetAppDialog({ of, apps, onClose }: SetAppDialogProps) {
  const [app, setApp] = useState('');
  const [since, setSince] = useState('');
  const [fault, setFault] = useState<string | undefined>(undefined);
  const wish = () => {
    const from = since.trim() === '' ? undefined : parseTyped(since);
    setFault(since.trim() !== '' && from === undefined ? 'This is no time.' : undefined);
    if (of.length === 0 || (since.trim() !== '' && from === undefined)) return undefined;
    return {
      ...{ what: 'set-app', app: app.trim() },
      keys: of.map(({ account_id, key_id }) => ({ account_id, key_id })),
      ...(from === undefined ? {} : { valid_from: instant(from) }),
    };
  };
  return (
    <ChangeDialog title={`Set the app of ${plural(of.length, 'key')}`} wish={wish} onClose={onClose}>
      <p>
        {of.length === 0
          ? 'No key is chosen: close this, and choose some in the list.'
          : of.slice(0, 20).map(({ key_id: key, account_id: account }, at) => (
              <span key={`${account} ${key}`}>
                {at > 0 && ', '}
                <Handle field="key_id" value={key} account={account} />
              </span>
            ))}
        {of.length > 20 && ` and ${of.length - 20} more`}
      </p>
      <div class="form-grid">
        <TextField
          label="App"
          value={app}
          onInput={setApp}
          hint={`empty: none${apps.length === 0 ? '' : `; known are ${apps.slice(0, 6).join(', ')}`}`}
          isFirst
        />
        <TextField
          label="Since"
          value={since}
          onInput={setSince}
          fault={fault}
          placeholder="now"
          hint={`a time (${zoneName.value}), or -7d; requests of before keep their app`}
        />
      </div>
    </ChangeDialog>
  );
}
