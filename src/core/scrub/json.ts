/** Secrets in text that parses as JSON: found by structure, so that nothing but their spans changes. */
import { isWhiteSpace, stringEnd } from '../json-text.ts';
import {
  holdsPlainName,
  isHeaderMember,
  isHeaderName,
  isNameList,
  isSecretName,
  isValueList,
  isValueName,
} from './names.ts';
import { isFingerprint, secretsInText } from './text.ts';
import { anyReading, type Cut, lift, percentDecoded, unescaped, type View } from './views.ts';

/** JSON in strings of JSON in strings: each level doubles the backslashes, so real text ends long before. */
const NESTED_LEVELS_MAX = 8;
/** How deep in an entry's schema its examples are looked for. */
const SCHEMA_LEVELS_MAX = 8;

type Range = readonly [from: number, to: number];

interface Leaf {
  readonly from: number;
  readonly to: number;
  /** A string's content; absent for numbers. */
  readonly view?: View;
}

interface Frame {
  readonly isObject: boolean;
  /** Number of leaves before this value. */
  readonly firstLeaf: number;
  name: string | undefined;
  expectsName: boolean;
  /** A list entry: one of its members is the name of a secret header. */
  isEntry: boolean;
  /** Leaf ranges of the members that would be an entry's value. */
  readonly values: Range[];
  /** Leaf ranges of a list's elements. */
  readonly elements: Range[];
  /** Which elements are names of secret headers. */
  readonly secretElements: number[];
  /** Of an object: its lists of names and of values that belong together by index. */
  nameList: Frame | undefined;
  readonly valueLists: Frame[];
  /** How deep in the schema of an entry this is: `{"name":"x-api-key","schema":{"example":"…"}}`. */
  readonly schemaLevel: number;
  /** The element before is the name of a secret header: `["x-api-key", "…"]`. */
  followsName: boolean;
}

export function parsesAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @param text text that parses */
export function secretsInJson(text: string, level = 0): Cut[] {
  const walk = new Walk(text);
  walk.run();
  const cuts: Cut[] = [];
  for (const view of walk.names) cuts.push(...lift(secretsInString(view.text, level), view));
  let depth = 0;
  walk.leaves.forEach((leaf, index) => {
    depth += walk.marks.get(index) ?? 0;
    if (depth > 0) cuts.push(...wholeLeaf(text, leaf));
    else if (leaf.view) cuts.push(...lift(secretsInString(leaf.view.text, level), leaf.view));
  });
  return cuts;
}

/** Numbers become strings; what is cut already, or empty, stays. */
function wholeLeaf(text: string, leaf: Leaf): Cut[] {
  if (!leaf.view) return [{ from: leaf.from, to: leaf.to, value: text.slice(leaf.from, leaf.to), quote: '"' }];
  const value = leaf.view.text;
  if (value === '' || isFingerprint(value)) return [];
  return [{ from: leaf.from + 1, to: leaf.to - 1, value, quote: '' }];
}

/** What a string holds: JSON again, a URL, a header line, a command, prose. Recognition by shape belongs here, too. */
function secretsInString(text: string, level: number): Cut[] {
  if (!anyReading(text, holdsPlainName)) return [];
  if (level < NESTED_LEVELS_MAX && /^[ \t\r\n]*[{["]/.test(text) && parsesAsJson(text)) {
    return secretsInJson(text, level + 1);
  }
  return secretsInText(text, false);
}

class Walk {
  readonly leaves: Leaf[] = [];
  /** Strings in the place of names that may hold more than a name, such as a URL. */
  readonly names: View[] = [];
  /** By leaf: how many cut ranges begin there less how many ended. */
  readonly marks = new Map<number, number>();
  readonly #text: string;
  readonly #frames: Frame[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === 0x22) at = this.#string(at);
      else if (code === 0x7b || code === 0x5b) {
        this.#open(code === 0x7b);
        at++;
      } else if (code === 0x7d || code === 0x5d) {
        this.#close();
        at++;
      } else if (code === 0x2c) {
        const frame = this.#frames.at(-1);
        if (frame?.isObject) frame.expectsName = true;
        at++;
      } else if (code === 0x3a || isWhiteSpace(code)) at++;
      else at = this.#scalar(at);
    }
  }

  #open(isObject: boolean): void {
    const firstLeaf = this.leaves.length;
    const parent = this.#frames.at(-1);
    const inSchema = parent !== undefined && (parent.schemaLevel > 0 || parent.name === 'schema');
    this.#frames.push({
      isObject,
      firstLeaf,
      name: undefined,
      expectsName: isObject,
      isEntry: false,
      values: [],
      elements: [],
      secretElements: [],
      nameList: undefined,
      valueLists: [],
      schemaLevel: inSchema ? parent.schemaLevel + 1 : 0,
      followsName: false,
    });
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (!frame) return;
    if (frame.isEntry) for (const [from, to] of frame.values) this.#mark(from, to);
    if (frame.nameList) for (const list of frame.valueLists) this.#markParallel(frame.nameList, list);
    const parent = this.#frames.at(-1);
    if (parent) this.#tell(parent, frame);
    this.#ended(frame.firstLeaf);
  }

  /** What a value that ends means for the object around it. */
  #tell(parent: Frame, frame: Frame): void {
    if (frame.schemaLevel > 0 && frame.schemaLevel <= SCHEMA_LEVELS_MAX && !frame.isEntry) {
      for (const range of frame.values) parent.values.push(range);
    }
    if (!parent.isObject) return;
    const name = parent.name ?? '';
    if (frame.isEntry && frame.values.length === 0 && isHeaderMember(name)) parent.isEntry = true;
    if (frame.isObject) return;
    if (frame.secretElements.length > 0 && isNameList(name)) parent.nameList = frame;
    else if (isValueList(name)) parent.valueLists.push(frame);
  }

  /** Where the lists differ in length, nothing tells which of the values are secrets. */
  #markParallel(names: Frame, values: Frame): void {
    const isClear = names.elements.length === values.elements.length;
    const secrets = isClear ? names.secretElements.map((index) => values.elements[index]) : values.elements;
    for (const range of secrets) if (range) this.#mark(range[0], range[1]);
  }

  #string(open: number): number {
    const end = stringEnd(this.#text, open);
    const view = unescaped(this.#text, open + 1, end - 1);
    const frame = this.#frames.at(-1);
    if (frame?.expectsName) {
      frame.expectsName = false;
      frame.name = view.text;
      this.names.push(view);
    } else {
      this.leaves.push({ from: open, to: end, view });
      this.#ended(this.leaves.length - 1, view.text);
    }
    return end;
  }

  /** Numbers; `true`, `false` and `null` tell nothing. */
  #scalar(from: number): number {
    SCALAR.lastIndex = from;
    const to = SCALAR.test(this.#text) ? SCALAR.lastIndex : from + 1;
    const code = this.#text.charCodeAt(from);
    const leaves = this.leaves.length;
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) this.leaves.push({ from, to });
    this.#ended(leaves);
    return to;
  }

  /** A value is complete; its leaves are those from `firstLeaf` on. */
  #ended(firstLeaf: number, text?: string): void {
    const frame = this.#frames.at(-1);
    if (!frame) return;
    const end = this.leaves.length;
    const isName = text !== undefined && isHeaderName(text);
    if (!frame.isObject) {
      if (frame.followsName && !isName) this.#mark(firstLeaf, end);
      frame.followsName = isName;
      if (isName) frame.secretElements.push(frame.elements.length);
      frame.elements.push([firstLeaf, end]);
      return;
    }
    const name = frame.name ?? '';
    if (isSecretName(name) || (name.includes('%') && isSecretName(percentDecoded(name).text)))
      this.#mark(firstLeaf, end);
    else if (isValueName(name) || (name === 'schema' && text !== undefined)) frame.values.push([firstLeaf, end]);
    else if (isName) frame.isEntry = true;
  }

  #mark(from: number, to: number): void {
    if (from === to) return;
    this.marks.set(from, (this.marks.get(from) ?? 0) + 1);
    this.marks.set(to, (this.marks.get(to) ?? 0) - 1);
  }
}

const SCALAR = /[^,:\]}{["\s]+/y;
