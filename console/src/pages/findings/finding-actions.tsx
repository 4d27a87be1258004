/** What can be done about a finding, by button and by key. Whoever may only look is told whom to ask. */
import { useState } from 'preact/hooks';
import { may, type Role } from '../../../../schemas/roles.ts';
import { me } from '../../api/link.ts';
import { Button } from '../../components/button.tsx';
import { useKeys } from '../../state/keyboard.ts';
import { type Finding, JUDGEMENT_ACTIONS, type JudgementAction } from './finding.ts';
import { JudgeDialog } from './judge-dialog.tsx';
import { SuppressDialog } from './suppress-dialog.tsx';

export interface FindingActionsProps {
  readonly of: Finding;
  readonly like: readonly Finding[];
  readonly onDone: () => void;
}

export function mayJudge(): boolean {
  return may((me.value?.role ?? 'viewer') as Role, 'triage');
}

export function FindingActions({ of, like, onDone }: FindingActionsProps) {
  const [front, setFront] = useState<JudgementAction | 'suppress' | undefined>(undefined);
  const isAllowed = mayJudge();
  const show = (what: JudgementAction | 'suppress'): void => {
    if (isAllowed) setFront(what);
  };
  const group = 'A finding';
  useKeys([
    ...JUDGEMENT_ACTIONS.map(({ action, key, title }) => ({
      ...{ keys: key, does: title.toLowerCase(), group, run: () => show(action) },
    })),
    { keys: 's', does: 'suppress what is like it', group, run: () => show('suppress') },
  ]);
  return (
    <>
      <div class="row finding-actions">
        {JUDGEMENT_ACTIONS.map(({ action, key, name, title }) => (
          <Button key={action} isDisabled={!isAllowed} title={`${title} (${key})`} onClick={() => show(action)}>
            {name} <kbd>{key}</kbd>
          </Button>
        ))}
        <Button isDisabled={!isAllowed} title="Suppress what is like it (s)" onClick={() => show('suppress')}>
          Suppress … <kbd>s</kbd>
        </Button>
      </div>
      {!isAllowed && (
        <p class="note">
          You are signed in as {me.value?.role}, who may look and not judge: ask for a token of the role analyst.
        </p>
      )}
      {front === 'suppress' && <SuppressDialog of={of} onClose={() => setFront(undefined)} onDone={onDone} />}
      {front !== undefined && front !== 'suppress' && (
        <JudgeDialog of={of} action={front} like={like} onClose={() => setFront(undefined)} onDone={onDone} />
      )}
    </>
  );
}
