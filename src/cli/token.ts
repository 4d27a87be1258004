/** `keytrail token`: who may talk to the daemon. */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { ROLES, type Role, type TokenRow } from '../../schemas/access.ts';
import { SOURCES } from '../../schemas/sources/index.ts';
import { ACCESS_LOG } from '../../schemas/sources/keytrail/access-log.ts';
import { addToken, listTokens, type NewToken, revokeToken } from '../access/tokens.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { UsageError } from '../core/errors.ts';
import { TOKEN_NAME_CHARS_MAX } from '../core/limits.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
import { checkSource } from './intake-options.ts';
import { FORMAT_HELP } from './keys.ts';
import { madeAnswer } from './made-answer.ts';
import { several } from './option-values.ts';
import { givenTime } from './range.ts';

interface AddFlags {
  readonly role: string;
  readonly account: readonly string[];
  readonly source?: string;
  readonly expires?: string;
}

const LIFETIME = /^(\d{1,5})([hdw])$/;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

export function defineToken(program: Command, context: CliContext): void {
  const token = program.command('token').description('who may talk to the daemon, and what for');
  token
    .command('add')
    .description('make a token; it is shown once')
    .argument('<name>', 'what the token is for, or whose it is')
    .requiredOption('--role <role>', ROLES.join(', '))
    .option('--account <id>', 'only this account; again for another', several, [])
    .option('--source <name>', 'with --role push: the source of its records')
    .option('--expires <time>', 'when it stops counting: ISO 8601, or after so long (90d, 12h)')
    .action((name: string, flags: AddFlags) => add(name, flags, context));
  token
    .command('list')
    .description('every token there ever was, and whether it counts')
    .option('--format <format>', FORMAT_HELP)
    .option('--local', "times in this machine's zone instead of UTC")
    .action((flags: { format?: string; local?: boolean }) => list(flags, context));
  token
    .command('revoke')
    .description('make a token count no more')
    .argument('<token>', 'its id, or its name')
    .action((id: string) => revoke(id, context));
}

async function add(name: string, flags: AddFlags, context: CliContext): Promise<void> {
  const wanted = checkedToken(name, flags, context.now());
  const opened = await context.open();
  try {
    const made = await addToken(opened.store, wanted, randomBytes);
    // The answer is the token alone, so that a script can keep it.
    context.stdout.write(`${made.text}\n`);
    context.stderr.write(`keytrail: this is the only time that the token ${made.id} is shown\n`);
  } finally {
    await opened.close();
  }
}

function checkedToken(name: string, flags: AddFlags, now: number): NewToken {
  const role = ROLES.find((one) => one === flags.role);
  if (role === undefined) throw wrong('ROLE_UNKNOWN', 'no role is named so', flags.role, ROLES.join(', '));
  if (name.trim() === '' || name.length > TOKEN_NAME_CHARS_MAX) {
    throw wrong('TOKEN_NAME_INVALID', 'this is no name', name, `1 to ${TOKEN_NAME_CHARS_MAX} characters`);
  }
  const source = checkedSource(role, flags);
  const expiresAtMs = flags.expires === undefined ? undefined : expiryOf(flags.expires, now);
  return { name, role, accounts: flags.account, source, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
}

function checkedSource(role: Role, { source, account }: AddFlags): string {
  if (role !== 'push') {
    if (source === undefined) return '';
    throw wrong('SOURCE_UNUSED', 'only a token that pushes has a source', source, 'no --source, or --role push');
  }
  // What keytrail writes of itself nobody else may write.
  const names = SOURCES.flatMap(({ name }) => (name === ACCESS_LOG ? [] : [name]));
  if (source === undefined || !names.includes(source)) {
    throw wrong(
      'SOURCE_UNKNOWN',
      'a token that pushes names the source of its records',
      source ?? 'none',
      names.join(', '),
    );
  }
  if (account.length > 1) {
    throw wrong('ACCOUNT_AMBIGUOUS', 'a token that pushes has one account', account.join(', '), 'one --account');
  }
  checkSource(source, account[0], false);
  return source;
}

function expiryOf(text: string, now: number): number {
  const [, count = '', unit = ''] = LIFETIME.exec(text) ?? [];
  const at = unit === '' ? givenTime('--expires', text, now, now) : now + Number(count) * (UNIT_MS[unit] ?? 0);
  if (at > now) return at;
  throw wrong('EXPIRY_PAST', 'the token would not count from the beginning', text, 'a time that is still to come');
}

function wrong(code: string, message: string, got: string, expected: string): UsageError {
  return new UsageError(code, message, { got, expected });
}

const COLUMNS = {
  token_id: 'text',
  name: 'text',
  role: 'text',
  accounts: 'other',
  source: 'text',
  state: 'text',
  added_at: 'time',
  expires_at: 'time',
  revoked_at: 'time',
} as const;

async function list(flags: { format?: string; local?: boolean }, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const opened = await context.open();
  try {
    const tokens = await listTokens(opened.store);
    const rows = tokens.map((token) => rowOf(token, context.now()));
    await writeAnswer(madeAnswer(COLUMNS, rows), format, context.stdout, formatOptions(context, flags.local === true));
  } finally {
    await opened.close();
  }
}

function rowOf(token: TokenRow, now: number) {
  const { token_id, name, role, accounts, source, added_at_ms, expires_at_ms, revoked_at_ms } = token;
  const isOver = expires_at_ms > 0 && expires_at_ms <= now;
  const state = revoked_at_ms > 0 ? 'revoked' : isOver ? 'expired' : 'counts';
  const time = (ms: number) => (ms === 0 ? null : new Date(ms).toISOString());
  return [token_id, name, role, accounts, source, state, time(added_at_ms), time(expires_at_ms), time(revoked_at_ms)];
}

async function revoke(id: string, context: CliContext): Promise<void> {
  const opened = await context.open();
  try {
    const token = await revokeToken(opened.store, id);
    context.stderr.write(`keytrail: the token ${token.token_id} (${token.name}) counts no more\n`);
  } finally {
    await opened.close();
  }
}
