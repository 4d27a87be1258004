/** The record as it was stored: what its source wrote, less its secrets. */
import { useState } from 'preact/hooks';
import { type EventRow, field } from '../api/event.ts';
import { Button } from '../components/button.tsx';
import { copy } from '../components/copy.ts';
import { formatNumber } from '../state/number.ts';

/** A record may have a mebibyte: the page shows its beginning until somebody asks for all of it. */
const SHOWN_CHARS = 20_000;

export function RawRecord({ of }: { readonly of: EventRow }) {
  const [isWhole, setWhole] = useState(false);
  const raw = field(of, 'raw');
  const text = indented(raw);
  const isLong = text.length > SHOWN_CHARS && !isWhole;
  return (
    <details class="fold" open>
      <summary>Record</summary>
      <div class="row small muted">
        <span>{formatNumber(raw.length)} characters, scrubbed of secrets</span>
        <Button kind="plain" onClick={() => void copy(raw, 'Record')}>
          Copy
        </Button>
        {isLong && (
          <Button kind="plain" onClick={() => setWhole(true)}>
            Show all
          </Button>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard as well. */}
      <pre class="raw" tabIndex={0} role="group" aria-label="The record">
        <bdi>{isLong ? `${text.slice(0, SHOWN_CHARS)} …` : text}</bdi>
      </pre>
    </details>
  );
}

/** What is no JSON stays as it is, and so does a record with numbers beyond 2^53: their digits would change. */
function indented(raw: string): string {
  if (/[:[,]\s*-?\d{16,}/.test(raw)) return raw;
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
