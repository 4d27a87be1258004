import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadDetections } from '../../src/detect/detections.ts';
import { readStories } from '../../src/detect/fixture-file.ts';
import { rehearse } from '../../src/detect/rehearsal.ts';
import type { Store } from '../../src/store/store.ts';
import { QUERIES } from '../ask/fixture.ts';
import { temporaryStore } from '../support/store.ts';

const detections = await loadDetections([path.join(QUERIES, 'detections')]);
let store: Store;

beforeAll(async () => {
  store = (await temporaryStore()).store;
});

const fixtureOf = (file: string): string => file.replace(/\.sql$/, '.yaml');

it('every detection has fixtures', () => {
  expect(detections.map(({ file }) => fixtureOf(file)).filter((file) => !existsSync(file))).toEqual([]);
});

describe.each(detections.map((detection) => ({ id: detection.id, detection })))('$id', async ({ detection }) => {
  const file = fixtureOf(detection.file);
  const stories = existsSync(file) ? await readStories(file) : [];

  it('hits once, and misses twice', () => {
    expect(stories.filter(({ name }) => name === 'hit')).toHaveLength(1);
    expect(stories.filter(({ name }) => name.startsWith('miss: ')).length).toBeGreaterThanOrEqual(2);
  });

  it.each(stories.map((story) => ({ name: story.name, story })))('$name', async ({ story }) => {
    const { found, expected } = await rehearse(store, detection, story);
    expect(found).toEqual(expected === undefined || expected === 'a finding' ? found : expected);
    if (expected === 'a finding') expect(found).not.toEqual([]);
  });
});
