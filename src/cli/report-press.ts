/** What makes and writes the documents of schedules, put together from the configuration. */
import { type ComposeDeps, composeForOwners, composeReport, type ReportRequest } from '../report/compose.ts';
import type { Press } from '../report/maker.ts';
import { renderReport } from '../report/render.ts';
import { type Schedule, schedulesOf } from '../report/schedules.ts';
import { limitedTo } from '../store/limited-store.ts';
import type { Store } from '../store/store.ts';
import type { CliContext } from './context.ts';
import { type KnownReports, knownReports } from './report-kinds.ts';

export interface ScheduledReports extends KnownReports {
  readonly schedules: readonly Schedule[];
}

/** @throws UsageError SCHEDULE_INVALID, and what loading kinds and questions throws */
export async function scheduledReports(context: CliContext): Promise<ScheduledReports> {
  const known = await knownReports(context);
  const { reports } = await context.config();
  return { ...known, schedules: schedulesOf(reports.schedules, known.kinds, known.questions) };
}

export function openPress(store: Store, { questions }: KnownReports, context: CliContext): Press {
  // What is about one account may be read by those who are held to it: it is made of what they may see.
  const depsOf = ({ scope }: ReportRequest): ComposeDeps => ({
    ...{ questions, coverageStore: store, now: () => new Date(context.now()) },
    store: scope.account === undefined ? store : limitedTo(store, [scope.account]),
  });
  return {
    compose: (request) => composeReport(depsOf(request), request),
    composeForOwners: (request) => composeForOwners(depsOf(request), request),
    render: async (document, format) => {
      const { chromiumFile: chromium } = await context.config();
      return renderReport(document, format, { chromium });
    },
  };
}
