/** The footer in words, and as the head of an envelope. */
import { type Question, TIME_TYPE } from '../../schemas/questions.ts';
import type { ParameterValue } from '../store/store.ts';
import type { AskedRange, Counted, Footer } from './footer.ts';
import type { EnvelopeHead } from './format/envelope.ts';
import type { FormatOptions } from './format/formats.ts';
import { faint, localTime, shortTime, wrapped } from './format/text.ts';
import { readableParameter } from './parameters.ts';
import { canonicalType } from './sql-text.ts';

const SEPARATOR = ' · ';

/** On a terminal it stands back behind the answer, and is broken where it is too narrow. */
export function footerText({ range, deadLetters, conflicts, ...fresh }: Footer, options: FormatOptions): string {
  const time = (ms: number): string => {
    const utc = new Date(ms).toISOString();
    return options.local === true ? localTime(utc) : utc;
  };
  // What is counted belongs to the range, and so stands beside it.
  const parts = [
    rangeText(range, time),
    counted(deadLetters, 'dead letter'),
    counted(conflicts, 'conflict'),
    freshnessText(fresh, time),
  ];
  return wrapped(parts, SEPARATOR, options.width ?? Number.POSITIVE_INFINITY)
    .map((line) => `${faint(line, options.color)}\n`)
    .join('');
}

function rangeText({ fromMs, toMs }: AskedRange, time: (ms: number) => string): string {
  const [from, to] = [fromMs, toMs].map((ms) => (ms === undefined ? undefined : shortTime(time(ms))));
  if (from !== undefined && to !== undefined) return `${from} → ${to}`;
  if (from !== undefined) return `from ${from}`;
  return to === undefined ? 'all time' : `until ${to}`;
}

/** Whole seconds, and no later than it is: data until 11:59:03 hold nothing of 11:59:04. */
function freshnessText(
  { dataUntilMs, storedUntilMs }: Pick<Footer, 'dataUntilMs' | 'storedUntilMs'>,
  time: (ms: number) => string,
): string {
  const second = (ms: number): string => time(ms).replace(/\.\d+/, '');
  const stored = storedUntilMs === undefined ? undefined : second(storedUntilMs);
  if (dataUntilMs === undefined) return stored === undefined ? 'no data yet' : `no events yet (stored ${stored})`;
  const until = second(dataUntilMs);
  if (stored === undefined) return `data until ${until}`;
  const sameDay = stored.slice(0, 10) === until.slice(0, 10);
  return `data until ${until} (stored ${sameDay ? stored.slice(11) : stored})`;
}

function counted(count: Counted, noun: string): string {
  if (typeof count !== 'number') return `${noun}s not counted within ${count.notWithin}`;
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Times in UTC, whatever zone the rows are shown in. */
export function envelopeHead(
  question: Question,
  parameters: Readonly<Record<string, ParameterValue>>,
  { range, dataUntilMs, storedUntilMs, deadLetters, conflicts }: Footer,
): EnvelopeHead {
  const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
  const bounds = { from: iso(range.fromMs), to: iso(range.toMs) };
  const given = Object.entries(question.params).map(([name, { type }]) => [
    name,
    (name === 'from' || name === 'to') && canonicalType(type) === TIME_TYPE
      ? bounds[name]
      : readableParameter(type, parameters[name] ?? null),
  ]);
  return {
    question: question.id,
    parameters: Object.fromEntries(given),
    range: bounds,
    data_until: iso(dataUntilMs),
    stored_until: iso(storedUntilMs),
    dead_letters: numberOf(deadLetters),
    conflicts: numberOf(conflicts),
  };
}

const numberOf = (count: Counted): number | null => (typeof count === 'number' ? count : null);
