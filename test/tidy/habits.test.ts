import { describe, expect, test } from 'vitest';
import { filesOf, lineAt, literalsOf, mask, ROOT, read } from './source.ts';

const LINES_MAX = 450;
const COLUMNS_MAX = 120;

const CODE = filesOf('{src,schemas,test,bench,examples,console}/**/*.{ts,tsx}', '{bin,scripts}/**', '*.config.ts');
const PRODUCT = filesOf('{src,schemas,console/src}/**/*.{ts,tsx}');

/** Lines of which literals take more than two thirds: the formatter cannot break them. */
function linesFilledByLiterals(text: string): ReadonlySet<number> {
  const columns = new Map<number, number>();
  for (const { text: literal, line } of literalsOf(text)) {
    literal.split('\n').forEach((part, at) => {
      columns.set(line + at, (columns.get(line + at) ?? 0) + [...part].length);
    });
  }
  return new Set([...columns].filter(([, sum]) => sum > (COLUMNS_MAX * 2) / 3).map(([line]) => line));
}

/** Every place where a pattern stands in the files, as `file:line`. */
function places(files: readonly string[], pattern: RegExp, text: (file: string) => string): string[] {
  return files.flatMap((file) => {
    const here = text(file);
    return [...here.matchAll(pattern)].map((match) => `${file}:${lineAt(here, match.index)}`);
  });
}

const code = (file: string) => mask(read(file), 'comments and texts');

describe('every source file', () => {
  test(`has at most ${LINES_MAX} lines`, () => {
    const long = CODE.filter((file) => read(file).split('\n').length - 1 > LINES_MAX);
    expect(long).toEqual([]);
  });

  test(`has lines of at most ${COLUMNS_MAX} columns, unless literals fill them`, () => {
    const wide = CODE.flatMap((file) => {
      const text = read(file);
      const filled = linesFilledByLiterals(text);
      return text
        .split('\n')
        .flatMap((line, at) => ([...line].length > COLUMNS_MAX && !filled.has(at + 1) ? [`${file}:${at + 1}`] : []));
    });
    expect(wide).toEqual([]);
  });

  test('and every folder has a name in kebab-case', () => {
    const files = filesOf('{src,schemas,queries,test,bench,examples,scripts,bin,deploy,console}/**');
    const steps = files.flatMap((file) => file.split('/').map((step) => ({ file, step })));
    const odd = steps.filter(({ step }) => !/^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/.test(step));
    const documents = /^(?:README\.md|LICENSE|NOTICE)$/;
    expect(odd.filter(({ step }) => !documents.test(step)).map(({ file }) => file)).toEqual([]);
  });

  test('holds no promise to be kept later', () => {
    expect(places(CODE, new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX|HA', 'CK\\b'].join(''), 'g'), read)).toEqual([]);
  });
});

describe('the product', () => {
  test('switches no check of the compiler off', () => {
    expect(places(PRODUCT, /@ts-(?:ignore|nocheck|expect-error)/g, read)).toEqual([]);
    expect(places(PRODUCT, /(?:\bas|:|<)\s*any\b(?!\s*:)/g, code)).toEqual([]);
  });

  test('has no default exports', () => {
    expect(places(PRODUCT, /\bexport default\b|\bas default\b/g, code)).toEqual([]);
  });

  test('prints through the streams and the logger that it is given', () => {
    expect(places(PRODUCT, /\bconsole\./g, code)).toEqual([]);
  });

  test('keeps its core free of time, chance, and the outside', () => {
    const effects = [
      String.raw`\bDate\.now|\bnew Date\(\s*\)|\bMath\.random|\brandom(?:UUID|Bytes|Int)\b`,
      String.raw`\bset(?:Timeout|Interval|Immediate)\b|\bperformance\.|\bprocess\.|\bfetch\(`,
    ];
    expect(places(filesOf('{schemas,src/core}/**/*.ts'), new RegExp(effects.join('|'), 'g'), code)).toEqual([]);
  });
});

describe('tests', () => {
  test('are neither singled out nor put aside', () => {
    const tests = filesOf('test/**/*.test.ts');
    expect(places(tests, /\b(?:test|it|describe)\.(?:only|skip|todo|fails)\b/g, code)).toEqual([]);
  });

  test('mirror a room, or belong to the project around it', () => {
    const rooms = new Set(
      filesOf('src/*/**/*.ts', 'schemas/**/*.ts').map((file) => file.split('/').slice(0, 2).join('/')),
    );
    const around = [
      'tidy',
      'deploy',
      'support',
      'queries',
      'schemas',
      'golden',
      'demo',
      'examples',
      'bench',
      'acceptance',
      'console',
    ];
    const strays = filesOf('test/**/*.ts').filter((file) => {
      const [, room = ''] = file.split('/');
      return !rooms.has(`src/${room}`) && !around.includes(room);
    });
    expect(strays).toEqual([]);
  });
});

describe('limits', () => {
  const UNITS = [
    'BYTES|CHARS|COLUMNS|MS|SECONDS|HOURS|DAYS|ROWS|RECORDS|MESSAGES|LETTERS|BLOCKS|PARTITIONS|FILES|ENTRIES|NODES',
    'DEPTH|RATIO|PERCENT|ATTEMPTS|QUERIES|REQUESTS|SESSIONS|PARAMETERS|BUCKETS|POINTS|CELLS|DIGITS|ROUNDS|AT_ONCE',
  ].join('|');
  const named = new RegExp(`(?:^|_)(?:${UNITS})(?:_|$)`);
  const names = [...read('src/core/limits.ts').matchAll(/^export const (\w+)/gm)].map((match) => match[1] ?? '');

  test('each says its unit in its name', () => {
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !named.test(name))).toEqual([]);
  });

  test('each has one home and is in force somewhere', () => {
    const elsewhere = PRODUCT.filter((file) => file !== 'src/core/limits.ts').map((file) => ({
      file,
      text: read(file),
    }));
    expect(names.filter((name) => !elsewhere.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text)))).toEqual([]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('SQL', () => {
  /** Files outside the store whose code holds SQL, each for a reason. */
  const REASONS: Readonly<Record<string, string>> = {
    'src/cli/demo.ts': 'a command that a person may type next is shown, and never run',
    'src/ask/guard.ts': 'what a person asks is wrapped in a SELECT for the check, and never run in that form',
  };
  const SQL = new RegExp(
    [
      String.raw`\bSELECT\b[\s\S]*\bFROM\b|\bINSERT\s+INTO\b|\bDELETE\s+FROM\b`,
      String.raw`\b(?:ALTER|CREATE|DROP|TRUNCATE)\s+(?:TABLE|VIEW|DATABASE)\b`,
    ].join('|'),
  );

  const holders = PRODUCT.filter(
    (file) => !file.startsWith('src/store/') && literalsOf(read(file)).some((literal) => SQL.test(literal.text)),
  );

  test('stands in files of its own, or in the store', () => {
    expect(holders.filter((file) => !(file in REASONS))).toEqual([]);
  });

  test('and no exception outlives its reason', () => {
    expect(Object.keys(REASONS).filter((file) => !holders.includes(file))).toEqual([]);
  });

  test('is recognised where it stands', () => {
    expect(SQL.test('INSERT INTO audit_events')).toBe(true);
    expect(SQL.test('select one from the list')).toBe(false);
  });
});

test('no file tells of the machine it was written on', () => {
  const files = filesOf('**').filter((file) => !/\.(?:png|jpg|gz|zst|lz4|snappy|parquet)$/.test(file));
  const machine = /\/(?:home|Users)\/[A-Za-z]|\/ro{2}t\//g;
  const registry = /https?:\/\/[^\s"')]*(?:registry|artifactory|verdaccio|npmmirror)/g;
  expect(places(files, machine, read)).toEqual([]);
  expect(places(files, registry, read)).toEqual([]);
  // A short path such as /app/ may be one that the documents mean.
  const checkout = ROOT.split('/').length > 3 ? files.filter((file) => read(file).includes(ROOT)) : [];
  expect(checkout).toEqual([]);
});
