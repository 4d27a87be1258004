/** What a search keeps and leaves out, as the query of a request says it. */
import { z } from 'zod';
import {
  type EventFilter,
  FILTER_FIELDS,
  type FilterClauses,
  type FilterField,
  filterClauses,
} from '../../ask/event-filters.ts';
import { ASKED_VALUE_CHARS_MAX, FILTER_VALUES_ENTRIES_MAX, SEARCH_TEXT_CHARS_MAX } from '../../core/limits.ts';
import { Problem } from '../problem.ts';

const FIELDS = Object.keys(FILTER_FIELDS) as FilterField[];
const values = z.array(z.string().max(ASKED_VALUE_CHARS_MAX)).max(FILTER_VALUES_ENTRIES_MAX).optional();

/** `only.<field>` and `exclude.<field>`, each as often as there are values. */
export const FILTER_QUERY = {
  text: z
    .string()
    .max(SEARCH_TEXT_CHARS_MAX)
    .meta({ description: 'Events with these words in one of their texts, in large or small letters.' })
    .optional(),
  ...fieldsQuery(),
};

function fieldsQuery(): Readonly<Record<string, typeof values>> {
  return Object.fromEntries(
    FIELDS.flatMap((field) => [
      [`only.${field}`, values.meta({ description: `Events whose ${field} is one of these.` })],
      [`exclude.${field}`, values.meta({ description: `Events whose ${field} is none of these.` })],
    ]),
  );
}

/** @throws Problem FILTER_INVALID */
export function filtersOf(query: Readonly<Record<string, unknown>>, nowMs: number): FilterClauses {
  const filters = FIELDS.flatMap((field) =>
    (['only', 'exclude'] as const).flatMap((mode): EventFilter[] => {
      const given = query[`${mode}.${field}`];
      return Array.isArray(given) && given.length > 0 ? [{ field, mode, values: given }] : [];
    }),
  );
  const clauses = filterClauses(filters, nowMs, typeof query.text === 'string' ? query.text : '');
  if (!('field' in clauses)) return clauses;
  throw new Problem(400, 'FILTER_INVALID', `${clauses.field} cannot have this value`, {
    got: clauses.got,
    expected: clauses.expected,
  });
}
