/** `keytrail demo redis-cloud`: collects from a stand-in of the API while its log grows, and asks what came of it. */
import path from 'node:path';
import type { Account } from '../../examples/redis-cloud/accounts.ts';
import { exampleAccounts, headersFor } from '../../examples/redis-cloud/example-accounts.ts';
import { type StandIn, startStandIn } from '../../examples/redis-cloud/stand-in.ts';
import type { AccountCycle } from '../collect/account-collector.ts';
import { type CollectResult, collectRedisCloud } from '../collect/collect.ts';
import { storeSinks } from '../collect/row-sink.ts';
import { openTransport } from '../collect/transport.ts';
import { Secret } from '../config/secret.ts';
import { collectParts } from './collect-parts.ts';
import type { CliContext, OpenedStore } from './context.ts';
import { teller } from './demo-answers.ts';
import { openIntake } from './intake-session.ts';

const SEED = 20261123;
const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
const HISTORY_ROWS = 5_000;
const SESSION_ROWS = 400;
const LIVE_MS = 4_000;
/** On a machine that is busy with other things, looks take longer. */
const LIVE_MS_MAX = 60_000;
/** Of each account behind the last new row: one may have begun before it. */
const LAST_LOOKS = 2;
const LOOK_MS = 1_000;
const GROW_MS = 250;
const STATUS_COLUMNS = [
  ...['account_id', 'resource', 'last_success', 'position', 'rows_new', 'rows_late'],
  ...['gaps', 'minute_requests_max', 'budget'],
];
/** Made while the demo looks on. */
const NEW_KEY = { apiKeyName: 'nightly-report' };

export async function demoRedisCloud(folder: string, context: CliContext): Promise<void> {
  const accounts = exampleAccounts({ seed: SEED, end: context.now(), rows: HISTORY_ROWS, sessions: SESSION_ROWS });
  const standIn = await startStandIn({ seed: SEED, now: context.now, accounts });
  try {
    const opened = await context.open();
    try {
      const { stdout } = context;
      stdout.write(
        `keytrail demo redis-cloud: a stand-in of Redis Cloud's API at ${standIn.url}, two accounts, 90 days\n\n`,
      );
      const first = await collect({ standIn, accounts, opened, context });
      stdout.write(`first run      ${counts(first)} in ${standIn.requests.length} requests\n`);
      const liveSince = context.now();
      const live = await whileItGrows({ standIn, accounts, opened, context });
      stdout.write(`live           ${counts(live)} in ${live.cycles} looks\n`);
      await tell(opened, context, folder, liveSince);
    } finally {
      await opened.close();
    }
  } finally {
    await standIn.close();
  }
}

const counts = ({ rowsNew, rowsLate }: CollectResult): string =>
  `${rowsNew.toLocaleString('en-US')} entries, ${rowsLate} of them late`;

interface Work {
  readonly standIn: StandIn;
  readonly accounts: readonly Account[];
  readonly opened: OpenedStore;
  readonly context: CliContext;
}

/** @param until without it, ends when everything that is there was read */
async function collect(
  { standIn, accounts, opened, context }: Work,
  until?: AbortSignal,
  onCycle: (cycle: AccountCycle) => void = () => {},
): Promise<CollectResult> {
  const { env, now } = context;
  const [config, logger] = [await context.config(), await context.logger()];
  const over = new AbortController();
  const { pipeline } = await openIntake({ config, opened, logger, env, now, signal: over.signal });
  const { latenessMsMax, sharePercent } = config.collect.redisCloud;
  const transport = openTransport();
  try {
    return await collectRedisCloud({
      accounts: accounts.map((account) => ({ id: String(account.id), keys: keysOf(account) })),
      ...(await collectParts(opened, context, { stop: until, over: over.signal })),
      ...{ baseUrl: `${standIn.url}/v1`, transport, once: until === undefined, everyMs: LOOK_MS },
      ...{ sharePercent, latenessMs: latenessMsMax, since: null, onCycle },
      openSink: storeSinks(pipeline, 'stand-in'),
    });
  } finally {
    over.abort();
    pipeline.close();
    transport.close();
  }
}

/** Rows appear between looks and between pages, and some of them late. */
async function whileItGrows(work: Work): Promise<CollectResult> {
  const stop = new AbortController();
  const growing = setInterval(() => {
    for (const { id } of work.accounts) {
      const account = work.standIn.account(id);
      account.grow({ rows: 3 });
      account.grow({ rows: 1, lateMs: LOOK_MS });
      account.append([{ ...NEW_KEY, type: 'Configuration', description: 'Backup disabled' }]);
      account.growSessions({ rows: 1 });
    }
  }, GROW_MS);
  aKeyIsMade(work);
  const looks = new Map(work.accounts.map(({ id }) => [String(id), 0]));
  let hasGrown = false;
  const grown = setTimeout(
    () => {
      clearInterval(growing);
      hasGrown = true;
    },
    LIVE_MS - LAST_LOOKS * LOOK_MS,
  );
  const late = setTimeout(() => stop.abort(), LIVE_MS_MAX);
  try {
    return await collect(work, stop.signal, ({ accountId }) => {
      if (!hasGrown) return;
      looks.set(accountId, (looks.get(accountId) ?? 0) + 1);
      if ([...looks.values()].every((count) => count >= LAST_LOOKS)) stop.abort();
    });
  } finally {
    clearInterval(growing);
    clearTimeout(grown);
    clearTimeout(late);
  }
}

/** The log says of a new key whose it is; of the others it tells names alone. */
function aKeyIsMade({ standIn, accounts }: Work): void {
  for (const { id, users } of accounts) {
    const owner = users.find(({ role }) => role === 'Owner');
    if (owner === undefined) continue;
    const originator = `${owner.name} (${owner.email})`;
    const made = {
      originator,
      type: 'Account',
      description: `API key ${NEW_KEY.apiKeyName} was created for ${originator}`,
    };
    standIn.account(id).append([made]);
  }
}

function keysOf(account: Account) {
  const { 'x-api-key': accountKey = '', 'x-api-secret-key': userKey = '' } = headersFor(account);
  return { accountKey: new Secret(accountKey), userKey: new Secret(userKey) };
}

async function tell(opened: OpenedStore, context: CliContext, folder: string, liveSince: number): Promise<void> {
  const now = context.now();
  const ask = await teller(opened, context, new Date(now));
  const since = (ms: number) => ({ from: new Date(now - ms).toISOString(), to: new Date(now + 1).toISOString() });
  const columns = ['account_id', 'key_id', 'owner', 'requests', 'actions', 'first_seen', 'last_seen'];
  await ask('Which keys changed something in the last 30 days?', 'key-usage', since(30 * DAY_MS), columns);
  await ask(
    'And while you waited? Of a key that was made meanwhile, the log tells whose it is.',
    'key-usage',
    // The log's clock has whole seconds.
    since(now - liveSince + SECOND_MS),
    columns,
  );
  await ask('How far has each collector come?', 'collector-status', {}, STATUS_COLUMNS);
  const at = path.relative(process.cwd(), folder) || '.';
  context.stdout.write(
    [
      '',
      'What to type next:',
      `  npx keytrail keys list --data-dir ${at}`,
      `  npx keytrail query session-correlation --from -7d --data-dir ${at}`,
      '  npx keytrail collect redis-cloud --check',
      '',
    ].join('\n'),
  );
}
