/** Parts of a page, one at a time; which one stands in the address. */
import type { ComponentChildren } from 'preact';
import { useKeys } from '../state/keyboard.ts';
import { change, changed, value } from '../state/location.ts';

export interface Tab<Word extends string> {
  readonly word: Word;
  readonly name: string;
  /** Stands beside the name: a count. */
  readonly more?: ComponentChildren;
}

/** What of the address belongs to one tab alone, and goes with it. */
const OF_A_TAB = ['open', 'find', 'state', 'reason', 'stream', 'token', 'action'];

/** The tab that the address names; the first where it names none of them. */
export function chosenTab<Word extends string>(tabs: readonly Tab<Word>[]): Word {
  const asked = value('tab');
  const [first] = tabs;
  return (tabs.find(({ word }) => word === asked) ?? first)?.word as Word;
}

export function Tabs<Word extends string>({
  label,
  tabs,
}: {
  readonly label: string;
  readonly tabs: readonly Tab<Word>[];
}) {
  const chosen = chosenTab(tabs);
  const none = Object.fromEntries(OF_A_TAB.map((name) => [name, undefined]));
  const to = (word: Word) => ({ ...none, tab: word === tabs[0]?.word ? undefined : word });
  useKeys(
    tabs.slice(0, 9).map(({ word, name }, at) => ({
      ...{ keys: String(at + 1), does: name, group: label, run: () => change(to(word)) },
    })),
  );
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ word, name, more }, at) => (
        <a
          key={word}
          href={changed(to(word))}
          title={`${name} (${at + 1})`}
          aria-current={word === chosen ? 'page' : undefined}
        >
          {name}
          {more !== undefined && <span class="tab-more">{more}</span>}
        </a>
      ))}
    </nav>
  );
}
