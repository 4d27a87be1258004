/**
 * The console's files: the page and what it is made of. They hold nothing of what is stored, so whoever may reach the
 * daemon may load them; what they show they ask the API for. All are read once, and found by their whole path alone: no
 * part of a request ever names a file.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import { CONSOLE_SECTIONS } from '../../schemas/console-pages.ts';
import type { HttpContext, HttpEnv } from './context.ts';
import { Problem } from './problem.ts';

interface ConsoleFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

/** By the path in a URL; the page itself is `/`. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Their names change with their contents, so what was loaded once stays right. */
const LASTING = 'public, max-age=31536000, immutable';

/** @returns nothing where the console was not built */
export function readConsole(folder: string): ConsoleFiles {
  const files = new Map<string, ConsoleFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[path.extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = new Uint8Array(readFileSync(file));
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    const name = `/${path.relative(folder, file).split(path.sep).join('/')}`;
    const gzipped = new Uint8Array(gzipSync(bytes, { level: 9 }));
    files.set(name === '/index.html' ? '/' : name, { type, etag, bytes, gzipped });
  }
  return files;
}

/** Whether a path is a page of the console, and so may be reached by a link from anywhere. */
export function isConsolePage(pathname: string): boolean {
  const [, section = ''] = pathname.split('/');
  return pathname === '/' || (CONSOLE_SECTIONS as readonly string[]).includes(section);
}

export function addConsole(app: Hono<HttpEnv>, files: ConsoleFiles): void {
  const page = (c: HttpContext) => given(c, files.get('/'), 'no-cache');
  app.get('/assets/:name', (c) => given(c, files.get(c.req.path), LASTING));
  // Drivers that know no path but the root ask it a query.
  app.get('/', (c, next) => (c.req.query('query') === undefined ? page(c) : next()));
  for (const section of CONSOLE_SECTIONS) {
    app.get(`/${section}`, page);
    app.get(`/${section}/*`, page);
  }
}

function given(c: HttpContext, file: ConsoleFile | undefined, cacheControl: string): Response {
  if (file === undefined) {
    throw new Problem(404, 'CONSOLE_FILE_UNKNOWN', 'the console has no such file', {
      next: 'reload the page; where keytrail runs from its sources, npm run build makes the console',
    });
  }
  c.header('Cache-Control', cacheControl);
  c.header('ETag', file.etag);
  c.header('Vary', 'Accept-Encoding');
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304);
  const isGzip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
  if (isGzip) c.header('Content-Encoding', 'gzip');
  return c.body(isGzip ? file.gzipped : file.bytes, 200, { 'Content-Type': file.type });
}
