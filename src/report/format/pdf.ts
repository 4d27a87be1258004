/** A report on paper: the HTML, printed by a Chromium that is installed. */
import { spawn } from 'node:child_process';
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../core/errors.ts';
import { GOT_CHARS_MAX, REPORT_PRINT_MS_MAX } from '../../core/limits.ts';

/** In the order in which they are looked for in PATH. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const MACS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export interface Printer {
  /** `chromium_file`; absent: one that is in PATH. */
  readonly chromium?: string | undefined;
  /** Where it is looked for. */
  readonly path?: string | undefined;
  /** Default: REPORT_PRINT_MS_MAX. */
  readonly msMax?: number | undefined;
}

/** @throws UserError CHROMIUM_MISSING, PDF_FAILED */
export async function printed(html: string, printer: Printer = {}): Promise<Buffer> {
  const program = await chromiumOf(printer);
  const folder = await mkdtemp(join(tmpdir(), 'keytrail-print-'));
  try {
    const [page, file] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
    await writeFile(page, html, { mode: 0o600 });
    const own = [`--user-data-dir=${join(folder, 'profile')}`, `--print-to-pdf=${file}`];
    await run(program, [...FLAGS, ...own, pathToFileURL(page).href], printer.msMax);
    return await readFile(file).catch((cause: unknown) => {
      throw failed('it wrote no file', cause);
    });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Nothing is fetched: the page loads nothing, and the browser itself is told not to. */
const FLAGS = [
  ...['--headless', '--disable-gpu', '--no-pdf-header-footer', '--no-first-run', '--disable-extensions'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  // Its sandbox refuses to run as root; what it prints is our own file without scripts.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** @throws UserError CHROMIUM_MISSING */
export async function chromiumOf({ chromium, path = process.env.PATH ?? '' }: Printer = {}): Promise<string> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const places =
    chromium === undefined
      ? [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...MACS]
      : [chromium];
  for (const place of places) {
    if (await isProgram(place)) return place;
  }
  throw new UserError('CHROMIUM_MISSING', 'a PDF is printed by Chromium, and there is none', {
    got: chromium ?? `none of ${NAMES.join(', ')} in PATH`,
    expected: 'an installed Chromium or Chrome',
    next: 'install one (Debian: apt-get install chromium), name it with chromium_file, or print the HTML from a browser',
  });
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function run(program: string, args: readonly string[], msMax = REPORT_PRINT_MS_MAX): Promise<void> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: msMax,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-GOT_CHARS_MAX);
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', (cause) => reject(failed('it could not be started', cause)));
    child.on('close', (exit, by) => resolve([exit, by]));
  });
  if (code === 0) return;
  throw failed(signal === null ? `exit code ${code}: ${said.trim()}` : `not done within ${msMax / 1_000} s`);
}

function failed(got: string, cause?: unknown): UserError {
  return new UserError(
    'PDF_FAILED',
    'Chromium did not print the report',
    { got, expected: 'a PDF', next: 'print the HTML from a browser, or try --format html' },
    { cause },
  );
}
