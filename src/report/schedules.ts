/** Schedules of the configuration, held against the kinds of reports that there are. */

import type { Question } from '../../schemas/questions.ts';
import type { ScheduleConfig } from '../../schemas/report-schedules.ts';
import type { ReportFormat, ReportKind } from '../../schemas/reports.ts';
import { scheduleError } from '../config/schedules.ts';
import { invariant, UserError } from '../core/errors.ts';
import type { TimedSchedule } from '../core/reports/due.ts';
import { type Period, parsePeriod } from '../core/reports/period.ts';
import { scheduleTimes } from '../core/reports/schedule-times.ts';
import { checkRequest } from './compose.ts';
import type { ReportRequest } from './request.ts';

export interface Schedule extends TimedSchedule {
  readonly kind: ReportKind;
  readonly parameters: ReportRequest['parameters'];
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
export function schedulesOf(
  given: readonly ScheduleConfig[],
  kinds: readonly ReportKind[],
  questions: readonly Question[],
): Schedule[] {
  return given.map((one) => {
    const schedule = scheduleOf(one, kinds);
    try {
      checkRequest(requestOf(schedule, SOME_PERIOD), questions, schedule.isPerOwner);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw scheduleError(one, `asks for what there is not: ${error.message}`, error.explanation);
    }
    return schedule;
  });
}

/** Whether something can be asked for does not depend on when. */
const SOME_PERIOD = parsePeriod('2026', 'UTC');

function scheduleOf(given: ScheduleConfig, kinds: readonly ReportKind[]): Schedule {
  const { name, at, zone = 'UTC', account = '', formats, parameters = {} } = given;
  const kind = kinds.find(({ id }) => id === given.kind);
  if (kind === undefined) {
    throw scheduleError(given, 'names a kind of report that there is not', {
      got: given.kind,
      expected: `one of ${kinds.map(({ id }) => id).join(', ')}`,
    });
  }
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

/** What the run of a schedule asks for. */
export function requestOf({ kind, parameters, account }: Schedule, period: Period): ReportRequest {
  return { kind, parameters, period, scope: account === '' ? {} : { account } };
}
