/** What is built of the console: small, whole, and asking for nothing but the daemon's own API. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CONSOLE_SECTIONS } from '../../schemas/console-pages.ts';
import { ROUTES } from '../../src/http/routes/routes.ts';
import { filesOf, ROOT, read } from '../tidy/source.ts';

const GZIPPED_BYTES_MAX = 150_000;
const folder = path.join(ROOT, 'dist/console');
const built = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath, entry.name));
const source = filesOf('console/src/**/*.{ts,tsx}');

describe('the console that is built', () => {
  test(`has less than ${GZIPPED_BYTES_MAX} bytes as it is sent`, () => {
    const bytes = built.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
    expect(bytes).toBeLessThan(GZIPPED_BYTES_MAX);
    expect(bytes).toBeGreaterThan(10_000);
  });

  test('names its files by their contents, and has no script and no style in the page', () => {
    const names = built.map((file) => path.relative(folder, file)).filter((name) => name !== 'index.html');
    expect(names.filter((name) => !/^assets\/[\w-]+-[\w-]{8}\.(?:js|css|svg)$/.test(name))).toEqual([]);
    const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
  });

  test('asks for nothing outside', () => {
    for (const file of built) {
      const text = readFileSync(file, 'utf8').replaceAll('http://www.w3.org/', '');
      expect(
        [...text.matchAll(/(?:https?:)?\/\/[a-z0-9-]+\.[a-z]{2,}/g)].map(([url]) => url),
        file,
      ).toEqual([]);
    }
  });
});

describe('the source of the console', () => {
  test('asks for paths that the daemon has', () => {
    const paths = source.flatMap((file) => [...read(file).matchAll(/'(\/api\/[^']+)'/g)].map(([, one = '']) => one));
    const routes = new Set(ROUTES.map(({ path: one }) => one));
    expect(paths.filter((one) => !routes.has(one) && one !== '/api/')).toEqual([]);
    expect(paths.length).toBeGreaterThan(8);
  });

  test('has pages only where the daemon gives them', () => {
    const pages = [...read('console/src/pages/pages.ts').matchAll(/path: '\/([^'/]*)/g)].map(([, one = '']) => one);
    expect(pages.filter((one) => one !== '' && !(CONSOLE_SECTIONS as readonly string[]).includes(one))).toEqual([]);
  });

  test('makes no markup of text, and no script of it', () => {
    const risky =
      /dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/;
    expect(source.filter((file) => risky.test(read(file)))).toEqual([]);
  });
});
