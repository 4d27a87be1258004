/** What people did about it, and why. */
import { formatTime, msOf, zoneName } from '../../state/time.ts';
import type { FindingDocument } from './finding.ts';

const WORDS: Readonly<Record<string, string>> = {
  acknowledge: 'looks at it',
  'close-true-positive': 'it was what it looked like',
  'close-false-positive': 'it was right',
  withdraw: 'withdrawn: what is known now says otherwise',
  reinstate: 'open again: what is known now says it again',
};

export function Notes({ of: { actions, found_at } }: { readonly of: FindingDocument }) {
  return (
    <section>
      <h3>Notes</h3>
      <ol class="notes">
        <li>
          <span class="small muted">{formatTime(msOf(found_at))}</span> found by keytrail
        </li>
        {actions.map(({ at, action, author, note }) => (
          <li key={`${at} ${action}`}>
            <span class="small muted">{formatTime(msOf(at))}</span> <bdi>{author}</bdi>: {WORDS[action] ?? action}
            {note !== '' && <p class="foreign note-text">{note}</p>}
          </li>
        ))}
      </ol>
      {actions.length === 0 && (
        <p class="small muted">Nobody has said anything about it yet. Times are in {zoneName.value}.</p>
      )}
    </section>
  );
}
