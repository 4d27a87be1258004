/** Asks the built program, as a person with a shell would. */
import { expect } from 'vitest';
import { rowsOf, runKeytrail } from './keytrail.ts';

/** Columns that tell how a record came in, and not what it says. */
export const ARRIVAL_COLUMNS = ['ingested_at', 'block_id'] as const;

export async function ask(dataDir: string, id: string, ...more: string[]): Promise<Record<string, unknown>[]> {
  const answer = await runKeytrail(['query', id, '--data-dir', dataDir, '--format', 'json', ...more]);
  expect(answer.stderr).toBe('');
  expect(answer.code).toBe(0);
  return rowsOf(answer);
}

/** Every question but ingest-status, with parameters that find something. */
export async function everyAnswer(dataDir: string): Promise<Record<string, unknown>> {
  const list = rowsOf(await runKeytrail(['query', '--list', '--data-dir', dataDir, '--format', 'json']));
  const [busiest] = await ask(dataDir, 'key-usage');
  const [address] = await ask(dataDir, 'source-ip-usage');
  const [event] = rowsOf(
    await runKeytrail([
      'sql',
      'SELECT event_id FROM activity ORDER BY event_id LIMIT 1',
      '--data-dir',
      dataDir,
      '--format',
      'json',
    ]),
  );
  const parameters: Readonly<Record<string, string[]>> = {
    'key-activity': ['--param', `key_id=${busiest?.key_id}`],
    'source-ip-activity': ['--param', `source_ip=${address?.source_ip || '203.0.113.1'}`],
    'request-lookup': ['--param', `event_id=${event?.event_id}`],
  };
  const answers: Record<string, unknown> = {};
  for (const { id } of list) {
    if (typeof id !== 'string' || id === 'ingest-status') continue;
    answers[id] = await ask(dataDir, id, ...(parameters[id] ?? []));
  }
  expect(Object.keys(answers).length).toBeGreaterThanOrEqual(9);
  return answers;
}
