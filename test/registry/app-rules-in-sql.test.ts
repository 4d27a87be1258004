/** The app of a request: assigned, or by the first rule that matches all that it asks for. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AppRule } from '../../schemas/registry.ts';
import { ruleExpression } from '../../src/core/registry/app-rules.ts';
import type { Store } from '../../src/store/store.ts';
import { eventRow, insertEvents } from '../ask/fixture.ts';
import { sayToRegistry } from '../support/registry.ts';
import { temporaryStore } from '../support/store.ts';
import { importText } from './import-text.ts';

/** What a rule means, said without a regular expression. */
function matches(rule: AppRule, key: string, userAgent: string, network: string): boolean {
  const glob = (pattern: string | undefined, text: string) => pattern === undefined || globMatches(pattern, text);
  return (
    glob(rule.key, key) &&
    glob(rule.user_agent?.toLowerCase(), userAgent.toLowerCase()) &&
    (rule.network === undefined || rule.network === network)
  );
}

function globMatches(pattern: string, text: string): boolean {
  if (text.includes('\n')) return false;
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) {
    return globMatches(pattern.slice(1), text) || (text !== '' && globMatches(pattern, text.slice(1)));
  }
  const isSame = text !== '' && (pattern.startsWith('?') || pattern[0] === text[0]);
  return isSame && globMatches(pattern.slice(1), text.slice(1));
}

const letters = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'B', 'b') },
  { weight: 2, arbitrary: fc.constantFrom('-', '/', '.', '(', '+', '\\', '$', '|', ' ', '1', '[', '^') },
);
const words = fc.array(letters, { maxLength: 3 }).map((all) => all.join(''));
const globs = fc
  .array(fc.oneof({ weight: 4, arbitrary: letters }, { weight: 2, arbitrary: fc.constantFrom('*', '?') }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) => all.join('').trim() || '*');
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const rules = fc
  .record({ key: optional(globs), user_agent: optional(globs), network: optional(fc.constantFrom('office', 'vpn')) })
  .map((rule) => ({ name: 'r', app: 'x', ...rule }) as AppRule);

let store: Store;
beforeAll(async () => {
  store = (await temporaryStore()).store;
});

describe('the expression of a rule', () => {
  it('matches in the engine exactly what the rule means', async () => {
    const all = fc.sample(rules, { seed: 3, numRuns: 120 });
    const cases = fc.sample(
      fc.record({ key: words, agent: words, network: fc.constantFrom('', 'office', 'vpn', 'off') }),
      {
        seed: 5,
        numRuns: 3_000,
      },
    );
    const lines = cases.map(({ key, agent, network }) => `${key}\n${agent}\n${network}`);
    const rows = await store.rows<{ hits: number[] }>(
      `SELECT arrayMap(hit -> toUInt32(hit), arraySort(multiMatchAllIndices(line, {expressions:Array(String)}))) AS hits
       FROM (SELECT arrayJoin(arrayEnumerate({lines:Array(String)})) AS number, {lines:Array(String)}[number] AS line) ORDER BY number`,
      { parameters: { expressions: all.map((rule) => ruleExpression(rule)), lines } },
    );
    const expected = cases.map(({ key, agent, network }) =>
      all.flatMap((rule, index) => (matches(rule, key, agent, network) ? [index + 1] : [])),
    );
    expect(new Set(expected.flat()).size).toBeGreaterThan(40);
    expect(rows.map(({ hits }) => hits)).toEqual(expected);
  });

  it('is not led astray by a line break in what a client chose', async () => {
    const rule: AppRule = { name: 'r', app: 'x', network: 'office' };
    for (const line of ['k\nagent\noffice\n', 'k\nagent\noffice\nvpn', 'k\n\nagent\noffice']) {
      const [row] = await store.rows<{ hit: number }>(
        'SELECT toUInt32(multiMatchAnyIndex({line:String}, {expressions:Array(String)})) AS hit',
        { parameters: { line, expressions: [ruleExpression(rule)] } },
      );
      expect(row?.hit).toBe(0);
    }
  });
});

describe('an attribution', () => {
  beforeAll(async () => {
    await sayToRegistry(
      store,
      [
        { kind: 'key', id: ['1', 'assigned'], validFrom: 0, says: { state: 'active', app: 'orders' } },
        { kind: 'key', id: ['1', 'ci-1'], validFrom: 0, says: { state: 'active' } },
        { kind: 'key', id: ['1', 'other'], validFrom: 0, says: { state: 'active', app: '' } },
      ],
      [
        { name: 'pipelines', app: 'deployment', key: 'ci-*' },
        { name: 'terraform', app: 'infrastructure', user_agent: '*terraform-provider-*' },
        { name: 'at home', app: 'laptop', network: 'home' },
      ],
    );
    await importText(
      store,
      'networks.yaml',
      'networks: [{network: home, cidrs: [203.0.113.0/24], valid_from: 2026-01-01}]',
    );
    const agent = 'HashiCorp Terraform/1.9 TERRAFORM-provider-rediscloud/2';
    const events = [
      { event_id: '1', key_id: 'assigned', user_agent: agent },
      { event_id: '2', key_id: 'ci-1', user_agent: agent },
      { event_id: '3', key_id: 'other', user_agent: agent },
      { event_id: '4', key_id: 'other', source_ip: '::ffff:203.0.113.5' },
      { event_id: '5', key_id: 'other' },
      { event_id: '6', key_id: '', user_agent: agent },
      { event_id: '7', key_id: 'CI-1' },
    ];
    await insertEvents(
      store,
      events.map((event) => eventRow({ account_id: '1', content_hash: event.event_id.padStart(32, '0'), ...event })),
    );
  });

  it('says which rule gave it, and that the registry comes first', async () => {
    const rows = await store.rows(
      "SELECT event_id, app, app_rule FROM activity WHERE account_id = '1' ORDER BY event_id",
    );
    expect(rows).toEqual([
      { event_id: '1', app: 'orders', app_rule: 'assigned' },
      { event_id: '2', app: 'deployment', app_rule: 'pipelines' },
      { event_id: '3', app: 'infrastructure', app_rule: 'terraform' },
      { event_id: '4', app: 'laptop', app_rule: 'at home' },
      { event_id: '5', app: '', app_rule: '' },
      // An app is what a key is for: without one there is none.
      { event_id: '6', app: '', app_rule: '' },
      { event_id: '7', app: '', app_rule: '' },
    ]);
  });
});
