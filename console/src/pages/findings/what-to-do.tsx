/** Three steps, and whom to call. */
import type { FindingContext } from '../../../../schemas/api/findings.ts';
import { Handle } from '../../components/handle.tsx';
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
          <li key={step}>{step}</li>
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
