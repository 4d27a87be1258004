/** `keytrail networks`: names for ranges of addresses. */
import type { Command } from 'commander';
import { convertParameter } from '../ask/parameters.ts';
import { timeParameter } from '../ask/time-range.ts';
import { UsageError } from '../core/errors.ts';
import type { CliContext } from './context.ts';
import { FORMAT_HELP } from './keys.ts';
import { givenTime } from './range.ts';
import { defineImport, type ImportFlags, runImport } from './registry-import.ts';
import { answerStatement } from './statement-answer.ts';

interface AtFlags {
  readonly at?: string;
  readonly format?: string;
  readonly local?: boolean;
}

const AT_HELP = 'as it was at this time: ISO 8601, -24h, -7d, now (default: now)';

export function defineNetworks(program: Command, context: CliContext): void {
  const networks = program
    .command('networks')
    .description('named ranges of addresses: offices, VPNs, clouds, partners');
  defineImport(
    networks.command('import').description('record what a file says of networks'),
    (file: string, flags: ImportFlags) => runImport(file, 'networks', flags, context),
  );
  networks
    .command('list')
    .description('the networks as they are known to be')
    .option('--at <time>', AT_HELP)
    .option('--format <format>', FORMAT_HELP)
    .option('--local', "times in this machine's zone instead of UTC")
    .action((flags: AtFlags) => answerStatement(context, 'networks-list', flags, () => ({ at: atOf(flags, context) })));
  networks
    .command('test')
    .description('which networks hold an address, and which of them wins')
    .argument('<ip>', 'an IPv4 or IPv6 address')
    .option('--at <time>', AT_HELP)
    .option('--format <format>', FORMAT_HELP)
    .option('--local', "times in this machine's zone instead of UTC")
    .action((ip: string, flags: AtFlags) => {
      const converted = convertParameter('IPv6', ip, 0);
      if ('expected' in converted) {
        throw new UsageError('ADDRESS_INVALID', `${ip} is no address`, { got: ip, expected: converted.expected });
      }
      const parameters = { source_ip: converted.value, at: atOf(flags, context) };
      return answerStatement(context, 'networks-test', flags, () => parameters);
    });
}

function atOf({ at }: AtFlags, context: CliContext): string {
  return timeParameter(givenTime('--at', at, context.now(), context.now()));
}
