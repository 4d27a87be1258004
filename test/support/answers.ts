/** Answers of a store: through the built program, as a person with a shell would ask, or all of them at once. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Cell } from '../../src/ask/answer.ts';
import { loadQuestions } from '../../src/ask/loader.ts';
import { type GivenParameters, runQuestion } from '../../src/ask/runner.ts';
import { openEmbedded } from '../../src/store/embedded/open.ts';
import type { Store } from '../../src/store/store.ts';
import { rowsOf, runKeytrail } from './keytrail.ts';

export type AnswerRow = Readonly<Record<string, Cell>>;

export async function ask(dataDir: string, id: string, ...more: string[]): Promise<Record<string, unknown>[]> {
  const answer = await runKeytrail(['query', id, '--data-dir', dataDir, '--format', 'json', '--no-footer', ...more]);
  expect(answer.stderr).toBe('');
  expect(answer.code).toBe(0);
  return rowsOf(answer);
}

const QUESTIONS = fileURLToPath(new URL('../../queries', import.meta.url));
/** What they say is when and how records came: another way in gives other answers. */
const DELIVERIES = ['ingest-gaps', 'ingest-status', 'late-events'];
/** Fixed, so that two stores are asked at the same moment. */
const NOW = new Date(Date.UTC(2026, 11, 1));

/** Every question but those about deliveries and those of detections, with parameters that find something. */
export async function everyAnswer(dataDir: string): Promise<Record<string, AnswerRow[]>> {
  const opened = await openEmbedded({ dataDir, mode: 'child' });
  try {
    const { store } = opened;
    const [busiest] = await store.rows<{ key_id: string }>(
      "SELECT key_id FROM activity WHERE key_id != '' GROUP BY key_id ORDER BY count() DESC, key_id LIMIT 1",
    );
    const [address] = await store.rows<{ ip: string }>(
      "SELECT toString(source_ip) AS ip FROM activity WHERE source_ip != toIPv6('::') GROUP BY source_ip ORDER BY count() DESC, source_ip LIMIT 1",
    );
    const [event] = await store.rows<{ id: string }>('SELECT min(event_id) AS id FROM activity');
    const [resource] = await store.rows<{ id: string }>(
      "SELECT min(resource_id) AS id FROM activity WHERE resource_id != '' AND activity IN ('create', 'update', 'delete')",
    );
    const given: Readonly<Record<string, GivenParameters>> = {
      // Most requests belong to no app, and the name of none is empty.
      'app-timeline': { app: '' },
      'compare-periods': { from: '-60d', to: '-30d' },
      'first-seen': { from: '1970-01-01' },
      'incident-keys': { keys: [busiest?.key_id ?? ''] },
      'incident-timeline': { keys: [busiest?.key_id ?? ''] },
      'ip-timeline': { source_ip: address?.ip ?? '' },
      'key-timeline': { key_id: busiest?.key_id ?? '' },
      'request-context': { event_id: event?.id ?? '' },
      'request-lookup': { event_id: event?.id ?? '' },
      'resource-changes': { resource: resource?.id || 'none' },
      'who-used-ip': { source_ip: address?.ip ?? '' },
    };
    const answers: Record<string, AnswerRow[]> = {};
    for (const question of await loadQuestions([QUESTIONS])) {
      if (DELIVERIES.includes(question.id) || question.detection !== undefined) continue;
      answers[question.id] = await rowsOfQuestion(store, question, given[question.id] ?? {});
    }
    expect(Object.keys(answers).length).toBeGreaterThanOrEqual(9);
    expect(answers['request-lookup']).not.toEqual([]);
    return answers;
  } finally {
    await opened.close();
  }
}

async function rowsOfQuestion(
  store: Store,
  question: Parameters<typeof runQuestion>[1],
  given: GivenParameters,
): Promise<AnswerRow[]> {
  const answer = await runQuestion(store, question, given, { now: NOW });
  const rows: AnswerRow[] = [];
  for await (const row of answer.rows) {
    rows.push(Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at] ?? null])));
  }
  return rows;
}
