/** Something that is done once, by a button: whether it is under way, and what became of it. */
import { useState } from 'preact/hooks';
import { post } from './client.ts';
import { type Trouble, troubleFrom } from './problem.ts';
import { forgetAnswers } from './use-query.ts';

export interface Action<Answer> {
  /** @returns the answer; `undefined` where it did not come, and `trouble` says why */
  readonly send: (body: unknown, path?: string) => Promise<Answer | undefined>;
  readonly isBusy: boolean;
  readonly answer: Answer | undefined;
  readonly trouble: Trouble | undefined;
  readonly forget: () => void;
}

interface State<Answer> {
  readonly isBusy: boolean;
  readonly answer?: Answer | undefined;
  readonly trouble?: Trouble | undefined;
}

export function useAction<Answer>(path: string): Action<Answer> {
  const [state, setState] = useState<State<Answer>>({ isBusy: false });
  const send = async (body: unknown, other = path): Promise<Answer | undefined> => {
    setState({ isBusy: true });
    try {
      const answer = await post<Answer>(other, body);
      forgetAnswers();
      setState({ isBusy: false, answer });
      return answer;
    } catch (error) {
      setState({ isBusy: false, trouble: troubleFrom(error) });
      return undefined;
    }
  };
  return { ...state, answer: state.answer, trouble: state.trouble, send, forget: () => setState({ isBusy: false }) };
}
