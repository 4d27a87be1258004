import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseOriginator } from '../../../schemas/fields/principal.ts';

test('an originator reads the same at its first and at every later time, however many others came between', () => {
  const name = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ minLength: 190, maxLength: 210 }));
  fc.assert(
    fc.property(name, name, (person, mailbox) => {
      const originator = `${person} (${mailbox}@example.com)`;
      const first = parseOriginator(originator);
      for (let other = 0; other < 1_001; other++) parseOriginator(`Person ${other}`);
      expect(parseOriginator(originator)).toEqual(first);
    }),
    { numRuns: 50 },
  );
});

test('is a name, an email, or both', () => {
  expect(parseOriginator('Ada (the first) Byron (ada@example.com)')).toEqual({
    name: 'Ada (the first) Byron',
    email: 'ada@example.com',
  });
  expect(parseOriginator('ada@example.com')).toEqual({ name: '', email: 'ada@example.com' });
  expect(parseOriginator('System')).toEqual({ name: 'System', email: '' });
  expect(parseOriginator('')).toEqual({ name: '', email: '' });
});
