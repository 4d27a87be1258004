/** Parameters of a question: what the address gives them, what somebody typed, and what is wrong with that. */
import type { QuestionDocument } from '../../../../schemas/api/questions.ts';
import { query } from '../../state/location.ts';
import { instant } from '../../state/range.ts';
import { parseTyped } from '../../state/time.ts';

export type Parameter = QuestionDocument['parameters'][number];

const PREFIX = 'param.';

/** Those that the range in the head gives. */
export function isOfRange({ name }: Parameter): boolean {
  return name === 'from' || name === 'to';
}

export function itemType(type: string): string | undefined {
  return /^Array\((.+)\)$/.exec(type)?.[1];
}

/** As typed into a field: values of a list stand on lines of their own. */
export function presetText({ type, default: preset }: Parameter): string {
  if (preset === undefined || preset === null) return '';
  if (Array.isArray(preset)) return preset.map(String).join('\n');
  return itemType(type) === undefined ? String(preset) : '';
}

/** What the address says; a parameter that it does not name is absent. */
export function given(parameters: readonly Parameter[]): Readonly<Record<string, readonly string[]>> {
  const of = query();
  return Object.fromEntries(
    parameters.flatMap(({ name }) => {
      const values = of.getAll(`${PREFIX}${name}`);
      return values.length === 0 ? [] : [[name, values]];
    }),
  );
}

export function addressName(name: string): string {
  return `${PREFIX}${name}`;
}

/** The values of a field's text: none where it is empty or the default, so that the address holds what differs. */
export function valuesOf(parameter: Parameter, text: string): readonly string[] {
  const trimmed = text.trim();
  if (trimmed === presetText(parameter).trim()) return [];
  // A time that is relative now is another one tomorrow: a link must show the same then.
  if (/^DateTime/.test(parameter.type)) return [instant(parseTyped(trimmed) ?? Number.NaN)];
  if (itemType(parameter.type) === undefined) return [trimmed];
  return trimmed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is wrong with a text, as far as that can be told without asking; the daemon checks it again. */
export function faultOf(parameter: Parameter, text: string): string | undefined {
  const { type, required } = parameter;
  const trimmed = text.trim();
  if (trimmed === '') return required ? 'This must be given.' : undefined;
  const item = itemType(type);
  const lines = item === undefined ? [trimmed] : trimmed.split('\n').map((line) => line.trim());
  const wrong = lines.find((line) => line !== '' && !isOfType(item ?? type, line));
  if (wrong === undefined) return undefined;
  const named = lines.length > 1 ? `“${wrong.slice(0, 60)}” is not ` : 'This is not ';
  return `${named}${EXPECTED.find(([pattern]) => pattern.test(item ?? type))?.[1] ?? `a value of type ${type}`}.`;
}

const EXPECTED: readonly (readonly [RegExp, string])[] = [
  [/^UInt/, 'a whole number, 0 or more'],
  [/^Int/, 'a whole number'],
  [/^Float/, 'a number'],
  [/^IPv6$/, 'an IPv4 or IPv6 address'],
  [/^UUID$/, 'a UUID'],
  [/^DateTime/, 'a time such as 2026-11-22 14:05 or -7d'],
];

function isOfType(type: string, text: string): boolean {
  if (/^UInt/.test(type)) return /^\d{1,20}$/.test(text);
  if (/^Int/.test(type)) return /^[+-]?\d{1,20}$/.test(text);
  if (/^Float/.test(type)) return /^[+-]?\d+(?:\.\d+)?$/.test(text);
  if (type === 'IPv6') return /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i.test(text);
  if (type === 'UUID') return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  return !/^DateTime/.test(type) || parseTyped(text) !== undefined;
}

/** Parameters that must be given, and are not: each alone, or one of several. */
export function missing(
  { parameters, one_of: oneOf }: Pick<QuestionDocument, 'parameters' | 'one_of'>,
  values: Readonly<Record<string, readonly string[]>>,
): readonly (readonly string[])[] {
  const single = parameters
    .filter(({ name, required }) => required && values[name] === undefined)
    .map(({ name }) => [name]);
  const isOneGiven = oneOf.length === 0 || oneOf.some((name) => values[name] !== undefined);
  return isOneGiven ? single : [...single, oneOf];
}

/** A value as a shell takes it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}
