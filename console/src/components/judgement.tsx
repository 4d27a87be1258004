/** Verdicts: a word and a shape, and only then a colour. */
import { JUDGEMENTS, type Judgement } from '../../../schemas/judgement.ts';

export const SHAPES: Readonly<Record<Judgement, string>> = {
  allowed: '●',
  denied: '■',
  'should-be-denied': '▲',
  'should-be-allowed': '▽',
  'not-judged': '○',
};

export const JUDGEMENT_WORDS: Readonly<Record<Judgement, string>> = {
  allowed: 'allowed',
  denied: 'denied',
  'should-be-denied': 'should have been denied',
  'should-be-allowed': 'should have been allowed',
  'not-judged': 'cannot be judged',
};

export function isJudgement(word: string): word is Judgement {
  return (JUDGEMENTS as readonly string[]).includes(word);
}

/** @param isShort the shape alone is drawn, and the word is there for whoever does not see it */
export function JudgementMark({ of, isShort = false }: { readonly of: Judgement; readonly isShort?: boolean }) {
  return (
    <span class="verdict" data-judgement={of} title={JUDGEMENT_WORDS[of]}>
      <span class="mark" aria-hidden="true">
        {SHAPES[of]}
      </span>
      <span class={isShort ? 'unseen' : undefined}>{JUDGEMENT_WORDS[of]}</span>
    </span>
  );
}

export function Severity({ of }: { readonly of: string }) {
  return (
    <span class="severity" data-severity={of}>
      {of}
    </span>
  );
}
