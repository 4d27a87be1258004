import { expect, test } from 'vitest';
import { blindImports, importsOf, literalsOf, mask } from './source.ts';

const specifiers = (text: string) =>
  importsOf(text)
    .map((one) => one.specifier)
    .sort();

test('every way of importing is seen', () => {
  const text = [
    "import { a } from './a.ts';",
    "import type {\n  B,\n} from './b.ts';",
    "import './c.ts';",
    "import d, * as e from './d.ts';",
    "export * from './e.ts';",
    "export type { F } from './f.ts';",
    "const g = await import('./g.ts');",
    "type H = import('./h.ts').H;",
    "fork(new URL('./i.ts', import.meta.url));",
    'import j from "./j.ts";',
  ].join('\n');
  expect(specifiers(text)).toEqual([...'abcdefghij'].map((name) => `./${name}.ts`));
});

test('what is no import is not taken for one', () => {
  expect(
    specifiers("// import a from './a.ts'\n/* import './b.ts' */ const c = 'from'; foo.import('./c.ts');"),
  ).toEqual([]);
  expect(specifiers("export const a = 'x';\nexport function b() {}\nconst from = './c.ts';")).toEqual([]);
});

test('an import of something that only a run can tell is seen', () => {
  expect(blindImports("import('./a.ts');\nimport(name);\nrequire('x');\nimport(`./a.ts`);")).toEqual([2, 3, 4]);
});

test('comments, texts and patterns are told from code', () => {
  const text = "const a = 'x // y'; // z\nconst b = `p $\u007bf('q')} r`; const c = /[/'\"]/g; /* k */ d / e;";
  expect(mask(text, 'comments and texts').replace(/ +/g, ' ')).toBe(
    "const a = ' '; \nconst b = ` $\u007bf(' ')} `; const c = / /g; d / e;",
  );
  expect(literalsOf(text).map((one) => one.text)).toEqual(['x // y', 'p ', 'q', ' r', `[/'"]`]);
});
