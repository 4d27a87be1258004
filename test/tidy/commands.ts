/**
 * The test that runs each command of README and docs. A command that is fenced as ```sh and not listed here fails
 * test/tidy/documents.test.ts: either a test runs it, or the fence is no ```sh.
 *
 * `with` says what runs it in place of a test, where a test cannot (installing, the whole suite).
 */
export interface Coverage {
  /** Path of the test that runs the command. */
  readonly test?: string;
  /** What runs it else, and where. */
  readonly with?: string;
}

export const COVERED: Readonly<Record<string, Coverage>> = {
  'npm ci': { with: '.ci/run' },
  'npm test': { with: '.ci/run' },
  'npm run build': { with: 'npm test' },
  'npm run lint': { with: 'npm test' },
  'npm run typecheck': { with: 'npm test' },
  'npm ci && npm run demo': { test: 'test/acceptance/demo.test.ts' },
  'npm ci && npm test': { with: '.ci/run' },
  'npx keytrail ingest examples/data/cloudtrail': { test: 'test/acceptance/demo.test.ts' },
  'npx keytrail query key-usage': { test: 'test/acceptance/demo.test.ts' },
  'npx keytrail query source-ip-usage --from -30d --format csv': { test: 'test/acceptance/demo.test.ts' },
  'npx keytrail query activity-over-time --chart': { test: 'test/acceptance/demo.test.ts' },
  'npx keytrail query --list': { test: 'test/acceptance/demo.test.ts' },
  'curl -fsS "$KEYTRAIL/v1/events" -H "Authorization: Bearer $PUSH_TOKEN" -H "Content-Type: application/x-ndjson" --data-binary @entries.ndjson':
    { test: 'test/acceptance/curl.test.ts' },
  'curl -fsS "$KEYTRAIL/api/v1/questions/key-usage/answer?from=-30d" -H "Authorization: Bearer $TOKEN"': {
    test: 'test/acceptance/curl.test.ts',
  },
  'curl -fsS "$KEYTRAIL/api/v1/events?only.auth_result=failure&limit=20" -H "Authorization: Bearer $TOKEN"': {
    test: 'test/acceptance/curl.test.ts',
  },
  'curl -fsS "$KEYTRAIL/sql" -H "Authorization: Bearer $TOKEN" --data-binary "SELECT key_id, count() FROM activity GROUP BY key_id"':
    { test: 'test/acceptance/curl.test.ts' },
  'npx keytrail detect list': { test: 'test/acceptance/demo.test.ts' },
  'bash .ci/run': { with: 'continuous integration' },
};
