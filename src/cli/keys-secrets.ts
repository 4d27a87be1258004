/**
 * `keys fingerprint` and `keys find-secret`. The secret comes on standard input, because arguments stand in the list of
 * processes and in the history of shells; it stays in memory and leaves it only as a keyed fingerprint.
 */
import type { Command } from 'commander';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { readAnswer } from '../ask/read-answer.ts';
import { timeParameter } from '../ask/time-range.ts';
import { EXIT, UsageError } from '../core/errors.ts';
import { createFingerprinter } from '../core/fingerprint.ts';
import { SECRET_FILE_BYTES_MAX } from '../core/limits.ts';
import { recordSayings } from '../registry/import.ts';
import { readKnown } from '../registry/known.ts';
import { fingerprintsOf } from '../registry/secrets.ts';
import { keyNamed } from '../registry/set-app.ts';
import { statement } from '../store/statements.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import { type CliContext, exitWith } from './context.ts';
import { givenRange } from './range.ts';
import { importOptions } from './registry-import.ts';

interface FingerprintFlags {
  readonly stdin?: boolean;
  readonly key?: string;
  readonly account?: string;
}

interface FindFlags {
  readonly stdin?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly format?: string;
  readonly local?: boolean;
}

export function defineKeySecrets(keys: Command, context: CliContext): void {
  keys
    .command('fingerprint')
    .description('the keyed fingerprint of a user key, which is read from standard input and never stored')
    .option('--stdin', 'read the key from standard input (the only way)')
    .option('--key <name>', 'store the fingerprint with this key of the registry')
    .option('--account <id>', 'account of that key, where its name is in several')
    .action((flags: FingerprintFlags) => fingerprint(flags, context));
  keys
    .command('find-secret')
    .description('which key a leaked value is, and where its fingerprint stands in stored records')
    .option('--stdin', 'read the value from standard input (the only way)')
    .option('--from <time>', 'events at or after this time: ISO 8601, -24h, -7d, now (default: all time)')
    .option('--to <time>', 'events before this time')
    .option('--format <format>', 'table, json, ndjson, csv, markdown (default: table on a terminal, else ndjson)')
    .option('--local', "times in this machine's zone instead of UTC")
    .action((flags: FindFlags) => findSecret(flags, context));
}

async function fingerprint(flags: FingerprintFlags, context: CliContext): Promise<void> {
  const secret = await secretFrom(flags.stdin, process.stdin);
  const config = await context.config();
  const opened = await context.open();
  try {
    const made = createFingerprinter(await opened.storeKey(), config.fingerprintKeyId).fingerprint(secret);
    if (flags.key !== undefined) {
      const id = keyNamed(await readKnown(opened.store, ['key']), flags.key, flags.account);
      const entries = (from: number) => ({
        sayings: [
          {
            ...({ kind: 'key', id, at: from, retracts: false, says: { fingerprint: made } } as const),
            entry: { place: '', from, to: undefined },
          },
        ],
        ...{ faults: [], warnings: [] },
      });
      await recordSayings(entries, 'keys fingerprint', await importOptions(opened, context, false, undefined));
    }
    context.stdout.write(`${made}\n`);
  } finally {
    await opened.close();
  }
}

async function findSecret(flags: FindFlags, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  const now = context.now();
  const { from, to } = givenRange(flags.from, flags.to, now);
  const secret = await secretFrom(flags.stdin, process.stdin);
  const config = await context.config();
  const opened = await context.open();
  try {
    const { store } = opened;
    const fingerprints = await fingerprintsOf(store, await opened.storeKey(), config.fingerprintKeyId, secret);
    const parameters = { fingerprints, from: timeParameter(from), to: timeParameter(to), now: timeParameter(now) };
    const found = await readAnswer(store, statement('find-secret'), parameters);
    let rows = 0;
    const counted = async function* () {
      for await (const row of found.rows) {
        rows++;
        yield row;
      }
    };
    const options = formatOptions(context, flags.local === true);
    await writeAnswer({ ...found, rows: counted() }, format, context.stdout, options);
    if (rows > 0) exitWith(EXIT.findings);
  } finally {
    await opened.close();
  }
}

/**
 * @returns the value without the line break that ends it
 * @throws UsageError SECRET_NOT_GIVEN, SECRET_INVALID; no message ever shows the value
 */
async function secretFrom(stdin: boolean | undefined, input: NodeJS.ReadStream): Promise<string> {
  if (stdin !== true) {
    throw new UsageError('SECRET_NOT_GIVEN', 'the secret is read from standard input, and only when --stdin says so', {
      expected: '--stdin, with the secret in a pipe or typed and ended with Ctrl-D',
      next: 'never give a secret as an argument: others see it in the list of processes',
    });
  }
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of input) {
    parts.push(Buffer.from(part));
    bytes += part.length;
    if (bytes > SECRET_FILE_BYTES_MAX) break;
  }
  const secret = Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (secret !== '' && bytes <= SECRET_FILE_BYTES_MAX && !/[\r\n]/.test(secret)) return secret;
  throw new UsageError('SECRET_INVALID', 'standard input does not hold one secret', {
    got: secret === '' ? 'nothing' : `${bytes > SECRET_FILE_BYTES_MAX ? 'more than' : ''} ${bytes} bytes`.trim(),
    expected: `one line of at most ${SECRET_FILE_BYTES_MAX} bytes`,
  });
}
