// Builds the program after `npm ci` and before `npm pack`. Where there is nothing to build it from, or nothing to build
// it with (`--omit=dev`), the install is left alone: what was built before is there already.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const needed = ['src', 'console', 'node_modules/typescript', 'node_modules/vite'];
const missing = needed.filter((path) => !existsSync(at(path)));
if (missing.length > 0) {
  process.stderr.write(`keytrail: not built, because there is no ${missing.join(', ')}\n`);
} else {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: at('.'),
    stdio: 'inherit',
    // npm is a .cmd there, which only a shell starts.
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
