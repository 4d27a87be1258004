/** `keytrail findings`: what detections found, and what people do about it. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { FINDING_STATES } from '../../schemas/api/findings.ts';
import { SEVERITIES } from '../../schemas/detections.ts';
import { ANSWER_FORMATS } from '../ask/format/formats.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { timeParameter } from '../ask/time-range.ts';
import { UsageError } from '../core/errors.ts';
import { act, type FindingAction, findingOf, type ShownFinding } from '../findings/actions.ts';
import { checkSuppression, suppress } from '../findings/suppressions.ts';
import type { Store } from '../store/store.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import type { CliContext } from './context.ts';
import { type CasesFlags, tellCases } from './findings-cases.ts';
import { listSuppressions, unsuppress } from './findings-suppressions.ts';
import { madeAnswer } from './made-answer.ts';
import { several } from './option-values.ts';
import { givenRange, givenTime } from './range.ts';
import { answerStatement } from './statement-answer.ts';

const FORMAT_HELP = `${ANSWER_FORMATS.join(', ')} (default: table on a terminal, else ndjson)`;

interface ListFlags {
  readonly state: readonly string[];
  readonly severity?: string;
  readonly rule?: string;
  readonly key?: string;
  readonly from?: string;
  readonly to?: string;
  readonly format?: string;
}

interface ActFlags {
  readonly note?: string;
  readonly author?: string;
  readonly truePositive?: boolean;
  readonly falsePositive?: boolean;
}

interface SuppressFlags {
  readonly rule?: string;
  readonly entity: readonly string[];
  readonly cidr?: string;
  readonly until: string;
  readonly reason: string;
  readonly author?: string;
}

export function defineFindings(program: Command, context: CliContext): void {
  const findings = program.command('findings').description('what detections found, and what became of it');
  findings
    .command('list')
    .description('findings, the most severe first')
    .option('--state <state>', `only in this state (${FINDING_STATES.join(', ')}); again for another`, several, [])
    .option('--severity <severity>', `at least this (${SEVERITIES.join(', ')})`)
    .option('--rule <id>', 'only of this detection')
    .option('--key <name>', 'only of this key')
    .option('--from <time>', 'seen at or after this time: ISO 8601, -24h, -7d, now (default: all time)')
    .option('--to <time>', 'seen before this time')
    .option('--format <format>', FORMAT_HELP)
    .action((flags: ListFlags) => list(flags, context));
  findings
    .command('show')
    .description('one finding: what was observed, and the question that shows it')
    .argument('<id>', 'its id, or the beginning of it')
    .option('--format <format>', FORMAT_HELP)
    .action((id: string, flags: { format?: string }) => show(id, flags, context));
  const acting = (name: string, description: string): Command =>
    findings
      .command(name)
      .description(description)
      .argument('<ids...>', 'ids of findings, or the beginnings of them')
      .option('--note <text>', 'why')
      .option('--author <name>', 'who says so (default: the user of this machine)');
  acting('ack', 'say that somebody looks at it').action((ids: string[], flags: ActFlags) =>
    doTo(ids, 'acknowledge', flags, context),
  );
  acting('close', 'say what it was')
    .option('--true-positive', 'it was what it looked like: it never becomes usual')
    .option('--false-positive', 'it was right: it becomes usual')
    .action((ids: string[], flags: ActFlags) => doTo(ids, closing(flags), flags, context));
  findings
    .command('suppress')
    .description('keep what is known without an alert, until a time')
    .option('--rule <id>', 'findings of this detection (default: of any)')
    .option('--entity <column=pattern>', 'of such an entity, * for any text; again for another column', several, [])
    .option('--cidr <range>', 'whose address lies in this range')
    .requiredOption('--until <time>', 'when it ends: ISO 8601')
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who says so (default: the user of this machine)')
    .action((flags: SuppressFlags) => suppressFindings(flags, context));
  findings
    .command('suppressions')
    .description('what is kept without an alert: by whom, why, until when, and how much it was')
    .option('--format <format>', FORMAT_HELP)
    .action((flags: { format?: string }) => listSuppressions(flags, context));
  findings
    .command('unsuppress')
    .description('end a suppression now')
    .argument('<id>', 'its id, as suppress and suppressions say it')
    .option('--author <name>', 'who says so (default: the user of this machine)')
    .action((id: string, flags: { author?: string }) => unsuppress(id, authorOf(flags.author), context));
  findings
    .command('cases')
    .description('findings that share a key or an address at about the same time, as one; with an id those of it')
    .argument('[id]', 'the id of a case')
    .option('--within <hours>', 'hours between two findings of one case', '24')
    .option('--from <time>', 'seen at or after this time: ISO 8601, -24h, -7d, now (default: all time)')
    .option('--to <time>', 'seen before this time')
    .option('--format <format>', FORMAT_HELP)
    .action((id: string | undefined, flags: CasesFlags) => tellCases(id, flags, context));
}

async function list(flags: ListFlags, context: CliContext): Promise<void> {
  const unknown = flags.state.find((state) => !(FINDING_STATES as readonly string[]).includes(state));
  if (unknown !== undefined) throw oneOf('STATE_UNKNOWN', 'state', unknown, FINDING_STATES);
  const severity = flags.severity ?? SEVERITIES[0];
  const least = (SEVERITIES as readonly string[]).indexOf(severity);
  if (least < 0) throw oneOf('SEVERITY_UNKNOWN', 'severity', severity, SEVERITIES);
  const { from, to } = givenRange(flags.from, flags.to, context.now());
  await answerStatement(context, 'findings-list', flags, () => ({
    states: flags.state,
    rule: flags.rule ?? '',
    key_id: flags.key ?? '',
    severity_min: least + 1,
    from: timeParameter(from),
    to: timeParameter(to),
  }));
}

const oneOf = (code: string, what: string, got: string, names: readonly string[]): UsageError =>
  new UsageError(code, `no ${what} is named ${got}`, { got, expected: names.join(', ') });

async function show(id: string, flags: { format?: string }, context: CliContext): Promise<void> {
  const format = answerFormat(flags.format, context.stdout);
  await withStore(context, async (store) => {
    const rows = fieldsOf(await findingOf(store, id));
    const answer = madeAnswer({ field: 'text', value: 'text' }, rows);
    await writeAnswer(answer, format, context.stdout, formatOptions(context, false));
  });
}

function fieldsOf(found: ShownFinding): (readonly [string, string])[] {
  const facts = JSON.parse(found.facts) as Record<string, unknown>;
  return [
    ['id', found.fingerprint],
    ['summary', found.summary],
    ['state', found.state],
    ['severity', `${found.severity} (${found.raises}${found.backfill ? ', backfill' : ''})`],
    ['rule', `${found.rule}, version ${found.rule_version}`],
    ['seen', `${iso(found.first_seen)} to ${iso(found.last_seen)}, ${found.events} events`],
    ['found', iso(found.found_at)],
    ...(found.suppression === '' ? [] : [['suppressed by', found.suppression] as const]),
    ...(found.author === ''
      ? []
      : [['judged by', `${found.author} at ${iso(found.acted_at)}: ${found.note}`] as const]),
    ...Object.entries(facts).map(([name, value]) => [name, factText(value)] as const),
    ['evidence', evidenceOf(found)],
  ];
}

const factText = (value: unknown): string =>
  value === null ? '' : Array.isArray(value) ? value.map(factText).join(', ') : String(value);

/** Times of the store's JSON are UTC, without saying so. */
const iso = (text: string): string => `${text.replace(' ', 'T')}Z`;

/** The question whose answer shows it, with fixed times, so that it answers the same tomorrow. */
function evidenceOf({ rule, first_seen, last_seen, parameters }: ShownFinding): string {
  const given = Object.entries(JSON.parse(parameters) as Record<string, unknown>);
  const to = new Date(Date.parse(iso(last_seen)) + 1).toISOString();
  const more = given.map(([name, value]) => ` --param ${name}=${String(value)}`).join('');
  return `keytrail query ${rule} --from ${iso(first_seen)} --to ${to}${more}`;
}

function closing({ truePositive, falsePositive }: ActFlags): FindingAction {
  if ((truePositive === true) !== (falsePositive === true)) {
    return truePositive === true ? 'close-true-positive' : 'close-false-positive';
  }
  throw new UsageError('VERDICT_MISSING', 'a finding is closed as one of two', {
    got: truePositive === true ? 'both' : 'none',
    expected: '--true-positive or --false-positive',
  });
}

async function doTo(ids: readonly string[], action: FindingAction, flags: ActFlags, context: CliContext) {
  await withStore(context, async (store) => {
    const found: ShownFinding[] = [];
    for (const id of ids) found.push(await findingOf(store, id));
    const said = { action, author: authorOf(flags.author), note: flags.note ?? '', at: context.now() };
    await act(
      store,
      found.map(({ fingerprint }) => fingerprint),
      said,
    );
  });
}

const authorOf = (given: string | undefined): string => given ?? userInfo().username;

async function suppressFindings(flags: SuppressFlags, context: CliContext): Promise<void> {
  const { rule = '', cidr = '', reason } = flags;
  const entity = Object.fromEntries(flags.entity.map(entityPattern));
  const until = givenTime('--until', flags.until, 0, context.now());
  checkSuppression({ rule, cidr, entity, until }, context.now());
  const id = randomUUID().slice(0, 8);
  await withStore(context, (store) =>
    suppress(store, { id, rule, entity, cidr, until, reason, author: authorOf(flags.author) }, context.now()),
  );
  context.stdout.write(`${id}\n`);
}

function entityPattern(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError('ENTITY_INVALID', '--entity is not a column and a pattern', {
    got: text,
    expected: 'column=pattern',
  });
}

async function withStore(context: CliContext, work: (store: Store) => Promise<void>): Promise<void> {
  const opened = await context.open();
  try {
    await work(opened.store);
  } finally {
    await opened.close();
  }
}
