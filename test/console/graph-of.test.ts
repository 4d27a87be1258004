import { describe, expect, test } from 'vitest';
import type { FindingDocument } from '../../console/src/pages/findings/finding.ts';
import { graphOf } from '../../console/src/pages/findings/graph-of.ts';

const FINDING = {
  ...{
    id: 'f',
    rule: 'r',
    account_id: 'a',
    key_id: 'k',
    entity: { account_id: 'a', key_id: 'k', source_ip: '10.0.0.1' },
  },
  facts: { owner: 'o@example.com', app: 'shop', network: '', asn: 64500, as_name: 'Example', country: 'DE' },
} as unknown as FindingDocument;

const other = (id: string, key_id: string, source_ip: string) => ({
  ...{ id, key_id, source_ip, rule: 'r', severity: 'low', state: 'open', summary: '', account_id: 'a' },
  ...{ first_seen: '2026-03-01T00:00:00.000Z', last_seen: '2026-03-01T00:00:00.000Z' },
});
const own = other('f', 'k', '10.0.0.1');

describe('what a finding ties together', () => {
  test('is owner and app, key, address and network, each with where it is known from', () => {
    const { nodes, edges, left } = graphOf(FINDING, [own]);
    expect(nodes.map(({ id, column, known }) => [id, column, known])).toEqual([
      ['owner o@example.com', 0, 'resolved'],
      ['app shop', 0, 'resolved'],
      ['key_id a k', 1, 'recorded'],
      ['source_ip 10.0.0.1', 2, 'recorded'],
      ['asn 64500', 3, 'resolved'],
    ]);
    expect(edges).toEqual([
      { from: 'owner o@example.com', to: 'key_id a k', known: 'resolved' },
      { from: 'app shop', to: 'key_id a k', known: 'resolved' },
      { from: 'key_id a k', to: 'source_ip 10.0.0.1', known: 'recorded' },
      { from: 'source_ip 10.0.0.1', to: 'asn 64500', known: 'resolved' },
    ]);
    expect(left).toBe(0);
  });

  test('has what only its case brings in as a conclusion, and what is recorded stays recorded', () => {
    const { nodes, edges } = graphOf(FINDING, [own, other('g', 'k', '10.0.0.2'), other('h', 'l', '10.0.0.1')]);
    const inferred = nodes.filter(({ known }) => known === 'inferred').map(({ id }) => id);
    expect(inferred.toSorted()).toEqual(['key_id a l', 'source_ip 10.0.0.2']);
    expect(edges.find(({ from, to }) => from === 'key_id a k' && to === 'source_ip 10.0.0.1')?.known).toBe('recorded');
    expect(edges.filter(({ known }) => known === 'inferred')).toHaveLength(2);
  });

  test('has eight nodes at most, those of the finding first, and counts the others; every line has two ends', () => {
    const others = Array.from({ length: 40 }, (_, at) => other(String(at), 'k', `10.0.1.${at % 20}`));
    const { nodes, edges, left } = graphOf(FINDING, [own, ...others]);
    expect(nodes).toHaveLength(8);
    expect(nodes.slice(0, 5).every(({ known }) => known !== 'inferred')).toBe(true);
    expect(left).toBe(17);
    const ids = nodes.map(({ id }) => id);
    for (const { from, to } of edges) expect([ids.includes(from), ids.includes(to)]).toEqual([true, true]);
  });

  test('takes lists of addresses and keys, and no range for an address that has a page', () => {
    const lists = {
      ...FINDING,
      ...{ key_id: '', entity: { provider_network: '10.0.0.0/24' } },
      facts: { keys: ['k', 'l'], source_ips: ['10.0.0.1', '10.0.0.0/24', ''], owner: null, country: '' },
    } as unknown as FindingDocument;
    expect(graphOf(lists, []).nodes.map(({ id }) => id)).toEqual([
      'key_id k',
      'key_id l',
      'source_ip 10.0.0.1',
      'addresses 10.0.0.0/24',
    ]);
  });

  test('tells keys of one name in two accounts apart, and IPv6 by its /64', () => {
    const { nodes, edges } = graphOf(FINDING, [own, { ...other('g', 'k', '2001:db8:5:1::'), account_id: 'b' }]);
    expect(nodes.map(({ id, account }) => [id, account]).slice(5)).toEqual([
      ['key_id b k', 'b'],
      ['addresses 2001:db8:5:1::/64', undefined],
    ]);
    expect(edges.at(-1)).toEqual({ from: 'key_id b k', to: 'addresses 2001:db8:5:1::/64', known: 'inferred' });
  });

  test('is nothing where a finding is about the intake', () => {
    const intake = { ...FINDING, key_id: '', entity: { stream: 's' }, facts: {} } as unknown as FindingDocument;
    expect(graphOf(intake, [])).toEqual({ nodes: [], edges: [], left: 0 });
  });
});
