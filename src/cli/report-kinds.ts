/** The kinds of reports that a command may mean, and the questions that they are made of. */
import type { Question } from '../../schemas/questions.ts';
import type { ReportKind } from '../../schemas/reports.ts';
import { loadQuestions } from '../ask/loader.ts';
import { builtInReportKinds } from '../report/built-in.ts';
import { loadReportKinds } from '../report/kinds.ts';
import type { CliContext } from './context.ts';
import { builtInQuestions } from './query.ts';

export interface KnownReports {
  readonly kinds: readonly ReportKind[];
  readonly questions: readonly Question[];
}

/** Those of the program, and a person's own: `queries` and `report_kinds` of the configuration. */
export async function knownReports(context: Pick<CliContext, 'config'>): Promise<KnownReports> {
  const { queries, reportKinds } = await context.config();
  const questions = await loadQuestions([builtInQuestions(), ...(queries === undefined ? [] : [queries])]);
  const folders = [builtInReportKinds(), ...(reportKinds === undefined ? [] : [reportKinds])];
  return { questions, kinds: await loadReportKinds(folders, questions) };
}
