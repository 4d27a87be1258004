/** `keys set-app`: the explicit assignment of keys to an app. */
import { writeAnswer } from '../ask/format/write-answer.ts';
import { UsageError, UserError } from '../core/errors.ts';
import type { Saying } from '../core/registry/entries.ts';
import { recordSayings } from '../registry/import.ts';
import { type Known, readKnown } from '../registry/known.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
import { givenTime } from './range.ts';
import { importOptions, summaryOf } from './registry-import.ts';

interface SetAppFlags {
  readonly account?: string;
  readonly from?: string;
  readonly format?: string;
}

export async function setApp(
  app: string,
  names: readonly string[],
  flags: SetAppFlags,
  context: CliContext,
): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const now = context.now();
  const fromMs = flags.from === undefined ? undefined : givenTime('--from', flags.from, now, now);
  const opened = await context.open();
  try {
    const known = await readKnown(opened.store, ['key']);
    const ids = names.map((name) => keyNamed(known, name, flags.account));
    const options = await importOptions(opened, context, false, fromMs);
    const sayings = (from: number): Saying[] =>
      ids.map((id) => ({
        ...{ kind: 'key', id, at: from, retracts: false, says: { app } },
        entry: { place: '', from, to: undefined },
      }));
    const entries = (from: number) => ({ sayings: sayings(from), faults: [], warnings: [] });
    const result = await recordSayings(entries, 'keys set-app', options);
    await writeAnswer(summaryOf(result), format, context.stdout, formatOptions(context, false));
  } finally {
    await opened.close();
  }
}

/** @throws UserError KEY_UNKNOWN, KEY_AMBIGUOUS */
export function keyNamed(known: Known, name: string, account: string | undefined): readonly string[] {
  const found = [...known.values()].filter(
    ({ kind, id }) => kind === 'key' && id[1] === name && (account === undefined || id[0] === account),
  );
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only.id;
  if (only === undefined) {
    throw new UserError('KEY_UNKNOWN', `the registry knows no key ${name}`, {
      got: account === undefined ? name : `${name} in account ${account}`,
      expected: 'a key that was imported',
      next: 'keytrail keys list shows them; keytrail keys import adds one',
    });
  }
  throw new UsageError('KEY_AMBIGUOUS', `several accounts have a key ${name}`, {
    got: found.map(({ id }) => id[0]).join(', '),
    expected: 'one account',
    next: 'name it with --account',
  });
}
