import { describe, expect, test } from 'vitest';
import type { TokenRow } from '../../schemas/access.ts';
import { makeToken } from '../../src/access/token.ts';
import { TokenBook } from '../../src/access/token-book.ts';
import { TOKENS_KNOWN_MS_MAX } from '../../src/core/limits.ts';

const bytes = (fill: number) => (count: number) => Buffer.alloc(count, fill);

function rowOf({ id, digest }: { id: string; digest: string }): TokenRow {
  return {
    ...{ token_id: id, digest, name: 'of a test', role: 'viewer', accounts: [], source: '' },
    ...{ added_at_ms: 0, expires_at_ms: 0, revoked_at_ms: 0 },
  };
}

/** A store whose reads take until they are let go, and answer with what was there when they were begun. */
function slowStore() {
  const rows: TokenRow[] = [];
  const reads: (() => void)[] = [];
  const read = (): Promise<readonly TokenRow[]> => {
    const known = [...rows];
    return new Promise((resolve) => reads.push(() => resolve(known)));
  };
  return { rows, reads, read };
}

describe('the tokens that the daemon knows', () => {
  test('a token that was made while a slow read was under way is accepted all the same', async () => {
    const store = slowStore();
    let now = 1_000_000;
    const book = new TokenBook({ read: store.read, now: () => now });
    const [first, second] = [makeToken(bytes(1)), makeToken(bytes(2))];
    store.rows.push(rowOf(first));
    const early = book.callerOf(first.text);
    store.rows.push(rowOf(second));
    now += TOKENS_KNOWN_MS_MAX;
    const late = book.callerOf(second.text);
    store.reads[0]?.();
    expect((await early)?.tokenId).toBe(first.id);
    await expect.poll(() => store.reads.length).toBe(2);
    store.reads[1]?.();
    expect((await late)?.tokenId).toBe(second.id);
  });

  test('however many requests come at once, the store is asked once', async () => {
    const store = slowStore();
    const book = new TokenBook({ read: store.read, now: () => 1_000_000 });
    const token = makeToken(bytes(3));
    store.rows.push(rowOf(token));
    const callers = Array.from({ length: 50 }, () => book.callerOf(token.text));
    store.reads[0]?.();
    for (const caller of callers) expect((await caller)?.tokenId).toBe(token.id);
    await book.callerOf(makeToken(bytes(4)).text);
    expect(store.reads).toHaveLength(1);
  });

  test('what is known is as old as the beginning of its read', async () => {
    const store = slowStore();
    let now = 1_000_000;
    const book = new TokenBook({ read: store.read, now: () => now });
    const token = makeToken(bytes(5));
    store.rows.push(rowOf(token));
    const begun = book.callerOf(token.text);
    now += TOKENS_KNOWN_MS_MAX;
    store.reads[0]?.();
    await begun;
    store.rows[0] = { ...rowOf(token), revoked_at_ms: now };
    const after = book.callerOf(token.text);
    await expect.poll(() => store.reads.length).toBe(2);
    store.reads[1]?.();
    expect(await after).toBeUndefined();
  });

  test('while the store is away, who was known is still known', async () => {
    let isAway = false;
    let now = 1_000_000;
    const token = makeToken(bytes(6));
    const read = async () => {
      if (isAway) throw new Error('away');
      return [rowOf(token)];
    };
    const book = new TokenBook({ read, now: () => now });
    await book.callerOf(token.text);
    isAway = true;
    now += TOKENS_KNOWN_MS_MAX;
    expect((await book.callerOf(token.text))?.tokenId).toBe(token.id);
    await expect(new TokenBook({ read, now: () => now }).callerOf(token.text)).rejects.toThrow('away');
  });
});
