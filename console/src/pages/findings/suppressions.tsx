/** What is kept without an alert now, until when and why; it can be taken back. */
import { useState } from 'preact/hooks';
import type { SuppressionList } from '../../../../schemas/api/findings.ts';
import { post } from '../../api/client.ts';
import { at, PATHS } from '../../api/paths.ts';
import { type Trouble, troubleFrom } from '../../api/problem.ts';
import { forgetAnswers, useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { TroubleNote } from '../../components/states.tsx';
import { toast } from '../../components/toast.tsx';
import { plural } from '../../state/number.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { mayJudge } from './finding-actions.tsx';

export function Suppressions() {
  const list = useQuery<SuppressionList>(PATHS.suppressions);
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const all = list.data?.suppressions ?? [];
  if (all.length === 0) return null;
  const end = (id: string): void => {
    post(at(PATHS.suppression_end, { id }), {}).then(
      () => {
        forgetAnswers();
        list.retry();
        toast('Taken back');
      },
      (error: unknown) => setTrouble(troubleFrom(error)),
    );
  };
  return (
    <details class="fold suppressions">
      <summary>{plural(all.length, 'suppression')} in force</summary>
      {trouble !== undefined && <TroubleNote trouble={trouble} />}
      <ul>
        {all.map(({ id, rule, entity, cidr, until, author, reason }) => (
          <li key={id}>
            <span>
              <b>{rule || 'any detection'}</b>{' '}
              {Object.entries(entity).map(([column, pattern]) => (
                <span key={column}>
                  {column} <code>{pattern}</code>{' '}
                </span>
              ))}
              {cidr !== '' && <code>{cidr}</code>}
            </span>
            <span class="small muted foreign">
              until {formatTime(msOf(until), 'minute')}, by {author}: {reason}
            </span>
            {mayJudge() && <Button onClick={() => end(id)}>Take back</Button>}
          </li>
        ))}
      </ul>
    </details>
  );
}
