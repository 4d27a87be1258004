import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blindImports, filesOf, importsOf, read } from './source.ts';

/**
 * The rooms, lowest first. A file imports from its own room and from rooms on lower floors; rooms on one floor do not
 * know each other. docs/architecture.md tells the same to people.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['schemas'],
  ['src/core', 'examples'],
  ['src/documents'],
  ['src/store', 'src/intake', 'src/config', 'src/enrich', 'src/supervisor'],
  ['src/pipeline', 'src/ask', 'src/access'],
  [
    'src/dead-letters',
    'src/export',
    'src/registry',
    'src/retention',
    'src/doctor',
    'src/renormalise',
    'src/findings',
    'src/collect',
  ],
  ['src/detect', 'src/deliver'],
  ['src/report'],
  ['src/http'],
  ['src/cli'],
];

/** Below these everything is pure and may be imported file by file; the other rooms have doors. */
const OPEN_ROOMS = new Set(['schemas', 'src/core', 'examples']);

/** Libraries with one home each: what bites in them is dealt with there and nowhere else. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ['src/intake/kafka/'],
  snappy: ['src/intake/kafka/'],
  'lz4-napi': ['src/intake/kafka/'],
  '@toondepauw/node-zstd': ['src/intake/kafka/'],
  chdb: ['src/store/embedded/'],
  '@clickhouse/client': ['src/store/'],
  commander: ['src/cli/'],
  'csv-parse': ['src/documents/'],
  maxmind: ['src/enrich/'],
  hono: ['src/http/'],
  '@hono/node-server': ['src/http/'],
  'prom-client': ['src/http/'],
  nodemailer: ['src/deliver/'],
};

/** The same for the libraries of the page. */
const HOMES_OF_CONSOLE: Readonly<Record<string, string>> = { uplot: 'console/src/components/uplot.ts' };

/** Packages that are data and no code: read as files, by the one room that names them. */
const DATA: Readonly<Record<string, string>> = {
  '@ip-location-db/asn': 'src/enrich/bundled/packages.ts',
  '@ip-location-db/asn-country': 'src/enrich/bundled/packages.ts',
};

/** schemas and core decide and never do: what they may import from outside. Examples are made of nothing but Node. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  schemas: ['zod', 'ipaddr.js'],
  'src/core': [
    'zod',
    'ipaddr.js',
    'date-fns',
    '@date-fns/tz',
    'croner',
    'node:crypto',
    'node:buffer',
    'node:util',
    'node:zlib',
  ],
  examples: ['node:http', 'node:https', 'node:net', 'node:tls', 'node:timers'],
};

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

const FILES = filesOf('schemas/**/*.ts', 'examples/**/*.ts', 'src/**/*.ts');

const OUTSIDE = FILES.flatMap((file) =>
  importsOf(read(file))
    .filter((one) => !one.specifier.startsWith('.'))
    .map((one) => ({ from: file, to: one.specifier, line: one.line })),
);

const INSIDE: readonly Arrow[] = FILES.flatMap((file) =>
  importsOf(read(file))
    .filter((one) => one.specifier.startsWith('.') && /\.ts$/.test(one.specifier))
    .map((one) => ({ from: file, to: posix.join(posix.dirname(file), one.specifier), line: one.line })),
);

function floorOf(file: string): number {
  return FLOORS.findIndex((rooms) => rooms.some((room) => file.startsWith(`${room}/`)));
}

function roomOf(file: string): string {
  return FLOORS.flat().find((room) => file.startsWith(`${room}/`)) ?? '';
}

/**
 * What of a room may be imported from outside: the files that lie directly in it. A folder in a room is its inside, and
 * only the command line, which puts the program together, may use the doors of such a folder that are named here.
 */
const INNER_DOORS: readonly string[] = [
  'src/store/embedded/open.ts',
  'src/intake/file/find-files.ts',
  'src/intake/file/ingest-file.ts',
  'src/intake/kafka/consumer.ts',
  'src/intake/kafka/producer.ts',
  'src/ask/format/formats.ts',
  'src/ask/format/write-answer.ts',
];

function isDoor(file: string, from: string): boolean {
  const room = roomOf(file);
  if (OPEN_ROOMS.has(room)) return true;
  const isInner = file.slice(room.length + 1).includes('/');
  return !isInner || (roomOf(from) === 'src/cli' && INNER_DOORS.includes(file));
}

function wrong({ from, to }: Arrow): string | undefined {
  if (roomOf(from) === roomOf(to)) return undefined;
  if (floorOf(to) < 0) return 'leads out of the rooms';
  if (floorOf(to) > floorOf(from)) return 'leads upwards';
  if (floorOf(to) === floorOf(from)) return 'leads to a room on the same floor';
  return isDoor(to, from) ? undefined : 'reaches inside a room';
}

const packageOf = (specifier: string) => (/^(?:node:[a-z_]+|@[^/]+\/[^/]+|[^/]+)/.exec(specifier) ?? [''])[0];

describe('the house', () => {
  test('every source file stands in a room that has a floor', () => {
    expect(FILES.filter((file) => floorOf(file) < 0)).toEqual([]);
    expect(FILES.length).toBeGreaterThan(20);
  });

  test('every import leads downwards, through a door', () => {
    const found = INSIDE.flatMap((arrow) => {
      const why = wrong(arrow);
      return why ? [`${arrow.from}:${arrow.line} → ${arrow.to} ${why}`] : [];
    });
    expect(found).toEqual([]);
  });

  test('the rule itself refuses what it should', () => {
    const arrow = (from: string, to: string) => wrong({ from, to, line: 1 });
    expect(arrow('schemas/a.ts', 'src/core/limits.ts')).toBe('leads upwards');
    expect(arrow('src/core/a.ts', 'src/store/store.ts')).toBe('leads upwards');
    expect(arrow('src/store/a.ts', 'src/intake/intake.ts')).toBe('leads to a room on the same floor');
    expect(arrow('src/pipeline/a.ts', 'src/store/embedded/server.ts')).toBe('reaches inside a room');
    expect(arrow('src/cli/a.ts', 'src/intake/kafka/codecs.ts')).toBe('reaches inside a room');
    expect(arrow('src/cli/a.ts', 'test/support/x.ts')).toBe('leads out of the rooms');
    expect(arrow('src/cli/a.ts', 'src/store/embedded/open.ts')).toBeUndefined();
    expect(arrow('src/pipeline/a.ts', 'src/store/store.ts')).toBeUndefined();
    expect(arrow('src/store/embedded/a.ts', 'src/store/store.ts')).toBeUndefined();
  });

  test('every door that is named exists', () => {
    expect(INNER_DOORS.filter((file) => !FILES.includes(file))).toEqual([]);
  });

  test('no import goes round in a circle', () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of INSIDE) next.set(from, [...(next.get(from) ?? []), to]);
    expect(circleIn(next)).toEqual([]);
    expect(
      circleIn(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['a']],
        ]),
      ),
    ).toEqual(['a', 'b', 'c', 'a']);
  });

  test('every import can be read without running the program', () => {
    expect(FILES.flatMap((file) => blindImports(read(file)).map((line) => `${file}:${line}`))).toEqual([]);
  });

  test('imports of files name the file that exists, with its extension', () => {
    const missing = INSIDE.filter(({ to }) => !FILES.includes(to)).map(({ from, to }) => `${from} → ${to}`);
    expect(missing).toEqual([]);
  });
});

describe('the console', () => {
  const files = filesOf('console/src/**/*.{ts,tsx}');
  const imports = files.flatMap((file) =>
    importsOf(read(file)).map(({ specifier, line }) => {
      const to = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
      return { from: file, to, at: `${file}:${line} → ${to}` };
    }),
  );

  test('imports itself, the libraries of the page, and what schemas says without zod', () => {
    const strays = imports.filter(({ from, to }) => {
      if (to.startsWith('console/src/')) return !files.includes(to) && !/\.css$/.test(to);
      if (to.startsWith('schemas/')) return false;
      const name = packageOf(to);
      return !['preact', '@preact/signals'].includes(name) && HOMES_OF_CONSOLE[name] !== from;
    });
    expect(strays.map(({ at }) => at)).toEqual([]);
    expect(imports.length).toBeGreaterThan(50);
  });

  test('takes values of schemas only from files that need no library: of the others it takes types', () => {
    const values = files.flatMap((file) =>
      [...read(file).matchAll(/^import (?!type\b)[^;]*?from '([^']*schemas\/[^']+)';/gms)].map((match) =>
        posix.join(posix.dirname(file), match[1] ?? ''),
      ),
    );
    expect(values.length).toBeGreaterThan(0);
    expect(values.filter((file) => importsOf(read(file)).length > 0)).toEqual([]);
  });
});

describe('libraries', () => {
  test('one with a home is imported there and nowhere else', () => {
    const strays = OUTSIDE.filter(({ from, to }) => {
      const homes = HOMES[packageOf(to)];
      return homes !== undefined && !homes.some((home) => from.startsWith(home));
    });
    expect(strays).toEqual([]);
  });

  test('schemas and core import nothing that does anything, and examples no library', () => {
    const strays = OUTSIDE.filter(({ from, to }) => PURE[roomOf(from)]?.includes(packageOf(to)) === false);
    expect(strays).toEqual([]);
  });

  test('every library that is imported is a dependency, and every dependency is imported', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const data = Object.entries(DATA).filter(([name, file]) => read(file).includes(`'${name}/package.json'`));
    const used = new Set([
      ...OUTSIDE.map(({ to }) => packageOf(to)).filter((name) => !name.startsWith('node:')),
      ...data.map(([name]) => name),
    ]);
    expect([...used].filter((name) => !(name in dependencies))).toEqual([]);
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
  });
});

/** The first circle that is found, as the files along it; empty without one. */
function circleIn(next: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return [];
    for (const to of next.get(file) ?? []) {
      const circle = visit(to, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const circle = visit(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
