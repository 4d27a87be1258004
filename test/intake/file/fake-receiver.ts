/** A receiver that keeps what it is given. */
import { Buffer } from 'node:buffer';
import type { Chain, Receiver, StreamPartition, UnframedText } from '../../../src/intake/intake.ts';

export interface Received {
  readonly partition: StreamPartition;
  readonly texts: string[];
  readonly letters: UnframedText[];
  readonly positions: number[];
  readonly ends: number[];
  passed: number;
  flushed: boolean;
  abandoned: boolean;
}

export class FakeReceiver implements Receiver {
  readonly received: Received[] = [];
  hasRoom = true;
  waits = 0;
  failFlush: Error | undefined;

  async whenRoom(): Promise<void> {
    this.waits++;
  }

  async open(partition: StreamPartition): Promise<Chain> {
    const received: Received = {
      partition,
      texts: [],
      letters: [],
      positions: [],
      ends: [],
      passed: 0,
      flushed: false,
      abandoned: false,
    };
    this.received.push(received);
    let next = 0;
    const follow = (position: number, end: number) => {
      if (position < next || end < position) throw new Error(`position ${position} to ${end} behind ${next}`);
      next = end;
      received.positions.push(position);
    };
    return {
      id: 'fake',
      letters: {},
      add: (message) => {
        if (!message.framed) throw new Error('a file gives single records');
        follow(message.position, message.next);
        received.texts.push(Buffer.from(message.value).toString('latin1'));
      },
      reject: (text) => {
        follow(text.position, text.next);
        received.letters.push(text);
      },
      passed: (position) => {
        received.passed = position;
      },
      gap: () => undefined,
      end: (position) => {
        received.ends.push(position);
      },
      drained: () => undefined,
      settled: 0,
      flush: async () => {
        if (this.failFlush) throw this.failFlush;
        received.flushed = true;
      },
      abandon: () => {
        received.abandoned = true;
      },
    };
  }
}
