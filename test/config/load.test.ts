import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConfigOrigin, loadConfig, requireSecret } from '../../src/config/load.ts';
import { Secret } from '../../src/config/secret.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { unknownVariables } from '../../src/config/variables.ts';
import { UserError } from '../../src/core/errors.ts';
import { BLOCK_ROWS_MAX, CONFIG_FILE_BYTES_MAX, SECRET_FILE_BYTES_MAX } from '../../src/core/limits.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keytrail-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = (origin: Partial<ConfigOrigin> = {}) => loadConfig({ env: {}, cwd: folder, ...origin });
const yaml = (text: string) => writeFile(join(folder, 'keytrail.yaml'), text);

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => expect.unreachable('it was accepted'),
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

/** Everything that a person, a log or a crash report could see of an error. */
const visible = (error: UserError) => `${error.message} ${JSON.stringify(error.explanation)} ${inspect(error)}`;

describe('precedence', () => {
  test('nothing given means the defaults, with the store in the working directory', async () => {
    const config = await load();
    expect(config).toMatchObject({ file: undefined, dataDir: join(folder, '.keytrail'), logLevel: 'info' });
    expect(config.block.rowsMax).toBe(BLOCK_ROWS_MAX);
    expect(config.clickhouse.url).toBeUndefined();
    expect(config.kafka).toMatchObject({ brokers: [], topics: [], tls: undefined, sasl: undefined });
  });

  test('flag wins over variable, variable over file, file over default', async () => {
    await yaml('log_level: warn\nblock: {rows_max: 10, bytes_max: 2000, age_ms_max: 5}\ndata_dir: file\n');
    const env = { KEYTRAIL_LOG_LEVEL: 'debug', KEYTRAIL_BLOCK_ROWS_MAX: '20', KEYTRAIL_DATA_DIR: 'variable' };
    const config = await load({ env, flags: { data_dir: 'flag', 'block.rows_max': 30, log_level: undefined } });
    expect(config.block).toEqual({ rowsMax: 30, bytesMax: 2000, ageMsMax: 5 });
    expect(config.logLevel).toBe('debug');
    expect(config.dataDir).toBe(join(folder, 'flag'));
    expect(config.file).toBe(join(folder, 'keytrail.yaml'));
  });

  test('a list and the days to keep replace those below as a whole', async () => {
    await yaml('retention: {gateway/request: 10, aws/cloudtrail: 20}\nkafka: {brokers: [a:1, b:2]}\n');
    const config = await load({ env: { KEYTRAIL_RETENTION: 'gateway/request=30', KEYTRAIL_KAFKA_BROKERS: 'c:3' } });
    expect(config.retention).toEqual({ 'gateway/request': 30 });
    expect(config.kafka.brokers).toEqual(['c:3']);
  });

  test('paths of the file are relative to the file, those of variables to the working directory', async () => {
    await mkdir(join(folder, 'etc'));
    await writeFile(
      join(folder, 'etc/k.yaml'),
      'store_key_file: key\nkafka: {tls: {ca_file: ca.pem}}\nqueries: ../mine\n',
    );
    const config = await load({ env: { KEYTRAIL_CONFIG: 'etc/k.yaml', KEYTRAIL_KAFKA_TLS_CA_FILE: 'other.pem' } });
    expect(config.storeKeyFile).toBe(join(folder, 'etc/key'));
    expect(config.queries).toBe(join(folder, 'mine'));
    expect(config.kafka.tls?.caFile).toBe(join(folder, 'other.pem'));
  });

  test('the file of --config wins over that of the variable, and must exist', async () => {
    await writeFile(join(folder, 'one.yaml'), 'log_level: warn\n');
    expect((await load({ file: 'one.yaml', env: { KEYTRAIL_CONFIG: 'none.yaml' } })).logLevel).toBe('warn');
    expect(await refusal(load({ env: { KEYTRAIL_CONFIG: 'none.yaml' } }))).toMatchObject({ code: 'CONFIG_UNREADABLE' });
    expect(await refusal(load({ file: '.' }))).toMatchObject({ code: 'CONFIG_UNREADABLE' });
  });

  test('a flag that is no setting is a mistake of the program, not of the user', async () => {
    await expect(load({ flags: { colour: 'red' } })).rejects.toThrow('broken promise');
  });
});

describe('variables', () => {
  const EXAMPLES = {
    integer: '1048576',
    boolean: 'true',
    list: '',
    topics: 't',
    'days-by-source': 'aws/cloudtrail=3',
  } as const;
  const SPECIAL: Record<string, string> = {
    'kafka.session_timeout_ms': '6000',
    log_level: 'error',
    fingerprint_key_id: 'k2',
    trusted_proxies: '10.0.0.0/8,2001:db8::1',
    'block.rows_max': '7',
    'block.age_ms_max': '7',
    'clickhouse.url': 'http://c:8123',
    'clickhouse.insert_quorum': 'auto',
    'clickhouse.request_timeout_ms': '5000',
    'kafka.brokers': 'a:1',
    'http.listen': '127.0.0.1:1',
    'http.hosts': 'audit.example,b:1',
    'kafka.sasl.mechanism': 'plain',
    'collect.redis_cloud.base_url': 'https://api.example/v1/',
    'collect.redis_cloud.accounts': '1001, 2002',
    'collect.redis_cloud.share_percent': '50',
    'alerts.channels': '{"log": {"type": "file", "path": "alerts.ndjson"}}',
    'alerts.routes': '[{"channels": ["log"]}]',
    'alerts.allow_targets': '10.0.0.0/8',
    'alerts.heartbeat.url': 'https://beats.example/keytrail',
    'detections.live_age_hours_max': '48',
    'reports.base_url': 'https://audit.example',
    'reports.schedules': '[{"name": "weekly", "kind": "key-usage", "at": "monday 07:00", "channels": ["log"]}]',
    'detections.rules': '{"unusual-hours": {"enabled": false}}',
  };

  test('every setting of the schema can be set by its variable, all at once', async () => {
    const env = Object.fromEntries(
      SETTINGS.map(({ path, variable, kind }) => [
        variable,
        SPECIAL[path] ?? (kind in EXAMPLES ? EXAMPLES[kind as keyof typeof EXAMPLES] : 'words'),
      ]),
    );
    const config = await load({ env });
    expect(config.clickhouse.insertQuorum).toBe('auto');
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '2001:db8::1']);
    expect(config.kafka.tls).toEqual({
      caFile: `${folder}/words`,
      certFile: `${folder}/words`,
      keyFile: `${folder}/words`,
    });
    expect(JSON.stringify(config)).not.toContain('null');
    expect(unknownVariables({ ...env, KEYTRAIL_LOGLEVEL: 'x', PATH: '' })).toEqual(['KEYTRAIL_LOGLEVEL']);
  });

  test('topics are written as topic[=source[@account]]', async () => {
    const { kafka } = await load({
      env: { KEYTRAIL_KAFKA_TOPICS: 'a, b=gateway/request ,c=redis-cloud/system-log@100200' },
    });
    expect(kafka.topics).toEqual([
      { topic: 'a' },
      { topic: 'b', source: 'gateway/request' },
      { topic: 'c', source: 'redis-cloud/system-log', account: '100200' },
    ]);
  });

  test('a source that does not exist is refused, in retention and in topics: its data would be kept for ever', async () => {
    const retention = await refusal(load({ env: { KEYTRAIL_RETENTION: 'gateway/requests=30' } }));
    expect(retention).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
    expect(retention.message).toContain('gateway/requests');
    const topics = await refusal(load({ env: { KEYTRAIL_KAFKA_TOPICS: 'a=no/such' } }));
    expect(topics.message).toContain('no/such');
  });

  test('an empty variable counts as not set', async () => {
    expect((await load({ env: { KEYTRAIL_LOG_LEVEL: '', KEYTRAIL_CLICKHOUSE_PASSWORD: '' } })).logLevel).toBe('info');
  });

  test('an error names the variable or the flag at fault', async () => {
    const variable = await refusal(load({ env: { KEYTRAIL_BLOCK_ROWS_MAX: 'many' } }));
    expect(variable).toMatchObject({ code: 'CONFIG_INVALID', explanation: { got: '"many"' } });
    expect(variable.message).toContain('KEYTRAIL_BLOCK_ROWS_MAX');
    expect((await refusal(load({ flags: { log_level: 'loud' } }))).message).toContain('--log-level');
    const topic = await refusal(load({ flags: { 'kafka.topics': ['a', 'b=nothing'] } }));
    expect(topic.message).toContain('--topic');
  });
});

describe('the file', () => {
  test.each([
    ['an unknown field', 'log_level: info\nblock:\n  rows: 1\n', 3],
    ['an unknown group', '# a comment\n\nstores: {}\n', 3],
    ['a prototype', '__proto__: {log_level: debug}\n', 1],
    ['a number past its limit', 'block:\n  age_ms_max: 1\n  rows_max: 1000001\n', 3],
    ['a number before its limit', 'block:\n  rows_max: 0\n', 2],
    ['text for a number', 'record_bytes_max: 1 MiB\n', 1],
    ['a level that is none', '\nlog_level: loud\n', 2],
    ['a network that is none', 'trusted_proxies:\n  - 10.0.0.0/8\n  - 10.2.0.0/33\n', 3],
    ['a source that is none', 'retention:\n  gateway/request: 1\n  Gateway: 2\n', 3],
    ['a topic without its name', 'kafka:\n  topics:\n    - topic: a\n    - source: gateway/request\n', 4],
    ['a list for a group', 'kafka:\n  - a\n', 1],
    ['text for the whole', 'hello\n', 1],
    ['bad indentation', 'block:\n  rows_max: 1\n age_ms_max: 2\n', 3],
    ['a field twice', 'log_level: info\nlog_level: warn\n', 2],
    ['a second document', 'log_level: info\n---\nlog_level: warn\n', 2],
    ['an unknown tag', 'log_level: !!js/function info\n', 1],
  ])('%s is refused with its line', async (_, text, line) => {
    await yaml(text);
    const error = await refusal(load());
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toMatch(new RegExp(`keytrail\\.yaml, line ${line}:`));
    for (const part of ['got', 'expected', 'next'] as const) expect(error.explanation[part]).toMatch(/\S/);
  });

  test('an empty file and empty groups say nothing', async () => {
    for (const text of ['', '# only a comment\n', 'kafka:\nblock:\n', '{}\n']) {
      await yaml(text);
      expect((await load()).block.rowsMax).toBe(BLOCK_ROWS_MAX);
    }
  });

  test('aliases that expand without end, other encodings and a file past its limit are refused', async () => {
    const levels = Array.from({ length: 20 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}]`);
    await yaml(`l0: &l0 [x]\n${levels.join('\n')}\n`);
    expect(await refusal(load())).toMatchObject({ code: 'CONFIG_INVALID' });
    await writeFile(join(folder, 'keytrail.yaml'), Buffer.from([0x6c, 0xff, 0xfe]));
    expect(await refusal(load())).toMatchObject({ code: 'CONFIG_INVALID' });
    await yaml(`#${' '.repeat(CONFIG_FILE_BYTES_MAX - 1)}`);
    await load();
    await yaml(`#${' '.repeat(CONFIG_FILE_BYTES_MAX)}`);
    expect(await refusal(load())).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test.each([
    ['a block that memory cannot hold', 'held_bytes_max: 1048576\n'],
    ['a record that memory cannot hold', 'held_bytes_max: 16777216\nrecord_bytes_max: 16777217\n'],
    ['a certificate without its key', 'kafka: {tls: {cert_file: c.pem}}\n'],
    ['a mechanism without its user', 'kafka: {sasl: {mechanism: plain}}\n'],
    ['one topic twice', 'kafka: {topics: [{topic: a}, {topic: a}]}\n'],
  ])('settings that do not fit each other are refused: %s', async (_, text) => {
    await yaml(text);
    expect(await refusal(load())).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('secrets', () => {
  const HIDDEN = 'hunter2-do-not-print';

  test.each([
    ['clickhouse:\n  password: ', 'CONFIG_SECRET_IN_FILE'],
    ['kafka:\n  sasl:\n    password: ', 'CONFIG_SECRET_IN_FILE'],
    ['kafka:\n  sasl: {passwd: ', 'CONFIG_INVALID'],
    ['store_key: ', 'CONFIG_SECRET_IN_FILE'],
    ['api-key: ', 'CONFIG_SECRET_IN_FILE'],
    ['other: 1\ntoken: ', 'CONFIG_SECRET_IN_FILE'],
    ['clickhouse:\n  url: https://user:', 'CONFIG_INVALID'],
    ['kafka:\n  sasl: user:', 'CONFIG_INVALID'],
    ['kafka: {brokers: ["user:hunter2-do-not-print@host:9092', 'CONFIG_INVALID'],
    ['password: @', 'CONFIG_INVALID'],
    ['clickhouse:\n  password: [', 'CONFIG_INVALID'],
  ])('none is accepted from the file, and none is shown: %j', async (before, code) => {
    await yaml(`${before}${HIDDEN}\n`);
    const error = await refusal(load());
    expect(error.code).toBe(code);
    expect(visible(error)).not.toContain(HIDDEN);
  });

  test('a credential in an address is refused wherever it comes from, and not shown', async () => {
    for (const url of [`https://user:${HIDDEN}@h:1/`, `https://h/?password=${HIDDEN}`]) {
      for (const origin of [{ env: { KEYTRAIL_CLICKHOUSE_URL: url } }, { flags: { 'clickhouse.url': url } }]) {
        const error = await refusal(load(origin));
        expect(error.code).toBe('CONFIG_INVALID');
        expect(visible(error)).not.toContain(HIDDEN);
      }
    }
  });

  test('a key pasted in the place of its path is refused and not shown', async () => {
    const hex = 'ab'.repeat(32);
    for (const pasted of [hex, Buffer.alloc(32, 9).toString('base64'), '-----BEGIN PRIVATE KEY-----']) {
      const error = await refusal(load({ env: { KEYTRAIL_STORE_KEY_FILE: pasted } }));
      expect(error.code).toBe('CONFIG_INVALID');
      expect(visible(error)).not.toContain(pasted);
    }
  });

  test('a password comes from a variable or from the file that a variable names, never from both', async () => {
    await writeFile(join(folder, 'secret'), `${HIDDEN}\n`);
    const named = await load({ env: { KEYTRAIL_CLICKHOUSE_PASSWORD_FILE: 'secret' } });
    expect(named.clickhouse.password?.reveal()).toBe(HIDDEN);
    const env = {
      KEYTRAIL_KAFKA_SASL_PASSWORD: HIDDEN,
      KEYTRAIL_KAFKA_SASL_USERNAME: 'u',
      KEYTRAIL_KAFKA_SASL_MECHANISM: 'plain',
    };
    expect((await load({ env })).kafka.sasl?.password?.reveal()).toBe(HIDDEN);
    const error = await refusal(load({ env: { ...env, KEYTRAIL_KAFKA_SASL_PASSWORD_FILE: 'secret' } }));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(visible(error)).not.toContain(HIDDEN);
  });

  test('a secret file that is missing, empty, too long or of several lines is refused', async () => {
    const file = join(folder, 'secret');
    const from = () => load({ env: { KEYTRAIL_CLICKHOUSE_PASSWORD_FILE: file } });
    expect(await refusal(from())).toMatchObject({ code: 'CONFIG_SECRET_UNREADABLE' });
    await writeFile(file, 'x'.repeat(SECRET_FILE_BYTES_MAX));
    await from();
    for (const text of ['', '\n', 'x'.repeat(SECRET_FILE_BYTES_MAX + 1), `${HIDDEN}\nmore\n`]) {
      await writeFile(file, text);
      const error = await refusal(from());
      expect(error.code).toBe('CONFIG_SECRET_UNREADABLE');
      expect(visible(error)).not.toContain(HIDDEN);
    }
  });

  test('a loaded configuration can be printed without printing its secrets', async () => {
    const config = await load({ env: { KEYTRAIL_CLICKHOUSE_PASSWORD: HIDDEN } });
    for (const text of [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${config.clickhouse.password}`,
    ]) {
      expect(text).toContain('[secret]');
      expect(text).not.toContain(HIDDEN);
    }
  });

  test('a secret that is needed and absent says which variable to set', async () => {
    const error = await refusal((async () => requireSecret(undefined, 'kafka.sasl.password'))());
    expect(error.code).toBe('CONFIG_SECRET_MISSING');
    expect(error.explanation.next).toContain('KEYTRAIL_KAFKA_SASL_PASSWORD_FILE');
    expect(requireSecret(new Secret('x'), 'kafka.sasl.password').reveal()).toBe('x');
  });
});
