/** What narrows the queue; all of it stands in the address. */
import { Button } from '../../components/button.tsx';
import { fieldName } from '../../components/entities.ts';
import { change, value, values } from '../../state/location.ts';
import { ParamChoice } from '../entities/list-tools.tsx';

const STATES: Readonly<Record<string, readonly string[]>> = {
  open: ['open'],
  acknowledged: ['acknowledged'],
  closed: ['true-positive', 'false-positive'],
  all: [],
};

/** States of the API for the word in the address. */
export function statesOf(word: string): readonly string[] {
  return STATES[word === '' ? 'open' : word] ?? ['open'];
}

const NARROWED = ['rule', 'key', 'account', 'address'] as const;
const TITLES: Readonly<Record<string, string>> = { rule: 'detection', key: 'key' };

export function QueueTools() {
  return (
    <div class="row list-tools">
      <ParamChoice
        name="state"
        label="State"
        choices={[
          { word: 'open', shown: 'Open' },
          { word: 'acknowledged', shown: 'Being looked at' },
          { word: 'closed', shown: 'Closed' },
          { word: 'all', shown: 'All' },
        ]}
      />
      <ParamChoice
        name="severity"
        label="Severity"
        choices={[
          { word: '', shown: 'Any severity' },
          { word: 'medium', shown: 'Medium +' },
          { word: 'high', shown: 'High +' },
          { word: 'critical', shown: 'Critical' },
        ]}
      />
      <ParamChoice
        name="time"
        label="Time"
        choices={[
          { word: 'any', shown: 'All time' },
          { word: 'range', shown: 'This time' },
        ]}
      />
      {NARROWED.flatMap((name) =>
        values(name)
          .filter((one) => one !== '')
          .slice(0, 3)
          .map((one) => (
            <Button key={`${name} ${one}`} title="Drop it" onClick={() => change({ [name]: undefined })}>
              {TITLES[name] ?? fieldName(name)}: <bdi class="chip-text">{one.slice(0, 60)}</bdi> ✕
            </Button>
          )),
      )}
      {values('key').length > 3 && <span class="muted small">and {values('key').length - 3} more keys</span>}
      {value('state') === 'closed' && <span class="muted small">what was judged, whichever way</span>}
    </div>
  );
}
