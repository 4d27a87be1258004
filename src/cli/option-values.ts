/** Options that may be given several times. */
import type { GivenParameters } from '../ask/runner.ts';
import { UsageError } from '../core/errors.ts';

/** For commander: each value is added to those before. */
export const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/**
 * Values by name; a name that is given several times has all of its values.
 *
 * @param option as it is called, such as `--param`
 * @throws UsageError PARAMETER_INVALID
 */
export function namedValues(option: string, given: readonly string[]): GivenParameters {
  const values = new Map<string, string | string[]>();
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) {
      throw new UsageError('PARAMETER_INVALID', `${option} is not a name and a value`, {
        got: text,
        expected: 'name=value',
      });
    }
    const [name, value] = [text.slice(0, at), text.slice(at + 1)];
    const before = values.get(name);
    values.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  return Object.fromEntries(values);
}
