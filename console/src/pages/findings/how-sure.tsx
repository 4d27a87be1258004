/** Whether it is a fact or a conclusion, and what became of the ones like it. */
import type { FindingContext } from '../../../../schemas/api/findings.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';
import type { FindingDocument } from './finding.ts';

type Basis = NonNullable<FindingContext['detection']>['basis'];

const BASES: Readonly<Record<Basis, readonly [string, string]>> = {
  record: ['Recorded', 'It is read off the records themselves.'],
  registry: [
    'As the registry has it',
    'The records are held against the registry: it is as sure as what stands there.',
  ],
  usual: ['Concluded', 'It is held against what was usual; who does something new does nothing wrong by that alone.'],
};

export interface HowSureProps {
  readonly of: FindingDocument;
  readonly basis: Basis | undefined;
  readonly before: FindingContext['before'];
}

export function HowSure({ of, basis, before }: HowSureProps) {
  const [word, told] = BASES[basis ?? 'record'];
  return (
    <>
      <section>
        <h3>How sure that is</h3>
        <p>
          <b class={basis === 'usual' ? 'known-inferred' : undefined}>{word}.</b> {told}
        </p>
      </section>
      <section>
        <h3>Has this been noise before?</h3>
        <p>
          <Noise of={before} key_id={of.key_id} />
        </p>
        <p class="small muted">
          <a
            href={linkTo('/findings', { state: 'all', rule: of.rule, ...(of.key_id === '' ? {} : { key: of.key_id }) })}
          >
            {plural(sumOf(before.same_key), 'other finding')} of the same key
          </a>{' '}
          and{' '}
          <a href={linkTo('/findings', { state: 'all', rule: of.rule })}>
            {formatNumber(sumOf(before.others))} of others
          </a>
          {before.last_of_key !== null && <>; the last of this key on {formatTime(msOf(before.last_of_key), 'day')}</>}
        </p>
      </section>
    </>
  );
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function Noise({ of, key_id }: { readonly of: FindingContext['before']; readonly key_id: string }) {
  const ofKey = judgedOf(of.same_key);
  const ofAll = judgedOf({ ...of.others });
  const all = { right: ofKey.right + ofAll.right, wrong: ofKey.wrong + ofAll.wrong };
  const judged = all.right + all.wrong;
  if (judged === 0) return <>Nobody has judged a finding of this detection yet: there is nothing to go by.</>;
  return (
    <>
      {key_id !== '' && ofKey.right + ofKey.wrong > 0 && (
        <>
          For this key <b>{ofKey.right}</b> of {ofKey.right + ofKey.wrong} that were judged were right.{' '}
        </>
      )}
      Of all {plural(judged, 'finding')} of this detection that were judged, <b>{all.right}</b>{' '}
      {all.right === 1 ? 'was' : 'were'} noise and <b>{all.wrong}</b> {all.wrong === 1 ? 'was' : 'were'} what they
      looked like.
    </>
  );
}

function judgedOf(counts: Readonly<Record<string, number>>): { right: number; wrong: number } {
  return { right: counts['false-positive'] ?? 0, wrong: counts['true-positive'] ?? 0 };
}
