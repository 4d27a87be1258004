/**
 * Events as they become durable, as Server-Sent Events: each block is followed by the place from which a client goes
 * on.
 */
import { z } from 'zod';
import { isTooOld, placeSchema, type TailPiece, type TailPlace, tailEvents } from '../../ask/event-tail.ts';
import { TAIL_BEAT_MS, TAIL_REQUESTS_AT_ONCE, TAIL_RESUME_HOURS_MAX } from '../../core/limits.ts';
import { Problem, RETRY_AFTER } from '../problem.ts';
import { type Route, streamRoute } from '../route.ts';
import { CHARS_FIELD, cutTo } from './cut.ts';
import { FILTER_QUERY, filtersOf } from './filters.ts';
import { decodeToken, encodeToken } from './opaque.ts';

let underWay = 0;

export const TAIL_ROUTE: Route = streamRoute({
  path: '/api/v1/events/tail',
  operation: 'tailEvents',
  summary: 'Events as they become durable, resumable: the id of the last event of the stream is a place to go on from.',
  tag: 'events',
  ability: 'read',
  isLasting: true,
  query: z.strictObject({
    place: z.string().max(100_000).meta({ description: 'The last id that was seen; as Last-Event-ID.' }).optional(),
    chars: CHARS_FIELD,
    ...FILTER_QUERY,
  }),
  types: ['text/event-stream'],
  stream: async ({ query, store, services, signal, lastEventId, stillCounts }) => {
    const { now } = services;
    const place = decodeToken<TailPlace>(lastEventId ?? query.place, placeSchema);
    if (place !== undefined && isTooOld(place, now())) {
      throw new Problem(410, 'PLACE_TOO_OLD', 'the tail cannot go on from so far back', {
        expected: `a place of the last ${TAIL_RESUME_HOURS_MAX} hours`,
        next: 'search the events up to now, then begin a new tail',
      });
    }
    if (underWay >= TAIL_REQUESTS_AT_ONCE) {
      throw new Problem(429, 'TOO_MANY_REQUESTS', 'too many tails are open', {}, RETRY_AFTER);
    }
    const pieces = tailEvents({ ledger: services.store, store, filters: filtersOf(query, now()), place, now, signal });
    return { type: 'text/event-stream', bytes: eventStream(pieces, { now, stillCounts, cut: cutTo(query.chars) }) };
  },
});

interface StreamOptions {
  readonly now: () => number;
  readonly stillCounts: () => Promise<boolean>;
  readonly cut: ReturnType<typeof cutTo>;
}

async function* eventStream(
  pieces: AsyncIterable<TailPiece>,
  { now, stillCounts, cut }: StreamOptions,
): AsyncGenerator<string> {
  underWay++;
  let saidAt = now();
  try {
    yield 'retry: 2000\n\n';
    for await (const piece of pieces) {
      if (piece.kind === 'event') yield `event: event\ndata: ${JSON.stringify(cut(piece.event))}\n\n`;
      else if (piece.kind === 'place') yield `id: ${encodeToken(piece.place)}\nevent: place\ndata: {}\n\n`;
      // A token that was revoked, or has expired, ends what began with it.
      else if (!(await stillCounts())) return;
      else if (now() - saidAt < TAIL_BEAT_MS) continue;
      else yield ': still here\n\n';
      saidAt = now();
    }
  } finally {
    underWay--;
  }
}
