/** Something that is so, or is not. */
import type { ComponentChildren } from 'preact';

export function CheckField(props: {
  readonly label: ComponentChildren;
  /** Where the label is none that can be read out. */
  readonly name?: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { label, name, isOn, isDisabled = false, onChange } = props;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isOn}
        disabled={isDisabled}
        aria-label={name}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}
