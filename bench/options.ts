/** What the benchmark is asked to measure, and with how much. */
import { parseArgs } from 'node:util';

export const MEASURES = [
  'kafkajs',
  'engine',
  'kafka',
  'file',
  'sink',
  'networks',
  'start',
  'inserts',
  'questions',
  'attribution',
  'reports',
  'serve',
  'console',
  'detections',
  'steady',
  'soak',
] as const;
export type Measure = (typeof MEASURES)[number];

/** The letters of the five rates, as docs/benchmarks.md and its readers name them. */
const LETTERS: ReadonlyMap<string, Measure> = new Map([
  ['a', 'kafkajs'],
  ['b', 'engine'],
  ['c', 'kafka'],
  ['d', 'file'],
  ['e', 'sink'],
]);

export interface BenchOptions {
  readonly measures: ReadonlySet<Measure>;
  /** Events of each rate. */
  readonly events: number;
  /** How often a rate, and a page of the console, is measured; the median is told. */
  readonly repeats: number;
  /** Events of the store that questions are asked of, spread over a year. */
  readonly history: number;
  /** Where that store is kept from run to run; made anew for each run when absent. */
  readonly historyFolder?: string;
  /** Minutes of the steady run, and its events per second. */
  readonly steadyMinutes: number;
  readonly steadyRate: number;
  /** Where everything temporary goes; the system's folder for it when absent. */
  readonly folder?: string;
}

export class BenchUsageError extends Error {
  override readonly name = 'BenchUsageError';
}

export const USAGE = `npm run bench -- [options]
  --only a,c,questions  ${MEASURES.join(', ')}; a to e stand for the first five (default: all but steady and soak)
  --steady              the steady run too, which takes --steady-minutes
  --events N            events of each rate (default 2000000)
  --repeats N           repeats of each rate and of each page of the console (default 3)
  --history N           events of the store that is asked (default 10000000)
  --history-folder DIR  where that store is kept for later runs with the same number
  --steady-minutes N    (default 5)
  --steady-rate N       events per second of the steady run (default 20000)
  --folder DIR          where everything temporary goes`;

export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string' },
      steady: { type: 'boolean' },
      events: { type: 'string' },
      repeats: { type: 'string' },
      history: { type: 'string' },
      'history-folder': { type: 'string' },
      'steady-minutes': { type: 'string' },
      'steady-rate': { type: 'string' },
      folder: { type: 'string' },
    },
  });
  const measures =
    values.only === undefined
      ? new Set(MEASURES.filter((name) => name !== 'steady' && name !== 'soak'))
      : named(values.only);
  if (values.steady === true) measures.add('steady');
  return {
    measures,
    events: whole('events', values.events, 2_000_000),
    repeats: whole('repeats', values.repeats, 3),
    history: whole('history', values.history, 10_000_000),
    steadyMinutes: whole('steady-minutes', values['steady-minutes'], 5),
    steadyRate: whole('steady-rate', values['steady-rate'], 20_000),
    ...(values['history-folder'] === undefined ? {} : { historyFolder: values['history-folder'] }),
    ...(values.folder === undefined ? {} : { folder: values.folder }),
  };
}

function named(list: string): Set<Measure> {
  return new Set(
    list.split(',').map((name) => {
      const measure = LETTERS.get(name) ?? MEASURES.find((one) => one === name);
      if (measure === undefined) throw new BenchUsageError(`nothing is called ${name}`);
      return measure;
    }),
  );
}

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text.replaceAll('_', ''));
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new BenchUsageError(`--${name} takes a whole number above 0, and not ${text}`);
}
