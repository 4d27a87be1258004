/**
 * The Chromium of this machine, for tests that need a browser. Without one they are skipped, loudly; where
 * KEYTRAIL_REQUIRE_BROWSER=1 is set, as in continuous integration, that is a failure.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const INSTALL = 'Chromium (Debian: apt-get install chromium), or CHROMIUM_FILE with its path';

/** As root its sandbox refuses to run; pages of tests are our own. */
export const CHROMIUM_ARGS: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Longer than anything takes on a machine that is busy with other tests: what does not come by then never comes. */
export const BROWSER_WAIT_MS_MAX = 180_000;

/** @returns its path, `undefined` where there is none and none is required */
export function chromiumForTests(): string | undefined {
  const named = process.env.CHROMIUM_FILE;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = named === undefined ? NAMES.flatMap((name) => folders.map((folder) => join(folder, name))) : [named];
  const found = places.find(isProgram);
  if (found !== undefined) return found;
  if (process.env.KEYTRAIL_REQUIRE_BROWSER === '1') {
    throw new Error(`KEYTRAIL_REQUIRE_BROWSER is set, and no browser can be started: install ${INSTALL}`);
  }
  process.stderr.write(`SKIPPED: tests in a browser; they need ${INSTALL}\n`);
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
