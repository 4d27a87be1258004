/** Places in an answer, as a text that a client hands back and does not read. */
import type { z } from 'zod';
import { Problem } from '../problem.ts';

export function encodeToken(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @throws Problem CURSOR_INVALID for a text that was not given out */
export function decodeToken<T>(text: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new Problem(400, 'CURSOR_INVALID', 'this is no place in an answer', {
      expected: 'what an earlier answer gave, unchanged',
    });
  }
}
