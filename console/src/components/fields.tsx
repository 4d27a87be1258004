/** Fields of forms: each with its label, what it takes, and what is wrong with what it holds. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Common {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
}

export interface TextFieldProps extends Common {
  readonly isSecret?: boolean;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly isLong?: boolean;
  readonly isMono?: boolean;
  readonly autoComplete?: string;
  readonly isFirst?: boolean;
}

export function TextField(props: TextFieldProps) {
  const id = useId();
  const { isSecret = false, isLong = false, isMono = false, isFirst = false, isRequired = false } = props;
  const shared = {
    id,
    value: props.value,
    placeholder: props.placeholder,
    required: isRequired,
    autocomplete: props.autoComplete ?? 'off',
    spellcheck: false,
    class: isMono ? 'mono' : undefined,
    autoFocus: isFirst,
    'aria-invalid': props.fault !== undefined,
    'aria-describedby': `${id}-more`,
    onInput: (event: Event) => props.onInput((event.currentTarget as HTMLInputElement).value),
  };
  return (
    <Labelled id={id} {...props}>
      {isLong ? (
        <textarea rows={3} {...shared} />
      ) : isSecret ? (
        <input type="password" {...shared} />
      ) : (
        <input type="text" {...shared} />
      )}
    </Labelled>
  );
}

export function SelectField(
  props: Common & { readonly options: readonly { readonly value: string; readonly shown: string }[] },
) {
  const id = useId();
  return (
    <Labelled id={id} {...props}>
      <select
        id={id}
        value={props.value}
        aria-describedby={`${id}-more`}
        onChange={(event) => props.onInput(event.currentTarget.value)}
      >
        {props.options.map(({ value, shown }) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface LabelledProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
  readonly children: ComponentChildren;
}

function Labelled({ id, label, hint, fault, children }: LabelledProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <span
        id={`${id}-more`}
        class={fault === undefined ? 'field-hint' : 'field-fault'}
        role={fault === undefined ? undefined : 'alert'}
      >
        {fault ?? hint ?? ''}
      </span>
    </div>
  );
}
