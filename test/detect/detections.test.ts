import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseQuestion } from '../../src/ask/loader.ts';
import { UserError } from '../../src/core/errors.ts';
import { checked, type Detection, loadDetections } from '../../src/detect/detections.ts';
import { QUERIES } from '../ask/fixture.ts';

const FILE = path.join(QUERIES, 'detections/dormant-key-used.sql');
const TEXT = readFileSync(FILE, 'utf8');

/** @returns code of the refusal and what it names */
function refusal(from: string | RegExp, to: string): string {
  const text = TEXT.replace(from, to);
  expect(text).not.toBe(TEXT);
  try {
    checked(parseQuestion(text, FILE) as Detection);
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.explanation.got}`;
    throw error;
  }
  return 'accepted';
}

describe('a detection is refused', () => {
  it.each([
    ['without a severity', /\n {2}severity: \w+/, '', 'QUESTION_INVALID detection.severity'],
    ['with a severity that there is not', 'severity: medium', 'severity: grave', 'QUESTION_INVALID detection.severity'],
    ['with an unknown field', 'raises: alert', 'raises: alert\n  mute: true', 'QUESTION_INVALID detection: mute'],
    [
      'with an entity column that it does not declare',
      'entity: [account_id, key_id]',
      'entity: [account_id, nobody]',
      'entity: nobody',
    ],
    ['with an entity column twice', 'entity: [account_id, key_id]', 'entity: [key_id, key_id]', 'entity: key_id twice'],
    ['without the column of its anchor', /\n {2}anchor_at: .*/, '', 'no column anchor_at'],
    ['without the ids of its events', /\n {2}event_ids: .*/, '', 'no column event_ids'],
    ['with an anchor column and none', 'anchor: month', 'anchor: once', 'anchor: once'],
    ['with a threshold that has no reason', /\n {4}reason: .*/, '', 'without a reason'],
    ['with a threshold that has no default', /\n {4}default: 45/, '', 'without a default'],
    ['with a history that is no parameter', 'history: dormant_days', 'history: some_days', 'history: some_days'],
    ['with a summary of a column that there is not', '{source_ips} after', '{source} after', 'summary: {source}'],
    ['with one step of a runbook', /\n {4}- Delete the key.*/, '', 'QUESTION_INVALID detection.runbook'],
    ['without a blocks parameter', /\n {2}blocks: .*/, '', 'QUESTION_INVALID {blocks'],
  ])('%s', (_, from, to, names) => {
    expect(refusal(from, to)).toContain(names);
  });
});

it('every question of the folder is a detection that is accepted', async () => {
  const detections = await loadDetections([path.join(QUERIES, 'detections')]);
  expect(detections.length).toBeGreaterThanOrEqual(26);
  expect(detections.map(({ folder }) => folder)).toEqual(Array(detections.length).fill('detections'));
});

it('questions that are no detections are left out', async () => {
  expect(await loadDetections([path.join(QUERIES, 'attribution')])).toEqual([]);
});
