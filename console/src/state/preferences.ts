/** What somebody likes: kept in the browser, in no address, and followed by no other tab that is open. */
import { computed, effect, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
export type Density = 'comfortable' | 'dense';

export const theme = signal<Theme>(oneOf('theme', ['auto', 'light', 'dark']));
export const density = signal<Density>(oneOf('density', ['comfortable', 'dense']));

const darkScreen = window.matchMedia('(prefers-color-scheme: dark)');
const isScreenDark = signal(darkScreen.matches);

/** What is shown in the end, for whatever takes its colours once and not from the style sheet. */
export const isDark = computed(() => (theme.value === 'auto' ? isScreenDark.value : theme.value === 'dark'));

export function listenToPreferences(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    keep('theme', theme.value);
  });
  effect(() => {
    document.documentElement.dataset.density = density.value;
    keep('density', density.value);
  });
  darkScreen.addEventListener('change', ({ matches }) => {
    isScreenDark.value = matches;
  });
}

/** @param words the first is the one without a preference */
function oneOf<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
  try {
    const kept = window.localStorage.getItem(`keytrail.${name}`);
    return words.find((word) => word === kept) ?? words[0];
  } catch {
    // A browser may refuse to keep anything: then each visit begins without a preference.
    return words[0];
  }
}

function keep(name: string, word: string): void {
  try {
    window.localStorage.setItem(`keytrail.${name}`, word);
  } catch {
    // The same browser: nothing is lost but the preference.
  }
}
