import { describe, expect, test } from 'vitest';
import { type Random, seededRandom } from '../../../examples/random.ts';
import { ROLES } from '../../../examples/redis-cloud/accounts.ts';
import { movableClock } from '../../../examples/redis-cloud/clock.ts';
import { headersFor, OWN_KEY } from '../../../examples/redis-cloud/example-accounts.ts';
import type { FaultRule } from '../../../examples/redis-cloud/faults.ts';
import { LOG_ROWS_MAX, SESSION_ROWS_MAX } from '../../../examples/redis-cloud/parameters.ts';
import { scenario } from '../../../examples/redis-cloud/scenario.ts';
import { startStandIn } from '../../../examples/redis-cloud/stand-in.ts';
import { complaintsAbout, DESCRIPTION, lacking, PATHS, resolved, templateOf, validatorOf } from './description.ts';
import { PRODUCTION, receive, START, started } from './support.ts';

const SEEDS = 60;
const REQUESTS = 40;

const operations = PATHS.flatMap((path) =>
  Object.entries(DESCRIPTION.paths[path] ?? {}).map(([method, operation]) => ({ path, method, operation })),
);
const pairs = operations.flatMap(({ path, operation }) =>
  Object.keys(operation.responses).map((status) => `${path} ${status}`),
);

/** What the description asks of itself; there is no need for a library to read five paths. */
describe('the description', () => {
  test('is an OpenAPI 3 document: what it refers to is there, and each status and parameter is described', () => {
    expect(DESCRIPTION.openapi).toMatch(/^3\.0\.\d$/);
    expect(DESCRIPTION.info).toMatchObject({ title: 'Redis Cloud API', version: 'Version 1' });
    const references = [...JSON.stringify(DESCRIPTION).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = '']) => to);
    expect(references.length).toBeGreaterThan(5);
    for (const $ref of references) expect(resolved({ $ref })).toBeTypeOf('object');
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      for (const { description } of Object.values(operation.responses)) expect(description).not.toBe('');
      const inPath = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });

  test('has schemas that are schemas, and examples that hold to them', () => {
    for (const [name, schema] of Object.entries(DESCRIPTION.components.schemas)) {
      const validate = validatorOf(`#/components/schemas/${name}`);
      expect(schema.example === undefined || validate(schema.example), name).toBe(true);
    }
  });

  test('gives the bounds and roles that the stand-in has', () => {
    const limitOf = (path: string) =>
      DESCRIPTION.paths[path]?.get?.parameters?.find(({ name }) => name === 'limit')?.schema.maximum;
    expect([limitOf('/v1/logs'), limitOf('/v1/session-logs')]).toEqual([LOG_ROWS_MAX, SESSION_ROWS_MAX]);
    expect(DESCRIPTION.components.schemas.AccountUserUpdateRequest?.properties?.role?.enum).toEqual([...ROLES]);
  });
});

/** A path of the description with an id in it, and parameters of which some are wrong. */
function targetOf(template: string, random: Random): string {
  const path = template.replace('{userId}', random.pick(['100100', '100106', '7', 'ada']));
  const parameters = [
    ['limit', ['1', '3', '100', '1000', '0', '1001', 'x']],
    ['offset', ['0', '5', '2000', '-1', '2147483648']],
    ['startTime', ['2026-10-01T00:00:00Z', '2026-11-20T08:00:00Z', '2026-10-01']],
    ['endTime', ['2026-11-20T09:00:00Z', '2026-11-01T00:00:00Z', 'now']],
    ['resourceId', ['51001', 'none']],
  ] as const;
  const given = parameters.filter(() => random.chance(0.3));
  const query = given.map(([name, values]) => `${name}=${values[random.below(values.length)]}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** Each status that the description has for a path, by chance. */
function everyStatus(): FaultRule[] {
  return operations.flatMap(({ path, operation }) =>
    Object.keys(operation.responses)
      .filter((status) => status !== '200')
      .map((status) => ({
        ...{ path: path.replace('{userId}', '100106'), fault: { kind: 'status', status: Number(status) } as const },
        chance: 0.03,
      })),
  );
}

describe('every answer', () => {
  test(`is one that the description allows, over ${SEEDS} seeds, every path and every status`, async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = seededRandom(seed);
      const clock = movableClock(START);
      const { accounts, changes } = scenario({ seed, start: START, latenessMsMax: 600_000, requests: REQUESTS });
      const standIn = await startStandIn({ seed, now: clock.now, accounts, changes, faults: everyStatus() });
      try {
        for (let count = 0; count < REQUESTS; count += 1) {
          const { state } = standIn.account(PRODUCTION);
          const owner = state.users.find(({ email }) => email === state.keys[0]?.ownerEmail);
          if (owner !== undefined) owner.role = random.chance(0.8) ? 'Viewer' : random.pick(ROLES);
          state.apiEnabled = random.chance(0.95);
          if (random.chance(0.02)) standIn.spend(PRODUCTION, 400);
          const good = headersFor(state, OWN_KEY);
          const headers = random.chance(0.9) ? good : { ...good, 'x-api-secret-key': 'wrong' };
          const target = targetOf(PATHS[random.below(PATHS.length)] ?? '', random);
          const answer = await receive(standIn.url + target, headers);
          const [path = ''] = target.split('?');
          expect(complaintsAbout(path, answer), `seed ${seed}: ${target} ${answer.status}`).toEqual([]);
          seen.add(`${templateOf(path)} ${answer.status}`);
          clock.advance(random.below(20_000));
        }
      } finally {
        await standIn.close();
      }
    }
    expect([...seen].sort()).toEqual(pairs.toSorted());
  });

  test('shows what the description’s own example shows', async () => {
    const { get, standIn } = await started();
    standIn.account(PRODUCTION).append([{ originator: 'System', type: 'Alert', description: 'Throughput is 0 RPS' }]);
    for (const [target, name] of [
      ['/v1/', 'RootAccount'],
      ['/v1/logs', 'AccountSystemLogEntries'],
      ['/v1/users', 'AccountUsers'],
      ['/v1/users/100101', 'AccountUser'],
    ] as const) {
      const { example } = DESCRIPTION.components.schemas[name] ?? {};
      expect(example, name).toBeTypeOf('object');
      expect(lacking((await get(target)).json(), example), name).toEqual([]);
    }
  });

  test('of a sound kind is told from one of an unsound kind', async () => {
    const { get } = await started({
      rows: 5,
      faults: [
        { fault: { kind: 'html' }, requests: [1] },
        { fault: { kind: 'truncated-json' }, requests: [2] },
        { fault: { kind: 'other-shape' }, requests: [3] },
        { fault: { kind: 'other-shape', value: { entries: [{ id: '7' }] } }, requests: [4] },
        { fault: { kind: 'other-shape', value: { entries: [{ id: 2 ** 31 }] } }, requests: [5] },
        { fault: { kind: 'other-shape', value: { entries: [{ time: '20-Nov-2026' }] } }, requests: [6] },
        { fault: { kind: 'other-shape', value: { links: [{ rel: 1 }] } }, requests: [7] },
        { fault: { kind: 'redirect', to: 'http://127.0.0.1:9' }, requests: [8] },
        { fault: { kind: 'status', status: 502 }, requests: [9] },
      ],
    });
    for (let number = 1; number <= 9; number += 1) {
      expect(complaintsAbout('/v1/logs', await get('/v1/logs')), String(number)).not.toEqual([]);
    }
    expect(complaintsAbout('/v1/logs', await get('/v1/logs'))).toEqual([]);
  });
});
