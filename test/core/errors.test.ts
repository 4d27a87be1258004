import { expect, test } from 'vitest';
import { EXIT, invariant, messageOf, UsageError, UserError } from '../../src/core/errors.ts';

test('what the user can fix carries a code, an explanation and an exit code', () => {
  const cause = new Error('deep below');
  const error = new UserError('NETWORK_INVALID', 'line 3 is not a network', { got: '10.2.0.0/33' }, { cause });
  expect(error).toMatchObject({ code: 'NETWORK_INVALID', exitCode: EXIT.failed, explanation: { got: '10.2.0.0/33' } });
  expect(error.cause).toBe(cause);
  expect(error).toBeInstanceOf(Error);
  expect(new UserError('FINDINGS', 'there are findings', {}, { exitCode: EXIT.findings }).exitCode).toBe(4);
});

test('wrong use of the command line is told apart by its exit code', () => {
  const error = new UsageError('OPTION_UNKNOWN', 'there is no --colour');
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'OPTION_UNKNOWN', exitCode: EXIT.usage, explanation: {} });
});

test('the exit codes are those that scripts rely on', () => {
  expect(EXIT).toEqual({ done: 0, failed: 1, usage: 2, deadLetters: 3, findings: 4 });
});

test('a broken promise of ours throws, and is no error of the user', () => {
  expect(() => invariant(false, 'a block is never empty')).toThrow('a block is never empty');
  expect(() => invariant(0, 'zero is not enough')).toThrow();
  invariant('text', 'a value is enough');
  try {
    invariant(undefined, 'it is there');
  } catch (error) {
    expect(error).not.toBeInstanceOf(UserError);
  }
  expect.assertions(3);
});

test('whatever was thrown can be said in one line', () => {
  expect(messageOf(new Error('it broke'))).toBe('it broke');
  expect(messageOf('it broke')).toBe('it broke');
  expect(messageOf(undefined)).toBe('undefined');
});
