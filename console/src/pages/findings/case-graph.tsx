/** Who, which key, from where: the finding at a glance, with what else its case ties to it. Every node is a handle. */
import type { FindingContext } from '../../../../schemas/api/findings.ts';
import { fieldName } from '../../components/entities.ts';
import { Handle } from '../../components/handle.tsx';
import { cut } from '../../state/cut.ts';
import { plural } from '../../state/number.ts';
import { type LinkParams, linkTo } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { type FindingDocument, isOneAddress } from './finding.ts';
import { type Graph, type GraphNode, graphOf } from './graph-of.ts';

/** Less is said by the sentence above it. */
const NODES_MIN = 3;
/** Between two columns, in hundredths of the whole width; the styles have the same. */
const GAP = 4;
/** How wide they are beside each other: who is mostly an address of mail. */
const SHARES = [1.7, 1, 1, 1.15];
const COLUMN_PX_MAX = 280;
const NAME_CHARS_MAX = 100;

export interface CaseGraphProps {
  readonly of: FindingDocument;
  readonly context: FindingContext | undefined;
}

export function CaseGraph({ of, context }: CaseGraphProps) {
  const others = context?.case.findings ?? [];
  const graph = graphOf(of, others);
  if (graph.nodes.length < NODES_MIN) return null;
  const columns = [0, 1, 2, 3]
    .map((column) => graph.nodes.filter((node) => node.column === column))
    .filter((nodes) => nodes.length > 0);
  const hasInferred = graph.nodes.some(({ known }) => known === 'inferred');
  return (
    <figure class="graph" aria-label="What the finding ties together">
      <div
        class="graph-field"
        style={{
          gridTemplateColumns: columns.map((nodes) => `minmax(0, ${shareOf(nodes)}fr)`).join(' '),
          maxWidth: `${columns.length * COLUMN_PX_MAX}px`,
        }}
      >
        <Lines of={graph} columns={columns} />
        {columns.map((nodes) => (
          <ul key={nodes[0]?.column} class="graph-column">
            {nodes.map((node) => (
              <li key={node.id} data-known={node.known}>
                <span class="graph-node">
                  <span class="small muted">{fieldName(node.field)}</span>
                  <Handle
                    field={node.field}
                    value={node.value}
                    account={node.account}
                    known={node.known}
                    because={node.because}
                  >
                    {node.shown}
                  </Handle>
                  <span class="unseen">, {toldOf(node, graph)}</span>
                </span>
              </li>
            ))}
          </ul>
        ))}
      </div>
      <figcaption class="small muted">
        Its events: {spanOf([of])}.
        {others.length > 1 && (
          <>
            {' '}
            Those of its case of {plural(context?.case.total ?? others.length, 'finding')}: {spanOf(others)}.
          </>
        )}
        {hasInferred && (
          <>
            {' '}
            <span class="known-inferred">Dotted</span>: named by other findings of its case; that it belongs here is a
            conclusion.
          </>
        )}
        {graph.left > 0 && (
          <>
            {' '}
            <a href={linkTo('/findings', { state: 'all', ...whatOf(of) })}>And {graph.left} more</a>
          </>
        )}
      </figcaption>
    </figure>
  );
}

type Columns = readonly (readonly GraphNode[])[];

function shareOf(column: readonly GraphNode[]): number {
  return SHARES[column[0]?.column ?? 1] ?? 1;
}

/** Where each node begins and ends, and its middle, in hundredths of the field. */
function placesOf(columns: Columns) {
  const places = new Map<string, { readonly left: number; readonly right: number; readonly y: number }>();
  const shares = columns.reduce((sum, column) => sum + shareOf(column), 0);
  let left = 0;
  for (const column of columns) {
    const right = left + ((100 - GAP * (columns.length - 1)) * shareOf(column)) / shares;
    for (const [at, { id }] of column.entries()) places.set(id, { left, right, y: ((at + 0.5) / column.length) * 100 });
    left = right + GAP;
  }
  return places;
}

function Lines({ of: { edges }, columns }: { readonly of: Graph; readonly columns: Columns }) {
  const places = placesOf(columns);
  return (
    <svg class="graph-lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {edges.map(({ from, to, known }) => {
        const [one, other] = [places.get(from), places.get(to)];
        if (one === undefined || other === undefined) return null;
        return (
          <line
            key={`${from} ${to}`}
            data-known={known}
            x1={one.right}
            y1={one.y}
            x2={other.left}
            y2={other.y}
            vector-effect="non-scaling-stroke"
          />
        );
      })}
    </svg>
  );
}

function whatOf({ key_id, entity: { source_ip = '' } }: FindingDocument): LinkParams {
  if (key_id !== '') return { key: key_id };
  return isOneAddress(source_ip) ? { address: source_ip } : {};
}

/** For whoever does not see the lines. */
function toldOf({ id, because }: GraphNode, { nodes, edges }: Graph): string {
  const names = edges
    .flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []))
    .map((other) => cut(nodes.find((node) => node.id === other)?.value ?? '', NAME_CHARS_MAX));
  return names.length === 0 ? because : `${because}, with ${names.join(', ')}`;
}

function spanOf(findings: readonly { readonly first_seen: string; readonly last_seen: string }[]): string {
  const firstMs = Math.min(...findings.map(({ first_seen }) => msOf(first_seen)));
  const lastMs = Math.max(...findings.map(({ last_seen }) => msOf(last_seen)));
  return `${formatTime(firstMs, 'minute')} → ${formatTime(lastMs, 'minute')}`;
}
