import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFile(`${ROOT}${file}`, 'utf8');
const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const dockerfile = lines(await read('Dockerfile'));
const copied = dockerfile
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
  .flatMap((line) => line.split(' ').slice(1, -1));

describe('Dockerfile', () => {
  test('copies what exists, and what .dockerignore lets through', async () => {
    const ignore = lines(await read('.dockerignore'));
    expect(ignore[0]).toBe('*');
    const letThrough = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const keptBack = ignore.slice(1).filter((line) => !line.startsWith('!'));
    expect(copied.filter((source) => !existsSync(`${ROOT}${source}`))).toEqual([]);
    expect(copied.filter((source) => !letThrough.includes(source))).toEqual([]);
    expect(letThrough.filter((source) => !copied.includes(source))).toEqual([]);
    expect(keptBack).toEqual(['examples/redis-cloud/openapi.json']);
    expect(keptBack.filter((file) => !existsSync(`${ROOT}${file}`))).toEqual([]);
  });

  test('builds what tsconfig.build.json includes', async () => {
    const { include } = JSON.parse(await read('tsconfig.build.json')) as { include: string[] };
    const folders = include.map((pattern) => pattern.split('/')[0] ?? '');
    expect(folders.filter((folder) => !copied.includes(folder))).toEqual([]);
  });

  test('runs as a user that owns nothing but the store, from a base that the embedded engine runs on', () => {
    const last = dockerfile.lastIndexOf(dockerfile.findLast((line) => line.startsWith('FROM ')) ?? '');
    const image = dockerfile.slice(last);
    expect(image).toContain('USER node');
    expect(image.indexOf('USER node')).toBeLessThan(image.findIndex((line) => line.startsWith('ENTRYPOINT')));
    expect(dockerfile.filter((line) => line.startsWith('FROM ')).every((line) => /bookworm-slim/.test(line))).toBe(
      true,
    );
  });
});

describe('.ci/run', () => {
  test('requires a broker and calls the test command of the README', async () => {
    const script = await read('.ci/run');
    expect(script).toMatch(/^#!\/usr\/bin\/env bash\n/);
    expect(script).toContain('set -euo pipefail');
    expect(script).toMatch(/^export CI=true KEYTRAIL_REQUIRE_BROKER=1 KEYTRAIL_REQUIRE_BROWSER=1$/m);
    expect(script).toMatch(/^npm ci\nnpm test$/m);
  });
});
