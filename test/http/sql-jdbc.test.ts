/**
 * ClickHouse's own JDBC driver, unmodified, makes the calls that DBeaver and other programs of Java make. It needs Java
 * 17 and Maven; without them it is skipped loudly, and with KEYTRAIL_REQUIRE_BROKER=1 that is a failure.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { READABLE_TABLES } from '../../src/ask/allowed-functions.ts';
import { type JarSet, jarsOf, missingFor } from '../support/maven.ts';
import { temporaryStore } from '../support/store.ts';
import { type Served, serveForTest } from './support.ts';
import { ACCOUNT_A, ACCOUNT_B, fillWorld } from './world.ts';

const run = promisify(execFile);
const DRIVER: JarSet = { pom: 'test/support/jdbc/pom.xml', name: 'jdbc', marker: 'clickhouse-jdbc-' };
const SCRIPT = fileURLToPath(new URL('../support/jdbc/ask.groovy', import.meta.url));
const missing = await missingFor(DRIVER);
const isRequired = process.env.KEYTRAIL_REQUIRE_BROKER === '1';

if (missing.length > 0 && isRequired) {
  test('the JDBC driver', () => {
    throw new Error(`KEYTRAIL_REQUIRE_BROKER is set, and the driver cannot run: install ${missing.join(' and ')}`);
  });
}

describe.skipIf(missing.length > 0)(
  `the JDBC driver${missing.length > 0 ? ` (install ${missing.join(' and ')})` : ''}`,
  () => {
    let served: Served;
    let jars: string;

    beforeAll(async () => {
      jars = await jarsOf(DRIVER);
      const { store } = await temporaryStore();
      await fillWorld(store);
      served = await serveForTest(store);
    });

    async function calls(token: string, ...options: string[]): Promise<Map<string, string>> {
      const url = `jdbc:ch:${served.url}/default`;
      const java = ['-Xmx256m', '-cp', join(jars, '*'), 'groovy.ui.GroovyMain', SCRIPT, url, token, ...options];
      const { stdout } = await run('java', java);
      const lines = stdout.trim().split('\n');
      return new Map(lines.map((line) => [line.split('\t', 1)[0] ?? '', line.slice(line.indexOf('\t') + 1)]));
    }

    test('connects, is told of databases, tables, columns, types and functions, and asks', async () => {
      const said = await calls(await served.token('analyst'), 'compress=false');
      expect(Object.fromEntries([...said].filter(([call]) => !/^(?:INSERT|DROP|SELECT)/.test(call)))).toEqual({
        isValid: 'ok\ttrue',
        product: 'ok\tClickHouse true',
        getCatalogs: 'ok\t[]',
        getSchemas: 'ok\t[default]',
        getTableTypes: 'ok\ttrue',
        getTables: `ok\t[${[...READABLE_TABLES].sort().join(', ')}]`,
        'getTables of the catalog': 'ok\t[]',
        getColumns: expect.stringMatching(/^ok\t\[source:LowCardinality\(String\), account_id:/),
        getPrimaryKeys: 'ok\ttrue',
        getIndexInfo: 'ok\t[]',
        getImportedKeys: 'ok\t[]',
        getTypeInfo: 'ok\ttrue',
        getFunctions: 'ok\ttrue',
        getProcedures: 'ok\t[]',
        select: expect.stringContaining(`${Date.parse('2026-03-05T10:00:00Z')} ${ACCOUNT_A} 200`),
        prepared: 'ok\t6',
        'many rows': `ok\t${(300_000 * 299_999) / 2}`,
        'limited rows': 'ok\t10',
      });
    });

    test('writes nothing, leads nowhere, and is told why', async () => {
      const said = await calls(await served.token('analyst'), 'compress=false');
      expect(said.get('INSERT INTO audit_events (event_id) VALUES (1)')).toMatch(/^failed\t.*READONLY/);
      expect(said.get('DROP TABLE audit_events')).toMatch(/^failed\t.*READONLY/);
      expect(said.get("SELECT * FROM url('http://x/')")).toMatch(/^failed\t.*ACCESS_DENIED/);
    });

    test('is held to the accounts of its token', async () => {
      const said = await calls(await served.token('analyst', { accounts: [ACCOUNT_A] }), 'compress=false');
      expect([...said.values()].join('\n')).not.toContain(ACCOUNT_B);
      expect(said.get('limited rows')).toBe('ok\t6');
    });
  },
);
