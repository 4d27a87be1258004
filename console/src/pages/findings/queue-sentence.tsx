/** The queue in words. */
import { Count, Sentence } from '../../components/sentence.tsx';
import { changed, value } from '../../state/location.ts';
import { formatNumber } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';
import type { Finding } from './finding.ts';

export interface QueueSentenceProps {
  readonly findings: readonly Finding[] | undefined;
  readonly hasMore: boolean;
  readonly isOfRange: boolean;
}

export function QueueSentence({ findings, hasMore, isOfRange }: QueueSentenceProps) {
  if (findings === undefined) return <Sentence>Counting …</Sentence>;
  const grave = findings.filter(({ severity }) => severity === 'critical' || severity === 'high').length;
  const keys = new Set(findings.map(({ account_id, key_id }) => `${account_id} ${key_id}`)).size;
  const word = value('state') === '' || value('state') === 'open' ? 'open finding' : 'finding';
  return (
    <Sentence>
      {hasMore && `More than ${formatNumber(findings.length)} fit, and the latest are here: `}
      <Count of={findings.length} one={word} href={linkTo('/findings', { state: value('state') })} />{' '}
      {findings.length > 0 && (
        <>
          of {keys === 1 ? 'one key' : `${keys} keys`}
          {grave > 0 && (
            <>
              , <Count of={grave} one="of them is" many="of them are" href={changed({ severity: 'high' })} /> of high
              severity or more
            </>
          )}
        </>
      )}
      {isOfRange ? ', in this time' : ', of all time'}.
      {findings.length > 0 && (
        <span class="muted hide-narrow">
          {' '}
          <kbd>j</kbd> <kbd>k</kbd> move, <kbd>o</kbd> opens.
        </span>
      )}
    </Sentence>
  );
}
