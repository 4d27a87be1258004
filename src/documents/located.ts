/** Files that people write, as values of which each can be found again: `registry.yaml, line 12`. */
import { isAlias, isMap, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';

/** Where the value at a path stands; a path that leads nowhere, where it stops leading. */
export type LineOf = (path: readonly PropertyKey[]) => number;

export type LocatedDocument =
  | { readonly kind: 'document'; readonly value: unknown; readonly lineOf: LineOf }
  | { readonly kind: 'broken'; readonly line: number | undefined; readonly got: string; readonly expected: string };

/** @returns the text, `undefined` when the bytes are no UTF-8; a mark at its beginning is dropped */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Errors name a code and a line and never quote the text, which may hold a secret. */
export function parseYaml(text: string): LocatedDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const line = lines.linePos(fault.pos[0]).line;
    return { kind: 'broken', line, got: `YAML error ${fault.code}`, expected: 'one plain YAML document' };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { kind: 'document', value, lineOf: (path) => lineIn(document.contents, path, lines) };
  } catch {
    const got = 'aliases that expand too far, or to nothing';
    return { kind: 'broken', line: undefined, got, expected: 'a plain YAML file' };
  }
}

/** JSON is YAML, and much faster read as what it is; only who asks for a line waits for the slower way. */
export function parseJson(text: string): LocatedDocument {
  try {
    const value: unknown = JSON.parse(text);
    let located: LocatedDocument | undefined;
    const lineOf: LineOf = (path) => {
      located ??= parseYaml(text);
      return located.kind === 'document' ? located.lineOf(path) : 1;
    };
    return { kind: 'document', value, lineOf };
  } catch {
    const located = parseYaml(text);
    const line = located.kind === 'broken' ? located.line : undefined;
    return { kind: 'broken', line, got: 'text that is no JSON', expected: 'one JSON document' };
  }
}

/** The line of the deepest field on the path that the file has. */
function lineIn(root: ParsedNode | null, path: readonly PropertyKey[], lines: LineCounter): number {
  let node: Node | null = root;
  let offset = root?.range[0] ?? 0;
  for (const step of path) {
    if (isMap<Node, Node | null>(node)) {
      const pair = node.items.find((one) => String((one.key as { value?: unknown }).value) === String(step));
      if (!pair) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq<Node>(node) && typeof step === 'number') {
      node = node.items[step] ?? null;
      offset = node?.range?.[0] ?? offset;
    } else break;
    if (isAlias(node)) break;
  }
  return lines.linePos(offset).line;
}
