/** Which shapes a chart has, with their counts; each leads to its events. */
import type { HistogramDocument } from '../../../schemas/api/overview.ts';
import { JUDGEMENTS } from '../../../schemas/judgement.ts';
import { filterParams, filters } from '../state/filters.ts';
import { formatNumber } from '../state/number.ts';
import { linkTo } from '../state/range.ts';
import { totalOf } from './histogram.tsx';
import { JUDGEMENT_WORDS, SHAPES } from './judgement.tsx';

export function Legend({ of }: { readonly of: HistogramDocument }) {
  const others = filters.value.filter(({ field }) => field !== 'judgement');
  return (
    <ul class="legend">
      {JUDGEMENTS.map((word) => {
        const events = totalOf(of, word);
        if (events === 0) return null;
        const only = { ...filterParams(others), 'only.judgement': word };
        return (
          <li key={word} data-judgement={word}>
            <a class="handle" href={linkTo('/search', only)} data-field="judgement" data-value={word}>
              <span class="mark" aria-hidden="true">
                {SHAPES[word]}
              </span>{' '}
              {JUDGEMENT_WORDS[word]} <b>{formatNumber(events)}</b>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
