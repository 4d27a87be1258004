/** `keytrail apps`: what keys are for. */
import type { Command } from 'commander';
import { timeParameter } from '../ask/time-range.ts';
import type { CliContext } from './context.ts';
import { FORMAT_HELP } from './keys.ts';
import { givenRange } from './range.ts';
import { answerStatement } from './statement-answer.ts';

interface ShowFlags {
  readonly from?: string;
  readonly to?: string;
  readonly format?: string;
  readonly local?: boolean;
}

export function defineApps(program: Command, context: CliContext): void {
  const apps = program.command('apps').description('the apps that keys serve, assigned or by a rule');
  apps
    .command('list')
    .description('every app, with its keys, their owners, and the rules that give it')
    .option('--format <format>', FORMAT_HELP)
    .action((flags: { format?: string }) =>
      answerStatement(context, 'apps-list', flags, () => ({ now: timeParameter(context.now()) })),
    );
  apps
    .command('show')
    .description('the keys of one app: those assigned to it, and those that a rule gave it')
    .argument('<app>', 'name of the app')
    .option('--from <time>', 'requests at or after this time: ISO 8601, -24h, -7d, now (default: all time)')
    .option('--to <time>', 'requests before this time')
    .option('--format <format>', FORMAT_HELP)
    .option('--local', "times in this machine's zone instead of UTC")
    .action((app: string, flags: ShowFlags) => {
      const { from, to } = givenRange(flags.from, flags.to, context.now());
      const range = { from: timeParameter(from), to: timeParameter(to), now: timeParameter(context.now()) };
      return answerStatement(context, 'apps-show', flags, () => ({ app, ...range }));
    });
}
