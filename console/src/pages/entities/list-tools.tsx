/** What narrows a list, and what it is sorted by; both stand in the address. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Choice, Choices } from '../../components/button.tsx';
import { useKeys } from '../../state/keyboard.ts';
import { change, value } from '../../state/location.ts';

const PAUSE_MS = 250;

/** Typing changes the address once it pauses: each letter would be a question of its own. */
export function WordsField({ label }: { readonly label: string }) {
  const field = useRef<HTMLInputElement>(null);
  const known = value('words');
  const [typed, setTyped] = useState(known);
  const told = useRef(known);
  const tell = (words: string): void => {
    told.current = words;
    change({ words }, { isReplacing: true });
  };
  useEffect(() => {
    // Back and forward are followed. What the field itself has told is not: more may have been typed since.
    if (known !== told.current) setTyped(known);
    told.current = known;
  }, [known]);
  useEffect(() => {
    if (typed === known) return;
    const timer = setTimeout(() => tell(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, known]);
  useKeys([{ keys: 'f', does: 'find by name', group: 'This list', run: () => field.current?.focus() }]);
  return (
    <input
      ref={field}
      type="search"
      class="words-field"
      aria-label={label}
      placeholder={`${label} (f)`}
      value={typed}
      spellcheck={false}
      autocomplete="off"
      onInput={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
        if (event.key === 'Enter') {
          tell(typed);
          event.currentTarget.blur();
        }
      }}
    />
  );
}

export interface ParamChoiceProps<Word extends string> {
  readonly name: string;
  readonly label: string;
  /** The first stands for an address without the parameter. */
  readonly choices: readonly Choice<Word>[];
}

/** What the address says, or the first choice where it says something else. */
export function chosenOf<Word extends string>(name: string, words: readonly Word[]): Word {
  const given = value(name);
  return words.find((word) => word === given) ?? (words[0] as Word);
}

export function ParamChoice<Word extends string>({ name, label, choices }: ParamChoiceProps<Word>) {
  const words = choices.map(({ word }) => word);
  return (
    <Choices
      label={label}
      chosen={chosenOf(name, words)}
      choices={choices}
      onChoose={(word) => change({ [name]: word === words[0] ? undefined : word })}
    />
  );
}
