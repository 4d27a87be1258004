/** The daemon or its store is away: says so, for how long, and when it is asked again. */
import { useEffect, useState } from 'preact/hooks';
import { away, tryNow } from '../api/link.ts';
import { Button } from '../components/button.tsx';
import { formatAgo } from '../state/time.ts';

const WORDS = { daemon: 'keytrail does not answer', store: 'The store does not answer' } as const;

export function AwayBanner() {
  const [now, setNow] = useState(Date.now());
  const at = away.value;
  useEffect(() => {
    if (at === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [at === undefined]);
  if (at === undefined) return null;
  const seconds = Math.max(0, Math.ceil((at.retryAtMs - now) / 1_000));
  return (
    <div class="banner" role="status">
      <strong>{WORDS[at.who]}.</strong>
      <span>
        Since {formatAgo(at.sinceMs, now)}; what is shown stays.{' '}
        {seconds > 0 ? `Asked again in ${seconds} s.` : 'Asking …'}
      </span>
      <Button onClick={tryNow}>Try now</Button>
    </div>
  );
}
