import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { SECRETS, SETTINGS } from '../../src/config/settings.ts';
import { READER_ROLE } from '../../src/store/clickhouse-store.ts';
import { KAFKA_SETTINGS, KAFKA_TOOLS, settingOfVariable } from './kafka-settings.ts';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const text = await readFile(`${ROOT}docker-compose.yml`, 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const schema: object = JSON.parse(await readFile(new URL('./compose-subset.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(schema);
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.image === 'keytrail');
const service = (name: string): Service => compose.services[name] ?? expect.unreachable(`no service ${name}`);

test('docker-compose.yml is what the Compose Specification allows', () => {
  expect(validate(compose), JSON.stringify(validate.errors, null, 2)).toBe(true);
});

test('the schema refuses what the specification does not know', () => {
  const broken = [
    { ...compose, service: {} },
    { ...compose, services: { a: { image: 'x', healthchecks: {} } } },
    { ...compose, services: { a: { image: 'x', depends_on: { b: { condition: 'service_ready' } } } } },
    { ...compose, services: { a: { image: 'x', environment: { A: true } } } },
    { ...compose, services: { a: { image: 'x', stop_grace_period: '20 seconds' } } },
  ];
  for (const one of broken) expect(validate(one), JSON.stringify(one.services)).toBe(false);
});

describe('what the file names exists', () => {
  test('volumes, secrets, configurations and services that are used are declared, and the other way round', () => {
    const used = (pick: (one: Service) => readonly string[]) =>
      [...new Set(services.flatMap(([, one]) => pick(one)))].sort();
    const named = used((one) => (one.volumes ?? []).map((volume) => volume.split(':')[0] ?? ''));
    expect(named).toEqual(Object.keys(compose.volumes).sort());
    expect(used((one) => one.secrets ?? [])).toEqual(Object.keys(compose.secrets).sort());
    expect(used((one) => (one.configs ?? []).map((config) => config.source))).toEqual(
      Object.keys(compose.configs).sort(),
    );
    for (const name of used((one) => Object.keys(one.depends_on ?? {})))
      expect(Object.keys(compose.services)).toContain(name);
  });

  test('whoever is waited for to be healthy says when it is', () => {
    const waited = services.flatMap(([, one]) =>
      Object.entries(one.depends_on ?? {}).filter(([, { condition }]) => condition === 'service_healthy'),
    );
    expect(waited.map(([name]) => name).sort()).toEqual(['clickhouse', 'kafka']);
    for (const [name] of waited) expect(service(name).healthcheck?.test.length).toBeGreaterThan(1);
  });

  test('Kafka is given settings that it has, and tools that its image holds are called', () => {
    const variables = Object.keys(service('kafka').environment ?? {}).filter((name) => name.startsWith('KAFKA_'));
    expect(variables.map(settingOfVariable).filter((name) => !KAFKA_SETTINGS.includes(name))).toEqual([]);
    const tools = [...text.matchAll(/\/opt\/kafka\/bin\/([a-z.-]+)/g)].map((match) => match[1] ?? '');
    expect(tools.length).toBeGreaterThan(0);
    expect(tools.filter((tool) => !KAFKA_TOOLS.includes(tool))).toEqual([]);
  });

  test('every listener of Kafka has a protocol, and every advertised one listens', () => {
    const environment = service('kafka').environment ?? {};
    const names = (variable: string, mark: string) =>
      String(environment[variable])
        .split(',')
        .map((one) => one.split(mark)[0])
        .sort();
    const listeners = names('KAFKA_LISTENERS', '://');
    expect(names('KAFKA_LISTENER_SECURITY_PROTOCOL_MAP', ':')).toEqual(listeners);
    expect([...names('KAFKA_ADVERTISED_LISTENERS', '://'), 'CONTROLLER'].sort()).toEqual(listeners);
    // A cluster id is 16 bytes in base64url.
    expect(Buffer.from(String(environment.CLUSTER_ID), 'base64url')).toHaveLength(16);
  });

  test('the broker and the jars of the tests are of one release', async () => {
    const pom = await readFile(`${ROOT}test/support/kafka/pom.xml`, 'utf8');
    const version = /<kafka\.version>(.*)<\/kafka\.version>/.exec(pom)?.[1];
    expect(service('kafka').image).toBe(`apache/kafka:${version}`);
  });
});

describe('keytrail in it', () => {
  test('is called with commands that it has', async () => {
    const main = await readFile(`${ROOT}src/cli/main.ts`, 'utf8');
    for (const [name, { command = [] }] of ours) {
      expect(command.slice(0, 2), name).toEqual(['--config', '/etc/keytrail.yaml']);
      const [verb = '', ...rest] = command.slice(2);
      expect(main, name).toContain(`name: '${verb}'`);
      expect(existsSync(`${ROOT}src/cli/${verb}.ts`), verb).toBe(true);
      expect(rest).toEqual([]);
    }
    expect(ours.map(([name]) => name)).toEqual(['migrate', 'keytrail']);
  });

  test('is given variables that it knows', () => {
    const known = new Set([
      ...SETTINGS.map((setting) => setting.variable),
      ...SECRETS.flatMap((secret) => [secret.variable, secret.fileVariable]),
    ]);
    for (const [, { environment = {} }] of ours) {
      expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
    }
  });

  test('reads a configuration that loads and leads to the services beside it', async () => {
    const config = await loadConfig({ file: `${ROOT}deploy/keytrail.yaml`, env: {} });
    const store = new URL(config.clickhouse.url ?? '');
    expect(Object.keys(compose.services)).toContain(store.hostname);
    expect(config.clickhouse.database).toBe(service('clickhouse').environment?.CLICKHOUSE_DB);
    const advertised = String(service('kafka').environment?.KAFKA_ADVERTISED_LISTENERS);
    for (const broker of config.kafka.brokers) expect(advertised).toContain(`://${broker}`);
    for (const { topic } of config.kafka.topics) expect(service('topics').command).toContain(`--topic=${topic}`);
  });

  test('has a user at the store who may do what it needs, and a role for those who only ask', async () => {
    const config = await loadConfig({ file: `${ROOT}deploy/keytrail.yaml`, env: {} });
    const users = await readFile(`${ROOT}${compose.configs['clickhouse-users']?.file}`, 'utf8');
    const { username, database } = config.clickhouse;
    expect(users).toContain(`<${username}>`);
    expect(users).toContain(`<${READER_ROLE}>`);
    expect(users).toContain(`<query>GRANT ${READER_ROLE}</query>`);
    expect(users).toContain(`<query>GRANT SELECT ON ${database}.*</query>`);
    expect(users).not.toMatch(/<password>/);
    const variable = /from_env="(\w+)"/.exec(users)?.[1] ?? 'none';
    expect(service('clickhouse').entrypoint?.join(' ')).toContain(`export ${variable}=`);
    // Every tag that opens closes again, in order.
    const open: string[] = [];
    for (const [, end, name, empty] of users.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (end) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name ?? '');
    }
    expect(open).toEqual([]);
  });

  test('has no secret in the file, and ports that only this host reaches', () => {
    for (const [, { environment = {} }] of services) {
      const secretive = Object.keys(environment).filter((name) => /PASSWORD|SECRET|TOKEN/.test(name));
      expect(secretive.filter((name) => !name.endsWith('_FILE'))).toEqual([]);
    }
    const ports = services.flatMap(([, one]) => one.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});
