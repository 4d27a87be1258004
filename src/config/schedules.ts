/** Schedules of reports: what the schema cannot check, said with the line of the schedule. */

import type { ChannelConfig, ConfigFile } from '../../schemas/config.ts';
import type { ReportsConfig, ScheduleConfig } from '../../schemas/report-schedules.ts';
import { type Explanation, UsageError } from '../core/errors.ts';
import { isZone } from '../core/reports/period.ts';
import { scheduleTimes, TIME_WORDS } from '../core/reports/schedule-times.ts';
import type { Locate } from './problems.ts';
import { variableOf } from './settings.ts';
import type { Environment } from './variables.ts';

type Place = (at: number) => string;

/** Where each schedule stands: a variable replaces those of the file. */
export function schedulePlaces(env: Environment, locate: Locate | undefined): Place {
  const variable = variableOf('reports.schedules');
  if (locate === undefined || env[variable]?.trim()) return (at) => `${variable}, entry ${at + 1}`;
  return (at) => locate(['reports', 'schedules', at]);
}

export function reportsOf(given: ConfigFile['reports'], placeOf: Place): ReportsConfig {
  return {
    baseUrl: given?.base_url?.replace(/\/+$/, ''),
    schedules: (given?.schedules ?? []).map((schedule, at) => ({ ...schedule, place: placeOf(at) })),
  };
}

/** @throws UsageError SCHEDULE_INVALID */
export function refuseSchedules(schedules: readonly ScheduleConfig[], channels: readonly ChannelConfig[]): void {
  const seen = new Map<string, ScheduleConfig>();
  const known = channels.map(({ name }) => name);
  for (const schedule of schedules) {
    const { name, zone, at } = schedule;
    const before = seen.get(name);
    if (before !== undefined) {
      throw scheduleError(schedule, 'has the name of another one', {
        got: `${name}, as at ${before.place}`,
        expected: 'a name of its own: what was made and sent is recorded under it',
      });
    }
    seen.set(name, schedule);
    if (zone !== undefined && !isZone(zone)) {
      throw scheduleError(schedule, 'names no time zone', {
        got: zone,
        expected: 'a name such as Europe/Berlin or UTC',
      });
    }
    if (scheduleTimes(at, zone ?? 'UTC') === undefined) {
      throw scheduleError(schedule, 'names no time that comes', { got: at, expected: TIME_WORDS });
    }
    const unknown = schedule.channels.find((channel) => !known.includes(channel));
    if (unknown !== undefined) {
      const expected = `one of alerts.channels: ${known.join(', ') || 'none yet'}`;
      throw scheduleError(schedule, `names a channel that there is not`, { got: unknown, expected });
    }
    const pager = channels.find(
      (channel) => channel.settings.type === 'pagerduty' && schedule.channels.includes(channel.name),
    );
    if (pager !== undefined) {
      throw scheduleError(schedule, 'sends reports to a pager', {
        got: pager.name,
        expected: 'a channel of another type: a report is no incident',
      });
    }
    if (schedule.recipients !== undefined && schedule.per_owner !== true) {
      throw scheduleError(schedule, 'names recipients of owners, and makes no document for each owner', {
        got: 'recipients without per_owner',
        expected: 'per_owner: true; other reports go to those whom the channel names',
      });
    }
  }
}

/** @param problem follows the name of the schedule */
export function scheduleError({ place, name }: ScheduleConfig, problem: string, explanation: Explanation): UsageError {
  const next = 'correct the schedule; keytrail report schedule --check shows what would run';
  return new UsageError('SCHEDULE_INVALID', `${place}: the schedule ${name} ${problem}`, { ...explanation, next });
}
