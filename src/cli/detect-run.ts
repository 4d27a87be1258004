/** `keytrail detect run`: what is new is looked at once, or until the program is told to stop. */
import { writeAnswer } from '../ask/format/write-answer.ts';
import { EXIT, messageOf, UsageError } from '../core/errors.ts';
import type { Finding } from '../core/findings/finding.ts';
import { backtest } from '../detect/backtest.ts';
import { configured } from '../detect/configured.ts';
import type { Detection } from '../detect/detections.ts';
import { type CycleReport, DetectionEngine, type EngineOptions } from '../detect/engine.ts';
import { watch } from '../detect/watch.ts';
import { LEASE, withStoreLock } from '../store/lock.ts';
import { type Delivery, openDelivery } from './alert-delivery.ts';
import { answerFormat, formatOptions } from './answer-output.ts';
import { type CliContext, exitWith } from './context.ts';
import { type DetectFlags, detectionNamed, knownDetections } from './detections.ts';
import { madeAnswer } from './made-answer.ts';
import { givenTime } from './range.ts';

export interface RunFlags extends DetectFlags {
  readonly once?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly backtest?: boolean;
  readonly rule: readonly string[];
  readonly fail?: boolean;
}

const FINDING_COLUMNS = {
  id: 'text',
  severity: 'text',
  raises: 'text',
  rule: 'text',
  summary: 'text',
  first_seen: 'time',
  last_seen: 'time',
  events: 'number',
  backfill: 'text',
} as const;
const DAY_COLUMNS = { rule: 'text', day: 'text', findings: 'number', alerts: 'number' } as const;
const DAY_MS = 86_400_000;
const BACKTEST_DAYS = 30;

export async function runDetections(flags: RunFlags, context: CliContext): Promise<void> {
  checkTogether(flags);
  const known = await knownDetections(flags, context);
  const settings = (await context.config()).detections;
  const { detections: enabled, given } = configured(known, settings.rules);
  const detections = flags.rule.length === 0 ? enabled : flags.rule.map((id) => detectionNamed(enabled, id));
  const opened = await context.open(isLoop(flags) ? { engine: 'child' } : {});
  try {
    const { store } = opened;
    const looking = { store, detections, given, liveAgeHoursMax: settings.liveAgeHoursMax, now: context.now };
    if (flags.backtest === true) await tryOut(looking, flags, context);
    else await withDelivery(looking, known, flags, context);
  } finally {
    await opened.close();
  }
}

/** Channels are opened before anything is looked for: what they lack is told at once. */
async function withDelivery(
  looking: EngineOptions,
  known: readonly Detection[],
  flags: RunFlags,
  context: CliContext,
): Promise<void> {
  const delivery = await openDelivery(looking.store, known, context);
  try {
    if (isLoop(flags)) await loop(looking, delivery, context);
    else await lookOnce(looking, flags, delivery, context);
  } finally {
    await delivery.close();
  }
}

const isLoop = ({ once, from, backtest: tried }: RunFlags): boolean => !once && from === undefined && tried !== true;

/** @throws UsageError OPTIONS_CONFLICT */
function checkTogether({ once, from, to, backtest: tried, fail }: RunFlags): void {
  const wrong = [
    [once === true && from !== undefined, '--once and --from', 'what is new, or a range'],
    [to !== undefined && from === undefined && tried !== true, '--to without --from', 'both ends of a range'],
    [once === true && tried === true, '--once and --backtest', 'one of them'],
    [fail === true && !once && from === undefined, '--fail without an end', '--fail with --once or --from'],
  ] as const;
  for (const [holds, what, expected] of wrong) {
    if (holds) throw new UsageError('OPTIONS_CONFLICT', `${what} do not go together`, { got: what, expected });
  }
}

/** Findings go out as they are found, and errors of single detections to stderr: the others went on. */
async function lookOnce(
  looking: EngineOptions,
  flags: RunFlags,
  delivery: Delivery,
  context: CliContext,
): Promise<void> {
  const { store } = looking;
  const engine = new DetectionEngine(looking);
  const found: Finding[] = [];
  let failed = 0;
  await withStoreLock(store, LEASE, async () => {
    await delivery.begin();
    for (let more = true; more; ) {
      const report = await reportOf(engine, flags, context);
      failed += complain(report, context);
      if (report.behind !== undefined) context.stderr.write(`${behindOf(report.behind)}\n`);
      found.push(...report.found, ...report.reopened);
      more = report.more && report.rules.every(({ error }) => error === undefined);
    }
    failed += await delivery.flush();
  });
  const format = answerFormat(flags.format, context.stdout);
  await writeAnswer(
    madeAnswer(FINDING_COLUMNS, found.map(rowOf)),
    format,
    context.stdout,
    formatOptions(context, false),
  );
  if (failed > 0) exitWith(EXIT.failed);
  else if (flags.fail === true && found.length > 0) exitWith(EXIT.findings);
}

const behindOf = (change: number): string =>
  `still looking again at what the change of the registry of ${new Date(change).toISOString()} says of the past`;

function reportOf(engine: DetectionEngine, { from, to }: RunFlags, { now }: CliContext): Promise<CycleReport> {
  if (from === undefined) return engine.cycle();
  return engine.lookAt(givenTime('--from', from, 0, now()), givenTime('--to', to, now(), now()));
}

const rowOf = ({ fingerprint, severity, raises, rule, summary, firstSeen, lastSeen, events, backfill }: Finding) => [
  ...[fingerprint.slice(0, 12), severity, raises, rule, summary],
  ...[new Date(firstSeen).toISOString(), new Date(lastSeen).toISOString(), events, backfill ? 'backfill' : ''],
];

/** @returns how many detections could not look */
function complain({ rules }: CycleReport, { stderr }: CliContext): number {
  const failed = rules.filter(({ error }) => error !== undefined);
  for (const { rule, error } of failed) stderr.write(`${rule} could not look: ${messageOf(error)}\n`);
  for (const { rule, capped } of rules) if (capped) stderr.write(`${rule} found more than it may keep\n`);
  return failed.length;
}

async function loop(looking: EngineOptions, delivery: Delivery, context: CliContext): Promise<void> {
  const logger = await context.logger();
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await watch({
      ...{ ...looking, sender: delivery, signal: stop.signal },
      onLease: (isHeld) => {
        if (isHeld) logger.info({ detections: looking.detections.length }, 'looking');
      },
      onRetry: ({ failures, error }) => logger.warn({ failures, error: error.message }, 'the store is away'),
      onCycle: (report) => {
        complain(report, context);
        if (report.behind !== undefined) {
          logger.info({ change: new Date(report.behind).toISOString() }, 'looking again');
        }
        for (const finding of [...report.found, ...report.reopened]) {
          context.stdout.write(`${JSON.stringify(finding)}\n`);
        }
      },
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function tryOut(looking: EngineOptions, flags: RunFlags, context: CliContext): Promise<void> {
  const now = context.now();
  const to = givenTime('--to', flags.to, now, now);
  const from = givenTime('--from', flags.from, to - BACKTEST_DAYS * DAY_MS, now);
  await new DetectionEngine(looking).feedAll();
  const rows: (readonly (string | number)[])[] = [];
  for await (const { rule, day, findings, alerts, capped } of backtest({ ...looking, from, to })) {
    rows.push([rule, new Date(day).toISOString().slice(0, 10), findings, alerts]);
    if (capped) context.stderr.write(`${rule} found more on one day than is counted\n`);
  }
  const format = answerFormat(flags.format, context.stdout);
  await writeAnswer(madeAnswer(DAY_COLUMNS, rows), format, context.stdout, formatOptions(context, false));
}
