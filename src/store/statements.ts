/** The program's own statements: SQL lives in files, and values reach it as typed parameters. */
import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '../core/package-root.ts';

const texts = new Map<string, string>();

/** @param name a file of schemas/clickhouse/statements, without its ending */
export function statement(name: string): string {
  let text = texts.get(name);
  if (text === undefined) {
    text = readFileSync(new URL(`schemas/clickhouse/statements/${name}.sql`, PACKAGE_ROOT), 'utf8');
    texts.set(name, text);
  }
  return text;
}
