/** `POST /v1/events`: records in. Answered when they are durable, and never before. */
import { type PushReceiptDocument, pushReceiptSchema } from '../../schemas/api/push.ts';
import { SOURCES, sourceNamed } from '../../schemas/sources/index.ts';
import { ACCESS_LOG } from '../../schemas/sources/keytrail/access-log.ts';
import type { Caller } from '../access/token-book.ts';
import { messageOf } from '../core/errors.ts';
import {
  PUSH_BYTES_MAX,
  PUSH_REQUESTS_AT_ONCE,
  PUSH_TOKEN_REQUESTS_AT_ONCE,
  PUSH_WAIT_MS_MAX,
} from '../core/limits.ts';
import { type PushIntake, type PushOrigin, type PushReceipt, PushTooLarge } from '../intake/push.ts';
import { requireAbility } from './access.ts';
import { bodyOf } from './body.ts';
import type { HttpContext, HttpServices } from './context.ts';
import { Problem, RETRY_AFTER } from './problem.ts';
import { PushCounter, type PushCounts } from './push-counts.ts';

const MEDIA = new Set(['application/json', 'application/x-ndjson', 'application/ndjson', 'application/jsonl']);

export class PushRoute {
  readonly #services: HttpServices;
  readonly #waitMsMax: number;
  readonly #counter: PushCounter;
  readonly #underWay = new Map<string, number>();
  #all = 0;

  constructor(services: HttpServices, waitMsMax = PUSH_WAIT_MS_MAX) {
    this.#services = services;
    this.#waitMsMax = waitMsMax;
    this.#counter = new PushCounter(services.store);
  }

  async answer(c: HttpContext): Promise<Response> {
    const caller = c.get('caller');
    requireAbility(caller, 'push');
    const origin = originOf(c, caller);
    const isGzip = checkHead(c);
    const push = this.#room(caller);
    this.#count(caller, 1);
    try {
      const body = await bodyOf(c.env.incoming, PUSH_BYTES_MAX);
      if (body === undefined) throw tooLarge('the body is too large');
      const receipt = await this.#take(push, origin, body, isGzip);
      const document = pushReceiptSchema.parse(documentOf(receipt, await this.#counter.countsOf(receipt)));
      c.set('detail', JSON.stringify(document));
      return c.json(document, 202);
    } finally {
      this.#count(caller, -1);
    }
  }

  /** Before the body is read: what could not be held need not be sent. */
  #room(caller: Caller): PushIntake {
    const own = this.#underWay.get(caller.tokenId) ?? 0;
    if (own >= PUSH_TOKEN_REQUESTS_AT_ONCE) {
      throw new Problem(
        429,
        'TOO_MANY_REQUESTS',
        'this token pushes too much at once',
        { expected: `at most ${PUSH_TOKEN_REQUESTS_AT_ONCE} pushes at once` },
        RETRY_AFTER,
      );
    }
    const push = this.#services.push();
    if (push === undefined || !push.hasRoom || this.#all >= PUSH_REQUESTS_AT_ONCE) throw busy();
    return push;
  }

  #count(caller: Caller, change: 1 | -1): void {
    const own = (this.#underWay.get(caller.tokenId) ?? 0) + change;
    if (own === 0) this.#underWay.delete(caller.tokenId);
    else this.#underWay.set(caller.tokenId, own);
    this.#all += change;
  }

  async #take(push: PushIntake, origin: PushOrigin, body: Buffer, isGzip: boolean): Promise<PushReceipt> {
    const { log } = this.#services;
    let late: NodeJS.Timeout | undefined;
    // The records stay where they are and are stored later; the same body sent again is then known.
    const timeout = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(busy()), this.#waitMsMax);
    });
    try {
      return await Promise.race([push.take(origin, body, isGzip), timeout]);
    } catch (error) {
      if (error instanceof PushTooLarge) throw tooLarge('the expanded body is too large');
      if (!(error instanceof Problem)) log.warn({ reason: messageOf(error) }, 'a push could not be stored');
      throw busy();
    } finally {
      clearTimeout(late);
    }
  }
}

/** A token that pushes says what its records are; one that may do everything says it with each push. */
function originOf(c: HttpContext, caller: Caller): PushOrigin {
  const isAdmin = caller.role === 'admin';
  const source = isAdmin ? (c.req.query('source') ?? caller.source) : caller.source;
  const found = sourceNamed(source);
  if (found === undefined || found.name === ACCESS_LOG) {
    throw new Problem(400, 'SOURCE_UNKNOWN', 'no source that can be pushed is named so', {
      got: source,
      expected: SOURCES.flatMap(({ name }) => (name === ACCESS_LOG ? [] : [name])).join(', '),
      next: 'add ?source=…, or use a token that pushes',
    });
  }
  const [own = ''] = caller.accounts;
  const accountId = isAdmin ? (c.req.query('account') ?? own) : own;
  if (caller.accounts.length > 0 && !caller.accounts.includes(accountId)) {
    throw new Problem(403, 'ACCOUNT_LIMITED', 'the token is limited to other accounts', { got: accountId });
  }
  if (found.accountFrom === 'origin' && accountId === '') {
    throw new Problem(400, 'ACCOUNT_REQUIRED', `records of ${source} do not name their account`, {
      next: 'use a token with an account',
    });
  }
  return { stream: `push:${caller.tokenId}`, source, accountId };
}

/** @returns whether the body is compressed */
function checkHead(c: HttpContext): boolean {
  const media = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!MEDIA.has(media)) {
    throw new Problem(415, 'MEDIA_TYPE_UNKNOWN', 'records of this media type are not taken', {
      got: media,
      expected: [...MEDIA].join(', '),
    });
  }
  const encoding = (c.req.header('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new Problem(415, 'ENCODING_UNKNOWN', 'a body in this encoding is not taken', {
      got: encoding,
      expected: 'gzip, or none',
    });
  }
  if (Number(c.req.header('content-length') ?? 0) > PUSH_BYTES_MAX) throw tooLarge('the body is too large');
  return encoding === 'gzip';
}

function documentOf(receipt: PushReceipt, counts: PushCounts | undefined): PushReceiptDocument {
  const { received } = receipt;
  const reasons: Record<string, number> = { ...receipt.deadLetters };
  if (counts !== undefined && counts.refused > 0) reasons['store-refused'] = counts.refused;
  const deadLetters = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  return {
    received,
    new: counts?.new ?? null,
    already_known: counts === undefined ? null : received - deadLetters - counts.new,
    dead_letters: deadLetters,
    dead_letters_by_reason: reasons,
  };
}

function busy(): Problem {
  const next = 'send the same body again after the time in Retry-After; what is stored already is not stored twice';
  return new Problem(503, 'INTAKE_BUSY', 'the intake has no room, or the store does not answer', { next }, RETRY_AFTER);
}

function tooLarge(title: string): Problem {
  return new Problem(413, 'BODY_TOO_LARGE', title, {
    expected: `at most ${PUSH_BYTES_MAX} bytes as sent`,
    next: 'send the records in several pushes; nothing of this one was taken',
  });
}
