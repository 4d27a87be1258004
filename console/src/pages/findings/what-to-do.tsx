/** Three steps, and whom to call. */
import type { FindingContext } from '../../../../schemas/api/findings.ts';
import { Handle } from '../../components/handle.tsx';
import { instant, type LinkParams, linkTo, MS_PER_DAY } from '../../state/range.ts';
import { msOf } from '../../state/time.ts';
import type { FindingDocument } from './finding.ts';

export interface WhatToDoProps {
  readonly of: FindingDocument;
  readonly context: FindingContext | undefined;
}

export function WhatToDo({ of, context }: WhatToDoProps) {
  const runbook = context?.detection?.runbook ?? [];
  const owner = typeof of.facts.owner === 'string' ? of.facts.owner : '';
  return (
    <section>
      <h3>What to do</h3>
      {owner !== '' && (
        <p>
          Whom to call: <Handle field="owner" value={owner} known="resolved" because="owner of the key at that time" />
        </p>
      )}
      <ol class="steps">
        {runbook.map((step) => (
          <li key={step}>
            <Step text={step} of={of} questions={context?.detection?.questions ?? []} />
          </li>
        ))}
        {runbook.length === 0 && <li>Look at the evidence, and say what it was.</li>}
        {runbook.length === 2 && <li>Say what it was, with a note for whoever asks later.</li>}
      </ol>
      {context?.detection != null && context.detection.references.length > 0 && (
        <p class="small muted">
          {context.detection.references.map((reference, place) => (
            <span key={reference}>
              {place > 0 && ' · '}
              {/^T\d/.test(reference) ? `ATT&CK ${reference}` : reference}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

type Named = NonNullable<FindingContext['detection']>['questions'];

interface StepProps {
  readonly text: string;
  readonly of: FindingDocument;
  readonly questions: Named;
}

/** The questions that it names are asked at once, about what was found and the day around it. */
function Step({ text, of, questions }: StepProps) {
  return (
    <>
      {text.split(/([a-z0-9]+(?:-[a-z0-9]+)+)/).map((part) => {
        const question = questions.find(({ id }) => id === part);
        return question === undefined ? part : <a href={questionAbout(of, question)}>{part}</a>;
      })}
    </>
  );
}

function questionAbout(of: FindingDocument, { id, parameters }: Named[number]): string {
  const known: Readonly<Record<string, unknown>> = { ...of.facts, ...of.entity, key_id: of.key_id };
  const given = parameters.flatMap((name) => {
    const value = known[name];
    return typeof value === 'string' && value !== '' && name !== 'account_id' ? [[`param.${name}`, value]] : [];
  });
  return linkTo(`/questions/${id}`, {
    ...(Object.fromEntries(given) as LinkParams),
    ...{
      from: instant(msOf(of.first_seen) - MS_PER_DAY),
      to: instant(msOf(of.last_seen) + MS_PER_DAY),
      last: undefined,
    },
  });
}
