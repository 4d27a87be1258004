/** The project's own files as text, and what can be told from text alone. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const GENERATED = ['node_modules/**', 'dist/**', '.git/**', '.cache/**', '.keytrail/**', 'coverage/**', '**/*.tgz'];

/** Paths relative to the root, in order, of what is written by hand. */
export function filesOf(...patterns: string[]): string[] {
  return globSync(patterns, { cwd: ROOT, dot: true, ignore: GENERATED }).sort();
}

export function read(file: string): string {
  return readFileSync(`${ROOT}${file}`, 'utf8');
}

/** One import as it is written: `from`, bare, dynamic, in a type, or the path of a file given to `new URL`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

const IMPORTS = [
  /(?<![.\w$])(?:import|export)\s(?:[^;'"`()]*?\sfrom\s*)?(['"])(?<specifier>[^'"\n]+)\1/g,
  /(?<![.\w$])import\(\s*(['"])(?<specifier>[^'"\n]+)\1\s*[,)]/g,
  /\bnew URL\(\s*(['"])(?<specifier>\.[^'"\n]+)\1\s*,\s*import\.meta\.url/g,
];

export function importsOf(text: string): Import[] {
  const code = mask(text, 'comments');
  return IMPORTS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => ({
      specifier: match.groups?.specifier ?? '',
      line: lineAt(code, match.index),
    })),
  );
}

/** Lines that import what cannot be told from the text. */
export function blindImports(text: string): number[] {
  const code = mask(text, 'comments and texts');
  return [...code.matchAll(/(?<![.\w$])(?:import\(\s*(?!['"])|require\()/g)].map((match) => lineAt(code, match.index));
}

/** The contents of strings, templates and regular expressions; `${…}` inside them is left as it is. */
export function literalsOf(text: string): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = [];
  scan(text, (kind, from, to) => {
    if (kind !== 'comment') found.push({ text: text.slice(from, to), line: lineAt(text, from) });
  });
  return found;
}

/** The code with comments blanked, and on request the contents of texts and patterns: lines and columns stay. */
export function mask(text: string, what: 'comments' | 'comments and texts'): string {
  let masked = '';
  let copied = 0;
  scan(text, (kind, from, to) => {
    if (what === 'comments' && kind !== 'comment') return;
    masked += text.slice(copied, from) + text.slice(from, to).replace(/[^\n]/g, ' ');
    copied = to;
  });
  return masked + text.slice(copied);
}

/** The number of the line, from 1, on which a place of the text lies. */
export function lineAt(text: string, index: number): number {
  if (lines.text !== text) lines = { text, starts: [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)] };
  let [low, high] = [0, lines.starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines.starts[middle] ?? 0) <= index) low = middle;
    else high = middle;
  }
  return low + 1;
}

let lines: { text: string; starts: readonly number[] } = { text: '', starts: [0] };

/** What stands before a slash that begins a regular expression, and not a division. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};+>]|\breturn|\bcase)\s*$/;

type Kind = 'comment' | 'text' | 'pattern';

/**
 * Calls back with the extent of each comment, and of what stands between the quotes of texts and regular expressions.
 */
function scan(text: string, found: (kind: Kind, from: number, to: number) => void): void {
  const open: ('`' | '{')[] = [];
  let at = 0;
  const template = (): void => {
    const from = at;
    while (at < text.length && text[at] !== '`' && !text.startsWith('${', at)) at += text[at] === '\\' ? 2 : 1;
    found('text', from, at);
    if (text[at] === '`') at += 1;
    else {
      open.push('`');
      at += 2;
    }
  };
  while (at < text.length) {
    const here = text[at] ?? '';
    const rest = text.slice(at, at + 2);
    if (rest === '//' || rest === '/*') {
      const end = rest === '//' ? text.indexOf('\n', at) : text.indexOf('*/', at) + 2;
      const to = end < at + 1 ? text.length : end;
      found('comment', at, to);
      at = to;
    } else if (here === "'" || here === '"') {
      const from = ++at;
      while (at < text.length && text[at] !== here) at += text[at] === '\\' ? 2 : 1;
      found('text', from, at);
      at += 1;
    } else if (here === '`') {
      at += 1;
      template();
    } else if (here === '{') {
      open.push('{');
      at += 1;
    } else if (here === '}') {
      at += 1;
      if (open.pop() === '`') template();
    } else if (here === '/' && BEFORE_PATTERN.test(text.slice(Math.max(0, at - 80), at))) {
      const from = ++at;
      for (let inClass = false; at < text.length && (inClass || text[at] !== '/'); at += 1) {
        if (text[at] === '\\') at += 1;
        else if (text[at] === '[') inClass = true;
        else if (text[at] === ']') inClass = false;
      }
      found('pattern', from, at);
      at += 1;
    } else at += 1;
  }
}
