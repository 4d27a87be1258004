/** What became of a request, and whether it should have: verdict and recorded result in one word for people. */

export const JUDGEMENTS = ['allowed', 'denied', 'should-be-denied', 'should-be-allowed', 'not-judged'] as const;
export type Judgement = (typeof JUDGEMENTS)[number];

const OF_VERDICT: Readonly<Record<string, Judgement>> = {
  'allowed-but-should-be-denied': 'should-be-denied',
  'denied-but-should-be-allowed': 'should-be-allowed',
};

/** The same as the expression `judgement` of a search; a test holds one to the other. */
export function judgementOf(verdict: string, authResult: string): Judgement {
  if (verdict === 'consistent') return authResult === 'success' ? 'allowed' : 'denied';
  return OF_VERDICT[verdict] ?? 'not-judged';
}
