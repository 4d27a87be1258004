/** Keys, apps, addresses and the like: lists of them, and one of them in figures. */
import { z } from 'zod';
import {
  addressesSchema,
  KEY_SORTS,
  KEY_USES,
  keyUsageSchema,
  profileSchema,
  reachSchema,
  VALUE_FIELDS,
  VALUE_SORTS,
  valuesSchema,
} from '../../../schemas/api/entities.ts';
import { KEY_STATES } from '../../../schemas/registry.ts';
import { addressesOf, keyUsageOf, profileOf, reachOfFound, valuesOf } from '../../ask/entities.ts';
import {
  ADDRESS_ROWS_MAX,
  ASKED_VALUE_CHARS_MAX,
  FACET_ROWS_MAX,
  HISTOGRAM_BUCKETS_DEFAULT,
  LIST_OFFSET_ROWS_MAX,
  PAGE_ROWS_DEFAULT,
  PAGE_ROWS_MAX,
  SEARCH_TEXT_CHARS_MAX,
} from '../../core/limits.ts';
import { Problem } from '../problem.ts';
import { jsonRoute, type Route } from '../route.ts';
import { figuresOf } from './figures.ts';
import { FILTER_QUERY, filtersOf } from './filters.ts';
import { RANGE_FIELDS, rangeOf } from './time.ts';

const FOUND = { ...RANGE_FIELDS, ...FILTER_QUERY };
const name = z.string().max(ASKED_VALUE_CHARS_MAX).default('');
const LISTED = {
  words: z
    .string()
    .max(SEARCH_TEXT_CHARS_MAX)
    .default('')
    .meta({ description: 'Only those with this text in their name, in large or small letters.' }),
  limit: z.coerce.number<string>().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT),
  offset: z.coerce.number<string>().int().min(0).max(LIST_OFFSET_ROWS_MAX).default(0),
};

export const ENTITY_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/events/profile',
    operation: 'profileEvents',
    summary:
      'The events that a search finds in figures: over time, in which hours of the week, and the values of each field.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject({
      ...FOUND,
      zone: z.string().max(64).default('UTC').meta({ description: "IANA's name of a zone, whose hours are told." }),
    }),
    answer: profileSchema,
    handle: async ({ query, store, services, signal }) => {
      requireZone(query.zone);
      const sizes = { zone: query.zone, bucketsMax: HISTOGRAM_BUCKETS_DEFAULT, limit: FACET_ROWS_MAX };
      return profileOf(store, await figuresOf(store, query, services.now(), signal), sizes);
    },
  }),
  jsonRoute({
    path: '/api/v1/events/reach',
    operation: 'reachOfEvents',
    summary: 'When the first and the last of all events is that a search finds, whatever its time.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject(FILTER_QUERY),
    answer: reachSchema,
    handle: ({ query, store, services, signal }) => reachOfFound(store, filtersOf(query, services.now()), signal),
  }),
  jsonRoute({
    path: '/api/v1/events/addresses',
    operation: 'listAddresses',
    summary: 'The addresses of what a search finds, with network and country, busiest first.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject({
      ...FOUND,
      limit: z.coerce.number<string>().int().min(1).max(ADDRESS_ROWS_MAX).default(ADDRESS_ROWS_MAX),
    }),
    answer: addressesSchema,
    handle: async ({ query, store, services, signal }) =>
      addressesOf(store, await figuresOf(store, query, services.now(), signal), query.limit),
  }),
  jsonRoute({
    path: '/api/v1/events/values',
    operation: 'listValues',
    summary: 'A page of the apps, owners, addresses, networks or user agents of a range, and how many there are.',
    tag: 'events',
    ability: 'read',
    query: z.strictObject({
      ...FOUND,
      field: z.enum(VALUE_FIELDS).default(VALUE_FIELDS[0]),
      sort: z.enum(VALUE_SORTS).default('events'),
      ...LISTED,
    }),
    answer: valuesSchema,
    handle: async ({ query, store, services, signal }) => {
      const { field, words, sort, limit, offset } = query;
      const options = await figuresOf(store, query, services.now(), signal);
      return valuesOf(store, field, { ...options, words, sort, limit, offset });
    },
  }),
  jsonRoute({
    path: '/api/v1/key-usage',
    operation: 'listKeyUsage',
    summary: 'A page of the keys that are known now or were used in a range, with what they were used for.',
    tag: 'registry',
    ability: 'read',
    query: z.strictObject({
      ...RANGE_FIELDS,
      ...{ state: z.array(z.enum(KEY_STATES)).default([]), owner: name, app: name },
      use: z.enum(KEY_USES).default('any').meta({ description: 'Whether they were used in the range.' }),
      sort: z.enum(KEY_SORTS).default('events'),
      ...LISTED,
    }),
    answer: keyUsageSchema,
    handle: async ({ query, store, services, signal }) => {
      const { state: states, owner, app, use, sort, words, limit, offset } = query;
      const nowMs = services.now();
      const { fromMs, toMs } = rangeOf(query, nowMs);
      const wanted = { states, owner: owner.toLowerCase(), app, use, sort, words, limit, offset };
      return keyUsageOf(store, { ...wanted, fromMs, toMs, nowMs, signal });
    },
  }),
];

/** @throws Problem ZONE_UNKNOWN */
function requireZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new Problem(400, 'ZONE_UNKNOWN', 'there is no such zone', { got: zone, expected: 'a name as Europe/Berlin' });
  }
}
