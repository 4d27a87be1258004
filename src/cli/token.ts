/** `keytrail token`: who may talk to the daemon. */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { ROLES, type TokenRow } from '../../schemas/access.ts';
import { checkedToken, lifetimeMs } from '../access/new-token.ts';
import { addToken, listTokens, revokeToken, stateOf } from '../access/tokens.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
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
  const now = context.now();
  const { role, account: accounts, source = '', expires } = flags;
  const wanted = checkedToken({ name, role, accounts, source, expiresAtMs: expiryOf(expires, now) }, now);
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

/** @throws UsageError TIME_INVALID */
function expiryOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const lifetime = lifetimeMs(text);
  return lifetime === undefined ? givenTime('--expires', text, now, now) : now + lifetime;
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
  const state = stateOf(token, now);
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
