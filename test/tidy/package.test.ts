import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesOf, ROOT, read } from './source.ts';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, LockEntry>> };
const manifest = JSON.parse(read('package.json')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe('package-lock.json', () => {
  test('names no host, so that it installs from any registry', () => {
    expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(
      /https?:\/\/(?!.*(?:github\.com|opencollective|tidelift|patreon|paypal|ko-fi|feross|funding))/,
    );
  });

  test('holds the embedded engine of all four platforms as optional', () => {
    const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64-gnu', 'linux-x64-gnu'];
    for (const platform of platforms) {
      expect(lock.packages[`node_modules/@chdb/lib-${platform}`], platform).toMatchObject({ optional: true });
    }
  });

  test('holds every optional dependency, without which npm ci refuses to install anywhere', () => {
    const absent = Object.entries(lock.packages).flatMap(([place, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in lock.packages) && !(`${place}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(absent).toEqual([]);
  });

  test('agrees with package.json', () => {
    expect(lock.packages['']?.dependencies).toEqual(manifest.dependencies);
    expect(lock.packages['']?.devDependencies).toEqual(manifest.devDependencies);
  });
});

describe('package.json', () => {
  test('publishes what the program needs at run time, and what the licence asks for', () => {
    for (const needed of ['bin', 'dist', 'schemas', 'queries', 'examples', 'LICENSE', 'NOTICE', 'CHANGELOG.md']) {
      expect(manifest.files).toContain(needed);
    }
    // dist is built, and everything else is written by hand.
    expect(manifest.files.filter((name) => name !== 'dist' && !existsSync(`${ROOT}${name}`))).toEqual([]);
  });

  test('names a program that exists and runs on the version of Node that continuous integration uses', () => {
    for (const file of Object.values(manifest.bin)) expect(read(file)).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(manifest.engines.node).toBe('>=20.19');
    expect(read('Dockerfile')).toMatch(/^FROM node:20-/m);
  });
});

test('the licence is the whole text of Apache-2.0', () => {
  const licence = read('LICENSE');
  expect(licence).toContain('Version 2.0, January 2004');
  expect(licence).toContain('END OF TERMS AND CONDITIONS');
  expect(licence.length).toBeGreaterThan(10_000);
  expect(filesOf('NOTICE')).toEqual(['NOTICE']);
});
