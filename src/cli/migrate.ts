import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function defineMigrate(program: Command, context: CliContext): void {
  program
    .command('migrate')
    .description('bring the tables of the store up to date (the embedded store does it by itself)')
    .action(async () => {
      const { migrate } = await import('../store/migrations.ts');
      const opened = await context.open({ skipMigrations: true });
      try {
        const { applied } = await migrate(opened.store);
        // Only an empty store may be given its key here; a store that has one is checked against it.
        await opened.storeKey({ mayCreate: true });
        const lines = applied.length === 0 ? ['the tables are up to date'] : applied.map((name) => `applied ${name}`);
        context.stdout.write(`${lines.join('\n')}\n`);
      } finally {
        await opened.close();
      }
    });
}
