/** The parameters of a question as a form. What is given stands in the address, so a link asks the same. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { QuestionDocument } from '../../../../schemas/api/questions.ts';
import type { Trouble } from '../../api/problem.ts';
import { Button } from '../../components/button.tsx';
import { fieldName } from '../../components/entities.ts';
import { SelectField, TextField } from '../../components/fields.tsx';
import { change, search } from '../../state/location.ts';
import {
  addressName,
  faultOf,
  given,
  isOfRange,
  itemType,
  type Parameter,
  presetText,
  valuesOf,
} from './parameters.ts';

type Texts = Readonly<Record<string, string>>;

const FLAGS = [
  { value: 'true', shown: 'yes' },
  { value: 'false', shown: 'no' },
];

export function QuestionForm({
  of,
  trouble,
}: {
  readonly of: QuestionDocument;
  readonly trouble: Trouble | undefined;
}) {
  const parameters = of.parameters.filter((parameter) => !isOfRange(parameter));
  const [texts, setTexts] = useState<Texts>(() => textsOf(parameters));
  const [faults, setFaults] = useState<Texts>({});
  // Back and forward change the address: the form follows it at once, before somebody types what would be lost.
  useLayoutEffect(() => {
    setTexts(textsOf(parameters));
    setFaults({});
  }, [search.value]);
  const hasRange = of.parameters.some(isOfRange);
  const submit = (event: Event): void => {
    event.preventDefault();
    const found = faultsOf(of, parameters, texts);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    change(
      Object.fromEntries(
        parameters.map((parameter) => [addressName(parameter.name), valuesOf(parameter, texts[parameter.name] ?? '')]),
      ),
    );
  };
  return (
    <form class="stack question-form" onSubmit={submit} noValidate>
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          of={parameter}
          text={texts[parameter.name] ?? ''}
          fault={faults[parameter.name] ?? refusedOf(parameter, trouble)}
          onInput={(text) => setTexts({ ...texts, [parameter.name]: text })}
        />
      ))}
      {of.one_of.length > 0 && (
        <p class="small muted">At least one of {of.one_of.map(fieldName).join(', ')} must be given.</p>
      )}
      <p class="small muted">
        {hasRange
          ? 'The time is the one in the head of the page.'
          : 'The time in the head of the page does not apply: the question is not of a range.'}
      </p>
      {parameters.length > 0 && (
        <div class="row">
          <Button kind="main" type="submit">
            Ask
          </Button>
          <Button
            kind="plain"
            onClick={() => change(Object.fromEntries(parameters.map(({ name }) => [addressName(name), undefined])))}
          >
            Defaults
          </Button>
        </div>
      )}
    </form>
  );
}

function textsOf(parameters: readonly Parameter[]): Texts {
  const values = given(parameters);
  return Object.fromEntries(
    parameters.map((parameter) => [parameter.name, values[parameter.name]?.join('\n') ?? presetText(parameter)]),
  );
}

function faultsOf(of: QuestionDocument, parameters: readonly Parameter[], texts: Texts): Texts {
  const faults: Record<string, string> = {};
  for (const parameter of parameters) {
    const fault = faultOf(parameter, texts[parameter.name] ?? '');
    if (fault !== undefined) faults[parameter.name] = fault;
  }
  const isChosen = of.one_of.some((name) => (texts[name] ?? '').trim() !== '');
  const [first] = of.one_of;
  if (first !== undefined && !isChosen) faults[first] = `One of ${of.one_of.map(fieldName).join(', ')} must be given.`;
  return faults;
}

/** What the daemon found wrong with a value is told in the place of the value. */
function refusedOf({ name }: Parameter, trouble: Trouble | undefined): string | undefined {
  if (trouble?.code !== 'PARAMETER_INVALID' || !trouble.title.startsWith(`${name} `)) return undefined;
  return `Expected: ${trouble.expected ?? 'another value'}.`;
}

interface FieldProps {
  readonly of: Parameter;
  readonly text: string;
  readonly fault: string | undefined;
  readonly onInput: (text: string) => void;
}

function ParameterField({ of, text, fault, onInput }: FieldProps) {
  const { name, type, required, description, default: preset } = of;
  const item = itemType(type);
  const hint = [
    description ?? '',
    item === undefined ? '' : 'one on each line',
    preset === undefined || String(preset) === '' || Array.isArray(preset) ? '' : `default ${String(preset)}`,
  ]
    .filter((part) => part !== '')
    .join('; ');
  const shared = { label: `${fieldName(name)}${required ? ' *' : ''}`, value: text, onInput, fault, hint };
  if (type === 'Bool') return <SelectField {...shared} options={FLAGS} />;
  return <TextField {...shared} isLong={item !== undefined} isRequired={required} isMono={/UUID|IPv6/.test(type)} />;
}
