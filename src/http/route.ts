/**
 * A route of the API as data: what it asks for, what it takes, what it gives. The router, the published description and
 * the tests that try every route read the same list.
 */
import type { z } from 'zod';
import type { Ability } from '../../schemas/access.ts';
import type { Question } from '../../schemas/questions.ts';
import type { ReportKind } from '../../schemas/reports.ts';
import type { Caller } from '../access/token-book.ts';
import type { ReplayOptions, ReplaySummary } from '../dead-letters/replay.ts';
import type { Schedule } from '../report/schedules.ts';
import type { Store } from '../store/store.ts';
import type { PartState } from '../supervisor/part.ts';

/** Reports, as far as routes make and show them. */
export interface ReportServices {
  readonly kinds: readonly ReportKind[];
  readonly schedules: readonly Schedule[];
  /** Path of Chromium, for PDF; absent: looked for. */
  readonly chromium: string | undefined;
}

/** Which letters are tried again, and how. */
export type ReplayWish = Pick<ReplayOptions, 'selection' | 'given' | 'dryRun'> & { readonly signal: AbortSignal };

/** What a route may use. */
export interface Services {
  /** With the program's own rights: for what belongs to no caller. */
  readonly store: Store;
  readonly questions: readonly Question[];
  readonly now: () => number;
  readonly uuid: () => string;
  /** Keyed fingerprints of a value, under every key that the store was ever marked with. */
  readonly fingerprintsOf: (value: string) => Promise<readonly string[]>;
  /** Tries open dead letters again, once for all that they hold. */
  readonly replay: (wish: ReplayWish) => Promise<ReplaySummary>;
  readonly parts: () => readonly PartState[];
  readonly reports: ReportServices;
  /** @returns whether a part of this name was running */
  readonly restart: (part: string) => boolean;
}

export interface Asked<Params, Query, Body = undefined> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** What follows `param.` in the names of free parameters, for routes that take them. */
  readonly free: Readonly<Record<string, string | string[]>>;
  readonly caller: Caller;
  /** The store as this caller may see it. */
  readonly store: Store;
  readonly services: Services;
  /** Aborted when the client went away, or the daemon stops. */
  readonly signal: AbortSignal;
  /** What a client that tailed before had seen last. */
  readonly lastEventId: string | undefined;
  /** Whether the caller may still ask: for answers that last. */
  readonly stillCounts: () => Promise<boolean>;
}

/** What a route changes, beside what it answers. */
export type Method = 'get' | 'post';

/** An answer in bytes, as it comes. */
export interface Streamed {
  readonly type: string;
  readonly fileName?: string;
  /** In place of those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly bytes: AsyncIterable<Uint8Array | string>;
}

interface RouteHead<Params, Query> {
  readonly path: string;
  /** The name of the operation in the published description. */
  readonly operation: string;
  readonly summary: string;
  readonly tag: string;
  readonly ability: Ability;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  /** Takes parameters of names that are not known beforehand, as `param.<name>`. */
  readonly isFree?: boolean;
  /** Of no account: refused to a token that is limited to some. */
  readonly isCommon?: boolean;
  /** Does not count against what a token may ask at once: it lasts, and costs little. */
  readonly isLasting?: boolean;
  /** A file of any length, of the program's own statements: beyond what a reader may take, and few at once. */
  readonly isFile?: boolean;
  /** What the access log calls it. Default: `export` for what asks for that ability, else `read`. */
  readonly deed?: string;
  /** Its body holds a secret: the access log has no word of it. */
  readonly isSecret?: boolean;
  /** Says nothing of what is stored: who asks for it is not kept. */
  readonly isUnnoted?: boolean;
}

export interface JsonRoute<Params, Query, Answer, Body = undefined> extends RouteHead<Params, Query> {
  /** Default: `get`. One that changes something is a `post`, whose body is what it takes. */
  readonly method?: Method;
  readonly body?: z.ZodType<Body>;
  /** Default: API_BODY_BYTES_MAX. */
  readonly bodyBytesMax?: number;
  readonly answer: z.ZodType<Answer>;
  handle(asked: Asked<Params, Query, Body>): Promise<Answer>;
}

export interface StreamRoute<Params, Query> extends RouteHead<Params, Query> {
  /** Media types that it gives. */
  readonly types: readonly string[];
  stream(asked: Asked<Params, Query>): Promise<Streamed>;
}

/** Routes of different types in one list; what each takes was checked by its own schema. */
export type Route = (JsonRoute<never, never, unknown, never> | StreamRoute<never, never>) & {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly bodyBytesMax?: number;
  readonly method?: Method;
};

export function methodOf(route: Route): Method {
  return route.method ?? 'get';
}

export function jsonRoute<Params, Query, Answer, Body = undefined>(
  route: JsonRoute<Params, Query, Answer, Body>,
): Route {
  return route as unknown as Route;
}

export function streamRoute<Params, Query>(route: StreamRoute<Params, Query>): Route {
  return route as unknown as Route;
}
