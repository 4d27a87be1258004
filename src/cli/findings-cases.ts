/** `keytrail findings cases`: findings that share a key or an address at about the same time, as one. */
import { z } from 'zod';
import { SEVERITIES } from '../../schemas/detections.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { timeParameter } from '../ask/time-range.ts';
import { UsageError, UserError } from '../core/errors.ts';
import { type Case, casesOf } from '../core/findings/cases.ts';
import { CASE_FINDING_ROWS_MAX } from '../core/limits.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
import { madeAnswer } from './made-answer.ts';
import { givenRange } from './range.ts';

export interface CasesFlags {
  readonly from?: string;
  readonly to?: string;
  readonly within: string;
  readonly format?: string;
}

const row = z.object({
  ...{
    fingerprint: z.string(),
    rule: z.string(),
    severity: z.enum(SEVERITIES),
    state: z.string(),
    summary: z.string(),
  },
  ...{ account_id: z.string(), key_id: z.string(), address: z.string(), first_ms: z.number(), last_ms: z.number() },
});
type Row = z.infer<typeof row>;

const CASE_COLUMNS = {
  ...({ id: 'text', severity: 'text', findings: 'number', open: 'number', keys: 'text', addresses: 'text' } as const),
  ...({ first_seen: 'time', last_seen: 'time', rules: 'text' } as const),
} as const;
const FINDING_COLUMNS = {
  ...({ id: 'text', state: 'text', severity: 'text', rule: 'text', summary: 'text' } as const),
  ...({ first_seen: 'time', last_seen: 'time' } as const),
} as const;
const HOURS_MAX = 8_760;

/** @throws UsageError WITHIN_INVALID; UserError CASE_UNKNOWN */
export async function tellCases(id: string | undefined, flags: CasesFlags, context: CliContext): Promise<void> {
  const hours = Number(flags.within);
  if (!Number.isInteger(hours) || hours < 1 || hours > HOURS_MAX) {
    throw new UsageError('WITHIN_INVALID', '--within is no number of hours', {
      ...{ got: flags.within, expected: `a whole number of hours up to ${HOURS_MAX}` },
    });
  }
  const format = answerFormat(flags.format, context.stdout);
  const opened = await context.open();
  try {
    const cases = await readCases(opened.store, flags, hours, context);
    const answer =
      id === undefined
        ? madeAnswer(CASE_COLUMNS, cases.map(caseRow))
        : madeAnswer(FINDING_COLUMNS, caseNamed(cases, id).findings.map(findingRow));
    await writeAnswer(answer, format, context.stdout, formatOptions(context, false));
  } finally {
    await opened.close();
  }
}

export async function readCases(
  store: Store,
  flags: Pick<CasesFlags, 'from' | 'to'>,
  hours: number,
  context: CliContext,
): Promise<Case<Row>[]> {
  const { from, to } = givenRange(flags.from, flags.to, context.now());
  const parameters = { from: timeParameter(from), to: timeParameter(to), findings_max: CASE_FINDING_ROWS_MAX };
  const rows = z.array(row).parse(await store.rows(statement('findings-cases'), { parameters }));
  if (rows.length === CASE_FINDING_ROWS_MAX) {
    context.stderr.write(`only the first ${CASE_FINDING_ROWS_MAX} findings are joined; give --from and --to\n`);
  }
  return casesOf(rows, hours * 3_600_000);
}

const time = (ms: number): string => new Date(ms).toISOString();
const several = (values: readonly string[]): string => [...new Set(values.filter((one) => one !== ''))].join(', ');

function caseRow({ id, findings }: Case<Row>) {
  const worst = Math.max(...findings.map(({ severity }) => SEVERITIES.indexOf(severity)));
  const open = findings.filter(({ state }) => state === 'open' || state === 'acknowledged').length;
  return [
    ...[id, SEVERITIES[worst] ?? '', findings.length, open],
    ...[several(findings.map(({ key_id }) => key_id)), several(findings.map(({ address }) => address))],
    time(Math.min(...findings.map(({ first_ms }) => first_ms))),
    time(Math.max(...findings.map(({ last_ms }) => last_ms))),
    several(findings.map(({ rule }) => rule)),
  ];
}

const findingRow = ({ fingerprint, state, severity, rule, summary, first_ms, last_ms }: Row) => [
  ...[fingerprint.slice(0, 12), state, severity, rule, summary, time(first_ms), time(last_ms)],
];

/** @throws UserError CASE_UNKNOWN */
export function caseNamed(cases: readonly Case<Row>[], id: string): Case<Row> {
  const found = cases.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new UserError('CASE_UNKNOWN', 'there is no such case', {
    ...{ got: id, expected: 'the id of a case, with the range and --within that listed it' },
    next: 'keytrail findings cases',
  });
}
