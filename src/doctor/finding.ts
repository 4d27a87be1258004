/** What `doctor` finds: one line for each thing that it looked at. */
import { messageOf, UserError } from '../core/errors.ts';

export const LEVELS = ['ok', 'warn', 'fail'] as const;
export type Level = (typeof LEVELS)[number];

export interface Finding {
  readonly check: string;
  readonly level: Level;
  readonly found: string;
  /** What to do about it; `''` when all is well. */
  readonly next: string;
}

export function ok(check: string, found: string): Finding {
  return { check, level: 'ok', found, next: '' };
}

export function warn(check: string, found: string, next: string): Finding {
  return { check, level: 'warn', found, next };
}

export function fail(check: string, found: string, next: string): Finding {
  return { check, level: 'fail', found, next };
}

/** One look that fails must not hide the others. */
export async function look(check: string, at: () => Promise<Finding | readonly Finding[]>): Promise<Finding[]> {
  try {
    const found = await at();
    return Array.isArray(found) ? [...(found as readonly Finding[])] : [found as Finding];
  } catch (error) {
    return [failureOf(check, error)];
  }
}

export function failureOf(check: string, error: unknown): Finding {
  if (!(error instanceof UserError)) return fail(check, messageOf(error), '');
  const { got, next = '' } = error.explanation;
  return fail(check, got === undefined ? error.message : `${error.message}: ${got}`, next);
}
