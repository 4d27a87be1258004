import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { diskGuard } from '../../src/cli/disk-guard.ts';
import { checkSource } from '../../src/cli/intake-options.ts';
import { summarise, writeSummary } from '../../src/cli/intake-summary.ts';
import { createProgress, progressLine, timeLeft } from '../../src/cli/progress.ts';
import { reportError } from '../../src/cli/report-error.ts';
import { UsageError, UserError } from '../../src/core/errors.ts';
import { DISK_CHECK_MS } from '../../src/core/limits.ts';
import { pauseAt } from '../../src/pipeline/pause-points.ts';
import { StoreError } from '../../src/store/store.ts';

function sink(isTTY = false): NodeJS.WriteStream & { text: string } {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      target.text += String(chunk);
      done();
    },
  });
  const target = Object.assign(stream, { text: '', isTTY });
  return target as unknown as NodeJS.WriteStream & { text: string };
}

describe('progress', () => {
  it('says share, count, rate and time left', () => {
    const line = progressLine({ done: 250, total: 1_000, records: 50_000, elapsedMs: 2_000, label: 'records' });
    expect(line).toContain('25 %');
    expect(line).toContain('50,000 records');
    expect(line).toContain('25,000 records/s');
    expect(line).toContain('6 s left');
  });

  it('knows no share where nobody knows the total, and never promises more than all', () => {
    expect(progressLine({ done: 5, total: 0, records: 7, elapsedMs: 0, label: 'records' })).not.toContain('%');
    expect(progressLine({ done: 5, total: 4, records: 7, elapsedMs: 1, label: 'records' })).toContain('100 %');
    expect([timeLeft(59), timeLeft(61), timeLeft(7_300)]).toEqual(['59 s', '1 min 1 s', '2 h 1 min']);
  });

  it('draws on a terminal only', () => {
    const [pipe, terminal] = [sink(), sink(true)];
    for (const out of [pipe, terminal]) {
      const progress = createProgress(out, () => 0);
      progress.update(1, 2, 3);
      progress.end();
    }
    expect(pipe.text).toBe('');
    expect(terminal.text).toContain('50 %');
  });
});

describe('a summary', () => {
  it('has records = new + already known + dead letters, as text and as JSON', () => {
    const summary = summarise(100, { 'invalid-json': 3, 'time-invalid': 2 }, 60, 2_000);
    expect(summary).toMatchObject({ new_events: 60, already_known: 35, dead_letters: 5, records_per_second: 50 });
    const text = sink();
    writeSummary(summary, 'text', text);
    expect(text.text).toContain('invalid-json 3, time-invalid 2');
    const json = sink();
    writeSummary(summary, 'json', json);
    expect(JSON.parse(json.text)).toEqual([summary]);
  });
});

describe('options', () => {
  it('a source that does not name its account needs one, unless a header may bring it', () => {
    expect(() => checkSource('redis-cloud/system-log', undefined, false)).toThrow(UsageError);
    expect(() => checkSource('redis-cloud/system-log', '1', false)).not.toThrow();
    expect(() => checkSource('redis-cloud/system-log', undefined, true)).not.toThrow();
    expect(() => checkSource('aws/cloudtrail', undefined, false)).not.toThrow();
    expect(() => checkSource('no/such', '1', true)).toThrow(UsageError);
  });
});

describe('errors', () => {
  it('say where, got, expected and next, with a stack only when it is asked for', () => {
    const error = new UserError('CODE_X', 'this is where', { got: 'a', expected: 'b', next: 'c' });
    const [plain, debug] = [sink(), sink()];
    expect(reportError(error, plain, false)).toBe(1);
    expect(reportError(new UsageError('CODE_Y', 'w'), debug, true)).toBe(2);
    expect(plain.text).toBe('keytrail: this is where\n  got:      a\n  expected: b\n  next:     c\n');
    expect(plain.text).not.toContain('at ');
    expect(debug.text).toContain('CODE_Y');
  });
});

describe('a store that does not answer or refuses', () => {
  it('is told with what to look at, and never as a raw stack', () => {
    const [away, refused] = [sink(), sink()];
    expect(reportError(new StoreError('retriable', 0, 'ECONNREFUSED: connect'), away, false)).toBe(1);
    expect(away.text).toContain('--clickhouse-url');
    expect(reportError(new StoreError('fatal', 516, 'Authentication failed\nstack'), refused, false)).toBe(1);
    expect(refused.text).toContain('516');
    expect(refused.text).not.toContain('stack');
  });
});

describe('the disk guard', () => {
  it('looks at most once in a while, and refuses below the limit', async () => {
    let now = 0;
    const generous = diskGuard('/', 0, () => now);
    await generous();
    const strict = diskGuard('/', Number.MAX_SAFE_INTEGER, () => now);
    await expect(strict()).rejects.toMatchObject({ code: 'DISK_LOW' });
    now += DISK_CHECK_MS;
    await expect(strict()).rejects.toMatchObject({ code: 'DISK_LOW' });
    await generous();
  });
});

describe('pause points', () => {
  it('are passed by unless they are named', () => {
    const reached: string[] = [];
    const checkpoint = pauseAt('kafka:in-commit:2', (point) => reached.push(point));
    checkpoint('after-insert');
    expect(checkpoint('kafka:in-commit')).toBeUndefined();
    expect(reached).toEqual([]);
    expect(checkpoint('kafka:in-commit')).toBeInstanceOf(Promise);
    expect(reached).toEqual(['kafka:in-commit']);
    expect(pauseAt(undefined, () => reached.push('never'))('after-ledger')).toBeUndefined();
  });
});
