/** What `ingest` and `consume` check before anything is read. */
import { SOURCES, sourceNamed } from '../../schemas/sources/index.ts';
import { UsageError } from '../core/errors.ts';

export const SUMMARY_FORMATS: readonly string[] = ['text', 'json', 'ndjson'];

/** @throws UsageError when the source is unknown, or needs an account that nobody names */
export function checkSource(source: string | undefined, account: string | undefined, mayComeByHeader: boolean): void {
  if (source === undefined) return;
  const found = sourceNamed(source);
  if (!found) {
    throw new UsageError('SOURCE_UNKNOWN', `no source is named ${source}`, {
      got: source,
      expected: SOURCES.map(({ name }) => name).join(', '),
      next: 'name one of these, or leave --source away and each record is recognised by itself',
    });
  }
  if (found.accountFrom === 'origin' && !account && !mayComeByHeader) {
    throw new UsageError('ACCOUNT_REQUIRED', `records of ${source} do not name their account`, {
      got: 'no account',
      expected: 'the account that the records belong to',
      next: 'add --account <id>; nothing was read',
    });
  }
}

/** `text` on a terminal, `ndjson` in a pipe, unless the caller says otherwise. */
export function summaryFormat(wanted: string | undefined, out: NodeJS.WriteStream): string {
  if (wanted === undefined) return out.isTTY ? 'text' : 'ndjson';
  if (SUMMARY_FORMATS.includes(wanted)) return wanted;
  throw new UsageError('FORMAT_UNKNOWN', `no summary format is named ${wanted}`, {
    got: wanted,
    expected: SUMMARY_FORMATS.join(', '),
  });
}
