/** Server-sent events out of a stream of bytes. The browser's own reader of them tells no reason when it is refused. */

export interface ServerEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const found = eventOf(block);
        if (found !== undefined) yield found;
      }
    }
  } finally {
    // Where the connection broke there is nothing left to cancel.
    reader.cancel().catch(() => undefined);
  }
}

/** A block without data is a sign of life, and no event. */
function eventOf(block: string): ServerEvent | undefined {
  let id: string | undefined;
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, name, text = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === 'id') id = text;
    else if (name === 'event') event = text;
    else if (name === 'data') data.push(text);
  }
  return data.length === 0 ? undefined : { id, event, data: data.join('\n') };
}
