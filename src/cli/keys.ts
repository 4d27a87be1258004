/** `keytrail keys`: the registry of user keys over time. */
import type { Command } from 'commander';
import { KEY_STATES } from '../../schemas/registry.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { timeParameter } from '../ask/time-range.ts';
import { UsageError } from '../core/errors.ts';
import type { CliContext } from './context.ts';
import { exportKeys } from './keys-export.ts';
import { defineKeySecrets } from './keys-secrets.ts';
import { setApp } from './keys-set-app.ts';
import { several } from './option-values.ts';
import { givenRange, givenTime } from './range.ts';
import { defineImport, type ImportFlags, runImport } from './registry-import.ts';
import { answerStatement } from './statement-answer.ts';

interface ListFlags {
  readonly account?: string;
  readonly owner?: string;
  readonly app?: string;
  readonly state: readonly string[];
  readonly at?: string;
  readonly unregistered?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly format?: string;
  readonly local?: boolean;
}

interface OneKeyFlags {
  readonly account?: string;
  readonly format?: string;
  readonly local?: boolean;
}

export const FORMAT_HELP = `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`;
const LOCAL_HELP = "times in this machine's zone instead of UTC";

export function defineKeys(program: Command, context: CliContext): void {
  const keys = program
    .command('keys')
    .description('who owns which key, for which app, with which allow list, since when');
  defineImport(
    keys.command('import').description('record what a file says of accounts, users, keys and app rules'),
    (file: string, flags: ImportFlags) => runImport(file, 'registry', flags, context),
  );
  keys
    .command('list')
    .description('the keys as they are known to be, or those that events name and the registry does not know')
    .option('--account <id>', 'only of this account')
    .option('--owner <email>', 'only of this owner')
    .option('--app <app>', 'only assigned to this app')
    .option('--state <state>', `only in this state (${KEY_STATES.join(', ')}); again for another`, several, [])
    .option('--at <time>', 'as they were at this time: ISO 8601, -24h, -7d, now (default: now)')
    .option('--unregistered', 'keys that events name and no account of the registry ever had')
    .option('--from <time>', 'with --unregistered: used at or after this time')
    .option('--to <time>', 'with --unregistered: used before this time')
    .option('--format <format>', FORMAT_HELP)
    .option('--local', LOCAL_HELP)
    .action((flags: ListFlags) => list(flags, context));
  keys
    .command('show')
    .description('one key: what is known of it now, and what it was used for')
    .argument('<key>', 'its name')
    .option('--account <id>', 'only in this account')
    .option('--format <format>', FORMAT_HELP)
    .option('--local', LOCAL_HELP)
    .action((key: string, flags: OneKeyFlags) =>
      answerStatement(context, 'keys-show', flags, () => ({
        key_id: key,
        account_id: flags.account ?? '',
        now: timeParameter(context.now()),
      })),
    );
  keys
    .command('history')
    .description('one key over time: every version, when it was learned and from what')
    .argument('<key>', 'its name')
    .option('--account <id>', 'only in this account')
    .option('--format <format>', FORMAT_HELP)
    .option('--local', LOCAL_HELP)
    .action((key: string, flags: OneKeyFlags) =>
      answerStatement(context, 'keys-history', flags, () => ({ key_id: key, account_id: flags.account ?? '' })),
    );
  keys
    .command('export')
    .description('the registry as a file that imports to the same')
    .option('--format <format>', 'yaml, json, or csv (keys only)', 'yaml')
    .action((flags: { format: string }) => exportKeys(flags.format, context));
  keys
    .command('set-app')
    .description('say which app keys serve')
    .argument('<app>', 'name of the app; "" for none')
    .argument('<keys...>', 'names of keys')
    .option('--account <id>', 'account of the keys, where their names are in several')
    .option('--from <time>', 'since when it is so (default: now)')
    .option('--format <format>', FORMAT_HELP)
    .action((app: string, names: string[], flags) => setApp(app, names, flags, context));
  defineKeySecrets(keys, context);
}

async function list(flags: ListFlags, context: CliContext): Promise<void> {
  const now = context.now();
  const account_id = flags.account ?? '';
  if (flags.unregistered === true) {
    const { from, to } = givenRange(flags.from, flags.to, now);
    const range = { from: timeParameter(from), to: timeParameter(to), now: timeParameter(now) };
    return answerStatement(context, 'keys-unregistered', flags, () => ({ ...range, account_id }));
  }
  const unknown = flags.state.find((state) => !(KEY_STATES as readonly string[]).includes(state));
  if (unknown !== undefined) {
    throw new UsageError('STATE_UNKNOWN', `no state is named ${unknown}`, {
      got: unknown,
      expected: KEY_STATES.join(', '),
    });
  }
  const at = timeParameter(givenTime('--at', flags.at, now, now));
  const asked = { account_id, owner: (flags.owner ?? '').toLowerCase(), app: flags.app ?? '', states: flags.state, at };
  return answerStatement(context, 'keys-list', flags, () => asked);
}
