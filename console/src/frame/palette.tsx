/** Ctrl-K: whatever somebody has in hand – a name, an address, an id – and where it leads. */
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.tsx';
import { hrefOf } from '../components/entities.ts';
import { PAGES } from '../pages/pages.ts';
import { searchFor } from '../state/filters.ts';
import { go } from '../state/location.ts';
import { linkTo } from '../state/range.ts';

interface Offer {
  readonly what: string;
  readonly value: string;
  readonly href: string;
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)$/i;

/** The likeliest first: what the form of the text says, then pages, then what any word may be. */
export function offersFor(typed: string): readonly Offer[] {
  const text = typed.trim();
  const pages = PAGES.filter(
    ({ path, title }) => !path.includes(':') && title.toLowerCase().includes(text.toLowerCase()),
  );
  const toPages = pages.map(({ path, title }) => ({ what: 'page', value: title, href: linkTo(path) }));
  if (text === '') return toPages;
  const to = (what: string, field: string): Offer[] => {
    const href = hrefOf(field, text);
    return href === undefined ? [] : [{ what, value: text, href }];
  };
  const search = { what: 'search', value: text, href: linkTo('/search', { text }) };
  if (ADDRESS.test(text)) return [...to('address', 'source_ip'), search];
  if (/^[0-9a-f]{32}$/.test(text)) return [...to('finding', 'finding'), search];
  if (/^AS\d+$/i.test(text)) return [{ what: 'AS number', value: text, href: searchFor('asn', text.slice(2)) }, search];
  if (text.includes('@')) return [...to('owner', 'owner'), search];
  const ids = /^[0-9a-f-]{16,}$/i.test(text) ? [...to('request', 'request_id'), ...to('event', 'event_id')] : [];
  return [...toPages, ...ids, ...to('key', 'key_id'), ...to('app', 'app'), ...to('network', 'network'), search];
}

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const offers = offersFor(typed);
  const chosen = Math.min(at, offers.length - 1);
  useLayoutEffect(() => field.current?.focus(), []);
  const take = (offer: Offer | undefined): void => {
    if (offer === undefined) return;
    onClose();
    go(offer.href);
  };
  return (
    <Dialog title="Go to" onClose={onClose}>
      <input
        ref={field}
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={`${id}-${chosen}`}
        aria-label="A key, an app, an address, an owner, an id, or words"
        placeholder="A key, an app, an address, an owner, an id, or words"
        value={typed}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt((chosen + 1) % offers.length);
          else if (event.key === 'ArrowUp') setAt((chosen - 1 + offers.length) % offers.length);
          else if (event.key === 'Enter') take(offers[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <div id={id} role="listbox" aria-label="Where it leads">
        {offers.map((offer, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above.
          <div
            key={`${offer.what} ${offer.value}`}
            id={`${id}-${place}`}
            class="offer"
            role="option"
            tabIndex={-1}
            aria-selected={place === chosen}
            onClick={() => take(offer)}
          >
            <span class="muted">{offer.what}</span>
            <bdi>{offer.value}</bdi>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
