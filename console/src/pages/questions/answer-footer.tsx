/** What an answer can be relied on for: its range, how far the record reaches, and what may be missing from it. */
import type { AnswerDocument } from '../../../../schemas/api/questions.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';
import { formatAgo, formatTime, msOf, zoneName } from '../../state/time.ts';

type Head = Omit<AnswerDocument, 'rows' | 'columns'>;

export function AnswerFooter({ of }: { readonly of: Head }) {
  const { range, data_until: dataUntil, stored_until: storedUntil, dead_letters: letters, conflicts } = of;
  return (
    <footer class="answer-footer small">
      <span>
        <span class="muted">asked of </span>
        {range.from === null && range.to === null
          ? 'all time'
          : `${told(range.from, 'the beginning')} → ${told(range.to, 'the end')} ${zoneName.value}`}
      </span>
      <span>
        <span class="muted">data until </span>
        {dataUntil === null ? 'nothing is stored yet' : told(dataUntil, '')}
        {storedUntil !== null && <span class="muted"> (stored {formatAgo(msOf(storedUntil))})</span>}
      </span>
      <span class={(letters ?? 0) > 0 ? 'is-bad' : undefined}>
        {letters === null ? (
          'open dead letters not counted in time'
        ) : letters === 0 ? (
          'no open dead letters'
        ) : (
          <a href={linkTo('/ingest', { tab: 'letters', state: 'open' })}>
            {plural(letters, 'record')} of this time {letters === 1 ? 'is' : 'are'} missing as dead letters
          </a>
        )}
      </span>
      <span class={(conflicts ?? 0) > 0 ? 'is-bad' : undefined}>
        {conflicts === null ? (
          'conflicts not counted in time'
        ) : conflicts === 0 ? (
          'no conflicts'
        ) : (
          <a href={linkTo('/questions/conflicting-events')}>
            {formatNumber(conflicts)} {conflicts === 1 ? 'id has' : 'ids have'} several contents
          </a>
        )}
      </span>
    </footer>
  );
}

function told(instant: string | null, open: string): string {
  return instant === null ? open : formatTime(msOf(instant));
}
