/** A value turned up where it should not be: which key is it, who owns it, and who has used it? */
import { useState } from 'preact/hooks';
import type { LeakedSecretAnswer } from '../../../../schemas/api/overview.ts';
import { may, type Role } from '../../../../schemas/roles.ts';
import { post } from '../../api/client.ts';
import { me } from '../../api/link.ts';
import { PATHS } from '../../api/paths.ts';
import { type Trouble, troubleFrom } from '../../api/problem.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/fields.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, TroubleNote } from '../../components/states.tsx';
import { FoundSecret } from './found-secret.tsx';

export function LeakedSecretPage() {
  const [typed, setTyped] = useState('');
  const [answer, setAnswer] = useState<LeakedSecretAnswer | undefined>(undefined);
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const isAllowed = may((me.value?.role ?? 'viewer') as Role, 'triage');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setTrouble(undefined);
    setAnswer(undefined);
    const secret = typed;
    // From here on the page does not have it any more.
    setTyped('');
    try {
      setAnswer(await post<LeakedSecretAnswer>(PATHS.leaked_secret, { value: secret }));
    } catch (error) {
      setTrouble(troubleFrom(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="page leaked">
      <h1>Leaked secret</h1>
      <p class="prose">
        Paste what was found: a key, or the line or header it stands in. The daemon makes keyed fingerprints of it in
        memory and looks for those. The value is not stored, not logged, and not in the address of this page.
      </p>
      <form class="panel panel-body stack" onSubmit={(event) => void submit(event)}>
        <TextField
          label="The value that was found"
          isSecret
          isMono
          isFirst
          value={typed}
          onInput={setTyped}
          hint="At most 4,096 characters. It leaves this field when it is sent."
        />
        <div class="row">
          <Button kind="main" type="submit" isDisabled={isBusy || typed === '' || !isAllowed}>
            {isBusy ? 'Looking …' : 'Whose is it?'}
          </Button>
          {!isAllowed && <span class="muted small">Your role may not: ask for a token of the role analyst.</span>}
        </div>
      </form>
      {trouble !== undefined && <TroubleNote trouble={trouble} />}
      <div role="status" class="stack">
        {answer !== undefined && <Answered of={answer} />}
      </div>
    </div>
  );
}

function Answered({ of }: { readonly of: LeakedSecretAnswer }) {
  if (of.found.length > 0) return <FoundSecret of={of} />;
  return (
    <Panel title="Nothing is known of it">
      <Empty title="No key of the registry has its fingerprint, and no stored record held it">
        <p class="muted">
          {of.tried} {of.tried === 1 ? 'reading' : 'readings'} of the text were looked for. A key is recognised once its
          fingerprint is registered, by whoever made the key:
        </p>
        <pre>keytrail keys fingerprint --stdin --key &lt;name&gt;</pre>
        <p class="muted">
          That it is not known says nothing of whether it is valid: when in doubt, revoke it where it was made.
        </p>
      </Empty>
    </Panel>
  );
}
