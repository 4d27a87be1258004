/** Schedules of the configuration, held against the kinds of reports that there are. */
import type { ScheduleConfig } from '../../schemas/report-schedules.ts';
import type { ReportFormat, ReportKind } from '../../schemas/reports.ts';
import { scheduleError } from '../config/schedules.ts';
import { invariant } from '../core/errors.ts';
import type { TimedSchedule } from '../core/reports/due.ts';
import type { ParameterValue } from '../core/reports/plan.ts';
import { scheduleTimes } from '../core/reports/schedule-times.ts';

export interface Schedule extends TimedSchedule {
  readonly kind: ReportKind;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** `''`: all accounts. */
  readonly account: string;
  readonly isPerOwner: boolean;
  /** Mailboxes by owner, where they are not those that the registry knows. */
  readonly recipients: Readonly<Record<string, readonly string[]>>;
  readonly formats: readonly ReportFormat[];
  readonly channels: readonly string[];
}

const FORMATS_DEFAULT: readonly ReportFormat[] = ['html'];

/** @throws UsageError SCHEDULE_INVALID */
export function schedulesOf(given: readonly ScheduleConfig[], kinds: readonly ReportKind[]): Schedule[] {
  return given.map((schedule) => scheduleOf(schedule, kinds));
}

function scheduleOf(given: ScheduleConfig, kinds: readonly ReportKind[]): Schedule {
  const { name, at, zone = 'UTC', account = '', formats, parameters = {} } = given;
  const kind = kinds.find(({ id }) => id === given.kind);
  if (kind === undefined) {
    throw scheduleError(given, 'names a kind of report that there is not', {
      got: given.kind,
      expected: `one of ${kinds.map(({ id }) => id).join(', ')}`,
    });
  }
  refuseParameters(given, kind);
  const times = scheduleTimes(at, zone);
  invariant(times, 'the times of a schedule were checked with the configuration');
  return {
    ...{ name, kind, zone, times, account, parameters },
    grain: given.period ?? kind.period,
    isPerOwner: given.per_owner ?? false,
    recipients: given.recipients ?? {},
    formats: [...new Set(formats ?? FORMATS_DEFAULT)],
    channels: [...new Set(given.channels)],
  };
}

function refuseParameters(given: ScheduleConfig, kind: ReportKind): void {
  const names = Object.keys(given.parameters ?? {});
  const known = Object.keys(kind.parameters);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const expected = known.length === 0 ? 'none' : `one of ${known.join(', ')}`;
    throw scheduleError(given, `names a parameter that ${kind.id} does not have`, { got: unknown, expected });
  }
  const isOpen = (name: string): boolean => kind.parameters[name]?.default === undefined;
  const missing = known.find((name) => isOpen(name) && !names.includes(name) && !kind.one_of?.includes(name));
  if (missing !== undefined) {
    throw scheduleError(given, `leaves a parameter of ${kind.id} open`, {
      got: 'none',
      expected: `parameters.${missing}`,
    });
  }
  if (kind.one_of !== undefined && !kind.one_of.some((name) => names.includes(name))) {
    const expected = `one of ${kind.one_of.join(', ')}`;
    throw scheduleError(given, `does not say what ${kind.id} is about`, { got: 'none', expected });
  }
}
