/** Versions of installed packages, found from here as the program itself finds them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** @returns `''` for a package that is not installed */
export function packageVersion(name: string): string {
  try {
    for (
      let folder = path.dirname(require.resolve(name));
      folder !== path.dirname(folder);
      folder = path.dirname(folder)
    ) {
      const found = read(path.join(folder, 'package.json'));
      if (found?.name === name) return found.version ?? '';
    }
  } catch {
    // Not installed, which is what the caller is told.
  }
  return '';
}

function read(file: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
