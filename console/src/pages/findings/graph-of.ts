/**
 * What a finding ties together: whose key, used from where, in whose network, and what else its case brings in. Few
 * nodes: what does not fit is counted.
 */
import type { FindingContext } from '../../../../schemas/api/findings.ts';
import { type FindingDocument, isOneAddress } from './finding.ts';

const NODES_MAX = 8;

export type Known = 'recorded' | 'resolved' | 'inferred';

export interface GraphNode {
  /** Names it in edges. */
  readonly id: string;
  /** Places them from left to right: who, key, address, network. */
  readonly column: number;
  readonly field: string;
  readonly value: string;
  readonly account?: string | undefined;
  /** Shown in place of the value. */
  readonly shown?: string;
  readonly known: Known;
  readonly because: string;
}

/** From left to right. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly known: Known;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Keys and addresses of the case that did not fit. */
  readonly left: number;
}

type CaseFinding = FindingContext['case']['findings'][number];
type Facts = Readonly<Record<string, unknown>>;

export function graphOf(of: FindingDocument, others: readonly CaseFinding[]): Graph {
  const facts: Facts = { ...of.facts, ...of.entity };
  const own = ownNodes(of, facts);
  const byCase = caseNodes(others.filter(({ id }) => id !== of.id)).filter(
    ({ id }) => !own.some((one) => one.id === id),
  );
  const nodes = [...own, ...byCase].slice(0, NODES_MAX);
  const isThere = new Set(nodes.map(({ id }) => id));
  const edges = [...ownEdges(own), ...caseEdges(others)].filter(({ from, to }) => isThere.has(from) && isThere.has(to));
  const once = new Map<string, GraphEdge>();
  // What this finding tells stands before what its case does.
  for (const edge of edges) if (!once.has(`${edge.from} ${edge.to}`)) once.set(`${edge.from} ${edge.to}`, edge);
  return { nodes, edges: [...once.values()], left: own.length + byCase.length - nodes.length };
}

function ownNodes(of: FindingDocument, facts: Facts): GraphNode[] {
  const recorded = { known: 'recorded', because: 'recorded with its events' } as const;
  const resolved = { known: 'resolved', because: 'registry, at the time of the events' } as const;
  const keys = of.key_id === '' ? textsOf(facts.keys) : [of.key_id];
  const account = of.key_id === '' ? '' : of.account_id;
  const addresses = ['source_ip', 'source_ips', 'from_ip', 'to_ip'].flatMap((name) => textsOf(facts[name]));
  return unique([
    ...textsOf(facts.owner).map((value) => node(0, 'owner', value, resolved)),
    ...textsOf(facts.app).map((value) => node(0, 'app', value, resolved)),
    ...keys.map((value) => keyNode(account, value, recorded)),
    ...addresses.map((value) => addressNode(value, recorded)),
    ...networkOf(facts),
  ]);
}

/** The registry's word before that of the data of addresses. */
function networkOf({ network, asn, as_name, country }: Facts): GraphNode[] {
  const [name] = textsOf(network);
  if (name !== undefined) {
    return [node(3, 'network', name, { known: 'resolved', because: 'a network of the registry' })];
  }
  const data = { known: 'resolved', because: 'network data, by address' } as const;
  const shown = [...textsOf(as_name), ...textsOf(country)].join(', ');
  if (Number(asn ?? 0) !== 0) return [{ ...node(3, 'asn', String(asn), data), shown: shown || `AS${String(asn)}` }];
  return textsOf(country).map((value) => ({ ...node(3, 'country', value, data), shown }));
}

/** The ones that most findings of the case name come first. */
function caseNodes(others: readonly CaseFinding[]): GraphNode[] {
  const inferred = {
    known: 'inferred',
    because: 'another finding of its case names it',
  } as const;
  const counts = new Map<string, { readonly node: GraphNode; count: number }>();
  const count = (one: GraphNode): void => {
    const known = counts.get(one.id);
    if (known === undefined) counts.set(one.id, { node: one, count: 1 });
    else known.count++;
  };
  for (const { key_id, account_id, source_ip } of others) {
    if (key_id !== '') count(keyNode(account_id, key_id, inferred));
    if (source_ip !== '') count(addressNode(source_ip, inferred));
  }
  return [...counts.values()].toSorted((one, other) => other.count - one.count).map((one) => one.node);
}

function ownEdges(own: readonly GraphNode[]): GraphEdge[] {
  const inColumn = (column: number) => own.filter((one) => one.column === column);
  const joined = (left: readonly GraphNode[], right: readonly GraphNode[], known: Known): GraphEdge[] =>
    left.flatMap(({ id: from }) => right.map(({ id: to }) => ({ from, to, known })));
  const [who, keys, addresses, networks] = [0, 1, 2, 3].map(inColumn) as [
    GraphNode[],
    GraphNode[],
    GraphNode[],
    GraphNode[],
  ];
  return [
    ...joined(who, keys, 'resolved'),
    ...joined(keys, addresses, 'recorded'),
    ...joined(addresses.length === 0 ? keys : addresses, networks, 'resolved'),
  ];
}

function caseEdges(others: readonly CaseFinding[]): GraphEdge[] {
  const how = { known: 'inferred', because: '' } as const;
  return others
    .filter(({ key_id, source_ip }) => key_id !== '' && source_ip !== '')
    .map(({ account_id, key_id, source_ip }) => ({
      from: keyNode(account_id, key_id, how).id,
      to: addressNode(source_ip, how).id,
      known: how.known,
    }));
}

type How = Pick<GraphNode, 'known' | 'because'>;

function node(column: number, field: string, value: string, how: How): GraphNode {
  return { id: `${field} ${value}`, column, field, value, ...how };
}

/** Names of keys are unique in an account only. */
function keyNode(account: string, key: string, how: How): GraphNode {
  const whole = node(1, 'key_id', key, how);
  return account === '' ? whole : { ...whole, id: `key_id ${account} ${key}`, account };
}

/** Detections tell of IPv6 by the first address of its /64, which nobody need have used. */
function addressNode(address: string, how: How): GraphNode {
  if (isOneAddress(address)) return node(2, 'source_ip', address, how);
  return node(2, 'addresses', address.includes('/') ? address : `${address}/64`, how);
}

function textsOf(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one): one is string => typeof one === 'string' && one !== '');
}

function unique(nodes: readonly GraphNode[]): GraphNode[] {
  return [...new Map(nodes.map((one) => [one.id, one])).values()];
}
