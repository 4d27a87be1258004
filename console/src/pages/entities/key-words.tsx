/** What is said of a key in a list. */
import type { KeyUsageDocument } from '../../../../schemas/api/entities.ts';
import { JUDGEMENTS } from '../../../../schemas/judgement.ts';
import { JudgementMark } from '../../components/judgement.tsx';

type Row = KeyUsageDocument['rows'][number];

export function KeyState({ of }: { readonly of: string }) {
  if (of === '') return <span class="tag tag-bad">not registered</span>;
  return <span class={of === 'active' ? undefined : 'muted'}>{of}</span>;
}

export function AllowListWord({ of: { state, allow_list_state, allow_list_entries } }: { readonly of: Row }) {
  if (state === '') return <span class="muted">–</span>;
  if (allow_list_state === 'defined')
    return <>{allow_list_entries === 1 ? '1 entry' : `${allow_list_entries} entries`}</>;
  return allow_list_state === 'none' ? <b>none</b> : <span class="muted">not known</span>;
}

type Judged = Pick<Row, (typeof JUDGEMENTS)[number]>;

/** What went wrong with some of its requests, the gravest first. */
export function wrongOf(of: Judged): (typeof JUDGEMENTS)[number] | undefined {
  return JUDGEMENTS.find((word) => word.startsWith('should') && of[word] > 0);
}

/** Only what is not as it should be is marked. */
export function WrongMark({ of }: { readonly of: Judged }) {
  const wrong = wrongOf(of);
  return wrong === undefined ? null : <JudgementMark of={wrong} isShort />;
}
