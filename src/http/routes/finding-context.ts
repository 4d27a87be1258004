/** What stands around a finding, for whoever has to say what it was. */
import { z } from 'zod';
import type { FindingContext } from '../../../schemas/api/findings.ts';
import type { Question } from '../../../schemas/questions.ts';
import type { Cell } from '../../ask/answer.ts';
import { timeParameter } from '../../ask/time-range.ts';
import { type CaseFinding, casesOf } from '../../core/findings/cases.ts';
import { CASE_AROUND_DAYS, CASE_FINDING_ROWS_MAX, CASE_TOLD_ENTRIES_MAX } from '../../core/limits.ts';
import { statement } from '../../store/statements.ts';
import type { Store } from '../../store/store.ts';

const MS_PER_DAY = 86_400_000;
/** As `keytrail findings cases` has it. */
const CASE_WITHIN_MS = MS_PER_DAY;

type Row = Readonly<Record<string, Cell>>;

interface Around {
  readonly row: Row;
  /** Nobody who is held to accounts is told what a detection, which sees all, put into words. */
  readonly seesAll: boolean;
  readonly signal: AbortSignal;
}

export async function contextOf(
  store: Store,
  questions: readonly Question[],
  { row, seesAll, signal }: Around,
): Promise<FindingContext> {
  const [before, around] = await Promise.all([beforeOf(store, row, signal), caseOf(store, row, signal)]);
  return {
    detection: detectionOf(
      questions.find(({ id }) => id === row.rule),
      questions,
    ),
    before,
    case: {
      ...around,
      findings: around.findings.slice(0, CASE_TOLD_ENTRIES_MAX).map((finding) => ({
        ...{ id: finding.fingerprint, rule: finding.rule, severity: finding.severity, state: finding.state },
        summary: seesAll ? finding.summary : '',
        ...{ account_id: finding.account_id, key_id: finding.key_id, source_ip: seesAll ? finding.address : '' },
        first_seen: new Date(finding.first_ms).toISOString(),
        last_seen: new Date(finding.last_ms).toISOString(),
      })),
    },
  };
}

/** Tables and views that hold what is usual. */
const USUAL = /\b(?:key_values|novel_values|key_places|key_manners|key_hours)\b/;
const KNOWN = /\b(?:registry_\w+|rule_\w+|verdict|expected)\b/;

function detectionOf(question: Question | undefined, questions: readonly Question[]): FindingContext['detection'] {
  if (question?.detection === undefined) return null;
  const { title, question: asks, description = '', detection, params, sql } = question;
  return {
    ...{ title, question: asks, description },
    basis: USUAL.test(sql) ? 'usual' : KNOWN.test(sql) ? 'registry' : 'record',
    runbook: [...detection.runbook],
    questions: questions
      .filter(({ id }) => detection.runbook.some((step) => wordsOf(step).includes(id)))
      .map(({ id, params: taken }) => ({ id, parameters: Object.keys(taken) })),
    references: [...detection.references],
    thresholds: Object.entries(params).flatMap(([name, { default: value, description: text = '', reason }]) =>
      reason === undefined ? [] : [{ name, value, description: text, reason }],
    ),
  };
}

function wordsOf(step: string): readonly string[] {
  return step.match(/[a-z0-9]+(?:-[a-z0-9]+)*/g) ?? [];
}

const beforeRow = z.object({ is_same_key: z.number(), state: z.string(), findings: z.number(), last_ms: z.number() });

async function beforeOf(store: Store, { id }: Row, signal: AbortSignal): Promise<FindingContext['before']> {
  const options = { role: 'reader', parameters: { id: String(id) }, signal } as const;
  const rows = z.array(beforeRow).parse(await store.rows(statement('findings-before'), options));
  const ofKey = rows.filter(({ is_same_key }) => is_same_key === 1);
  const counts = (of: typeof rows) => Object.fromEntries(of.map(({ state, findings }) => [state, findings]));
  const lastMs = Math.max(0, ...ofKey.map(({ last_ms }) => last_ms));
  return {
    same_key: counts(ofKey),
    others: counts(rows.filter(({ is_same_key }) => is_same_key === 0)),
    last_of_key: lastMs === 0 ? null : new Date(lastMs).toISOString(),
  };
}

const caseRow = z.object({
  ...{ fingerprint: z.string(), rule: z.string(), severity: z.string(), state: z.string(), summary: z.string() },
  ...{ account_id: z.string(), key_id: z.string(), address: z.string(), first_ms: z.number(), last_ms: z.number() },
});
type CaseRow = z.infer<typeof caseRow> & CaseFinding;

interface Whole {
  readonly id: string;
  readonly total: number;
  readonly findings: readonly CaseRow[];
}

/** A case may reach further than the days that are looked at: what lies near the finding is what counts here. */
async function caseOf(store: Store, { id, first_seen, last_seen }: Row, signal: AbortSignal): Promise<Whole> {
  const aroundMs = CASE_AROUND_DAYS * MS_PER_DAY;
  const parameters = {
    from: timeParameter(Math.max(0, Date.parse(String(first_seen)) - aroundMs)),
    to: timeParameter(Date.parse(String(last_seen)) + aroundMs),
    findings_max: CASE_FINDING_ROWS_MAX,
  };
  const rows = await store.rows(statement('findings-cases'), { role: 'reader', parameters, signal });
  const cases = casesOf(z.array(caseRow).parse(rows), CASE_WITHIN_MS);
  const own = cases.find(({ findings }) => findings.some(({ fingerprint }) => fingerprint === id));
  return { id: own?.id ?? '', total: own?.findings.length ?? 0, findings: own?.findings ?? [] };
}
