/** The engine's syntax tree, from the indented lines in which it prints it. */
import { invariant } from '../core/errors.ts';

export interface AstNode {
  /** `SelectQuery`, `Function`, … */
  readonly kind: string;
  /** What the node names: a function, a table, a column; `''` where it names nothing. */
  readonly name: string;
  readonly line: string;
  /** Kind of the node above; `''` for the root. */
  readonly parent: string;
  readonly children: AstNode[];
}

const LINE = /^( *)([A-Za-z:]+)(?: (.*?))?(?: \(alias .*\))?(?: \(children \d+\))?$/s;

/** @param lines one node each, one blank deeper than its parent */
export function parseAst(lines: readonly string[]): AstNode {
  const path: AstNode[] = [];
  let root: AstNode | undefined;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const parts = LINE.exec(line);
    invariant(parts !== null, 'every line of a syntax tree is a node');
    const [, indent = '', kind = '', name = ''] = parts;
    const parent = path[indent.length - 1];
    invariant(
      indent.length <= path.length && (indent.length === 0) === (root === undefined),
      'a node stands below its parent',
    );
    const node: AstNode = { kind, name, line, parent: parent?.kind ?? '', children: [] };
    parent?.children.push(node);
    root ??= node;
    path.length = indent.length;
    path.push(node);
  }
  invariant(root !== undefined, 'a statement has a syntax tree');
  return root;
}
