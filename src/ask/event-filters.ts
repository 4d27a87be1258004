/**
 * What a search keeps and leaves out, as conditions on the columns of `activity`. Columns come from this list alone,
 * and values reach SQL as typed parameters.
 */
import type { Parameters } from '../store/store.ts';
import { convertParameter } from './parameters.ts';

/** Fields of an event that a search may ask for, with the type of their values. */
export const FILTER_FIELDS = {
  source: 'String',
  account_id: 'String',
  key_id: 'String',
  owner: 'String',
  app: 'String',
  network: 'String',
  principal_kind: 'String',
  principal_name: 'String',
  principal_email: 'String',
  action: 'String',
  activity: 'String',
  resource_type: 'String',
  resource_id: 'String',
  resource_name: 'String',
  request_id: 'String',
  event_id: 'String',
  source_ip: 'IPv6',
  http_method: 'String',
  url_path: 'String',
  status_code: 'UInt16',
  user_agent: 'String',
  auth_result: 'String',
  auth_reason: 'String',
  outcome: 'String',
  error_code: 'String',
  asn: 'UInt32',
  country: 'String',
  verdict: 'String',
  judgement: 'String',
} as const;
export type FilterField = keyof typeof FILTER_FIELDS;

/** Columns of the view that the table under it does not have. */
const LOOKED_UP: ReadonlySet<FilterField> = new Set(['owner', 'app', 'network', 'verdict', 'judgement']);

/** Values of a field: events with one of `only` are kept, and those with one of `exclude` are left out. */
export interface EventFilter {
  readonly field: FilterField;
  readonly mode: 'only' | 'exclude';
  readonly values: readonly string[];
}

export interface FilterClauses {
  /** Conditions that begin with AND, one a line; `''` without any. */
  readonly sql: string;
  readonly parameters: Parameters;
  /** All of them are about what was recorded, and none about what the registry says of it. */
  readonly isRecorded: boolean;
}

/** A value that its field cannot have. */
export interface WrongFilter {
  readonly field: FilterField;
  readonly got: string;
  readonly expected: string;
}

/** Texts of an event in which words are looked for. */
const TEXT_COLUMNS = [
  ...['description', 'action', 'key_id', 'principal_name', 'principal_email', 'resource_type', 'resource_id'],
  ...['resource_name', 'url_path', 'user_agent', 'request_id', 'event_id', 'error_code', 'auth_reason', 'source_host'],
  ...['as_name', 'toString(source_ip)'],
];

/** @param words looked for in every text of an event, large or small letters alike; `''`: none */
export function filterClauses(filters: readonly EventFilter[], nowMs: number, words = ''): FilterClauses | WrongFilter {
  const lines: string[] = [];
  const parameters: Record<string, string | readonly (string | number)[]> = {};
  if (words !== '') {
    const found = TEXT_COLUMNS.map((column) => `positionCaseInsensitiveUTF8(${column}, {words:String}) > 0`);
    lines.push(`    AND (${found.join(' OR ')})`);
    parameters.words = words;
  }
  for (const { field, mode, values } of filters) {
    const type = FILTER_FIELDS[field];
    // An absent address is printed as nothing, and stored as the unspecified one.
    const stored = type === 'IPv6' ? values.map((value) => (value === '' ? '::' : value)) : values;
    const converted = convertParameter(`Array(${type})`, stored, nowMs);
    if ('expected' in converted) return { field, got: values.join(', '), expected: converted.expected };
    const name = `${mode}_${field}`;
    // An enumeration is compared as its name, else a name that it does not have would be an error of the store.
    const column = type === 'String' ? `toString(${field})` : field;
    lines.push(
      `    AND ${indexed(field) ? field : column} ${mode === 'only' ? 'IN' : 'NOT IN'} {${name}:Array(${type})}`,
    );
    const typed = converted.value as readonly (string | number)[];
    // In a list the store takes a text for a number only without its quotes.
    parameters[name] = /^UInt(?:16|32)$/.test(type) ? typed.map(Number) : typed;
  }
  const isRecorded = filters.every(({ field }) => !LOOKED_UP.has(field));
  return { sql: lines.join('\n'), parameters, isRecorded };
}

/** Columns that the engine finds rows by: a function around one would keep it from that. */
function indexed(field: FilterField): boolean {
  return ['account_id', 'key_id', 'request_id', 'event_id', 'source'].includes(field);
}
