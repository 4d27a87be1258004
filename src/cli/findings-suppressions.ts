/** `keytrail findings suppressions` and `unsuppress`: what is kept without an alert, and ending it. */
import { timeParameter } from '../ask/time-range.ts';
import { UserError } from '../core/errors.ts';
import { SUPPRESSION_LATELY_DAYS } from '../core/limits.ts';
import { endSuppression, suppressionsInForce } from '../findings/suppressions.ts';
import type { CliContext } from './context.ts';
import { answerStatement } from './statement-answer.ts';

export function listSuppressions(flags: { readonly format?: string }, context: CliContext): Promise<void> {
  const parameters = { now: timeParameter(context.now()), lately_days: SUPPRESSION_LATELY_DAYS };
  return answerStatement(context, 'suppressions-list', flags, () => parameters);
}

/** @throws UserError SUPPRESSION_UNKNOWN */
export async function unsuppress(id: string, author: string, context: CliContext): Promise<void> {
  const opened = await context.open();
  try {
    const inForce = await suppressionsInForce(opened.store, context.now());
    if (!inForce.some((one) => one.id === id)) {
      throw new UserError('SUPPRESSION_UNKNOWN', 'no such suppression is in force', {
        ...{ got: id, expected: inForce.map((one) => one.id).join(', ') || 'there is none' },
        next: 'keytrail findings suppressions',
      });
    }
    await endSuppression(opened.store, id, author, context.now());
  } finally {
    await opened.close();
  }
}
