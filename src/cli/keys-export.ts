/** `keys export`: the registry as a file that imports to the same. */
import { stringify } from 'yaml';
import type { Cell } from '../ask/answer.ts';
import { writeAnswer } from '../ask/format/write-answer.ts';
import { UsageError } from '../core/errors.ts';
import { exportRegistry, type FileEntry, KEY_COLUMNS } from '../registry/export.ts';
import { readAppRules, readKnown } from '../registry/known.ts';
import type { CliContext } from './context.ts';
import { madeAnswer } from './made-answer.ts';

const FORMATS: readonly string[] = ['yaml', 'json', 'csv'];

export async function exportKeys(format: string, context: CliContext): Promise<void> {
  if (!FORMATS.includes(format)) {
    throw new UsageError('FORMAT_UNKNOWN', 'there is no such format of a registry', {
      got: format,
      expected: FORMATS.join(', '),
    });
  }
  const opened = await context.open();
  try {
    const known = await readKnown(opened.store, ['account', 'user', 'key']);
    const registry = exportRegistry(known, await readAppRules(opened.store));
    if (format === 'csv') {
      const columns = Object.fromEntries(KEY_COLUMNS.map((column) => [column, 'text' as const]));
      await writeAnswer(madeAnswer(columns, registry.keys.map(csvRow)), 'csv', context.stdout);
    } else {
      context.stdout.write(format === 'json' ? `${JSON.stringify(registry, null, 2)}\n` : stringify(registry));
    }
  } finally {
    await opened.close();
  }
}

function csvRow(key: FileEntry): Cell[] {
  return KEY_COLUMNS.map((column) => {
    const value = key[column];
    if (value === undefined) return '';
    // An empty cell would say nothing.
    return (Array.isArray(value) ? value.join(' ') : String(value)) || 'none';
  });
}
