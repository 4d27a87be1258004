/** Buttons, and rows of buttons of which one is chosen. */
import type { ComponentChildren } from 'preact';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: (event: MouseEvent) => void;
  readonly kind?: 'main' | 'plain' | 'danger';
  readonly type?: 'button' | 'submit';
  readonly title?: string;
  readonly label?: string;
  readonly isDisabled?: boolean;
  readonly isPressed?: boolean;
  readonly isExpanded?: boolean;
}

export function Button(props: ButtonProps) {
  const { children, onClick, kind, type = 'button', title, label, isDisabled = false, isPressed, isExpanded } = props;
  return (
    <button
      type={type}
      class="button"
      data-kind={kind}
      title={title}
      aria-label={label}
      aria-pressed={isPressed}
      aria-expanded={isExpanded}
      disabled={isDisabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

export interface Choice<Word extends string> {
  readonly word: Word;
  readonly shown: ComponentChildren;
  readonly title?: string;
}

export function Choices<Word extends string>(props: {
  readonly label: string;
  readonly choices: readonly Choice<Word>[];
  readonly chosen: Word | undefined;
  readonly onChoose: (word: Word) => void;
}) {
  return (
    <fieldset class="group" aria-label={props.label} style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}>
      {props.choices.map(({ word, shown, title }) => (
        <button
          key={word}
          type="button"
          class="button"
          title={title}
          aria-pressed={word === props.chosen}
          onClick={() => props.onChoose(word)}
        >
          {shown}
        </button>
      ))}
    </fieldset>
  );
}
