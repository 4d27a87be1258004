/** A message that says of itself, in every form, that it is a test. Pure. */
import type { Message } from './message.ts';
import { ocsfFindingOf } from './ocsf-finding.ts';

const TITLE = 'Test of keytrail: this channel works';

export function testMessage(id: string, at: number): Message {
  return {
    ...{ id, at, title: TITLE },
    dedup: `test-${id}`,
    action: 'tell',
    severity: 'informational',
    text: 'Somebody tried this channel out with `keytrail alerts test`. Nothing happened, and nothing is to be done.',
    facts: [],
    sections: [],
    json: ocsfFindingOf({
      ...{ id, at, severity: 'informational', activity: 'create', message: TITLE },
      info: { uid: `test-${id}`, title: TITLE, types: ['test'] },
      unmapped: { test: true },
    }),
  };
}
