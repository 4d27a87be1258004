/** The way in: instead of a page at first, and in front of one whose session has ended; that page stays as it is. */
import { useState } from 'preact/hooks';
import { signIn } from '../api/client.ts';
import { type Trouble, troubleFrom } from '../api/problem.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextField } from '../components/fields.tsx';
import { TroubleNote } from '../components/states.tsx';

export function SignIn({ isAgain }: { readonly isAgain: boolean }) {
  const [token, setToken] = useState('');
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await signIn(token.trim());
    } catch (error) {
      setTrouble(troubleFrom(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={isAgain ? 'Your session has ended' : 'Sign in to keytrail'} isFirm onClose={() => undefined}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        {isAgain && <p>What you were looking at is still here. Sign in, and it goes on.</p>}
        <TextField
          label="Token"
          isSecret
          value={token}
          onInput={setToken}
          placeholder="kt_…"
          hint="Made by: keytrail token add <name> --role viewer"
          isRequired
          isMono
          isFirst
        />
        {trouble !== undefined && <TroubleNote trouble={trouble} />}
        <div class="row">
          <Button kind="main" type="submit" isDisabled={isBusy}>
            {isBusy ? 'Signing in …' : 'Sign in'}
          </Button>
        </div>
        <p class="small muted">
          Whoever started the daemon finds in its terminal a link that signs in once, as its owner. The token goes to
          the daemon alone, which makes a cookie of it that no page can read.
        </p>
      </form>
    </Dialog>
  );
}
