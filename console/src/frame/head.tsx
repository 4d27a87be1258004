/** The head of every page: where one can go, which time is looked at, and what is searched for. */

import type { FindingPage } from '../../../schemas/api/findings.ts';
import { signOut } from '../api/client.ts';
import { me } from '../api/link.ts';
import { PATHS } from '../api/paths.ts';
import { useQuery } from '../api/use-query.ts';
import { Button } from '../components/button.tsx';
import { PAGES } from '../pages/pages.ts';
import { filterParams, isFilteredPage } from '../state/filters.ts';
import { path } from '../state/location.ts';
import { density, type Theme, theme } from '../state/preferences.ts';
import { linkTo } from '../state/range.ts';
import { FilterBar } from './filter-bar.tsx';
import { RangePicker } from './range-picker.tsx';
import { sectionOf } from './route.ts';

const COUNTED_MAX = 100;

export function Head({ onHelp, onPalette }: { readonly onHelp: () => void; readonly onPalette: () => void }) {
  return (
    <header class="head">
      <div class="bar">
        <a class="brand" href={linkTo('/')}>
          <Logo />
          keytrail
        </a>
        <nav class="nav" aria-label="Pages">
          {PAGES.filter(({ nav }) => nav !== undefined).map((page) => (
            <NavLink key={page.path} to={page.path} name={page.nav ?? ''} />
          ))}
        </nav>
        <Tools onHelp={onHelp} onPalette={onPalette} />
      </div>
      <div class="bar">
        <RangePicker />
        <FilterBar />
      </div>
    </header>
  );
}

function NavLink({ to, name }: { readonly to: string; readonly name: string }) {
  const isHere = sectionOf(path.value) === sectionOf(to);
  // Pages that follow the filters hand them to each other.
  const params = isFilteredPage(to) && isFilteredPage() ? filterParams() : {};
  return (
    <a href={linkTo(to, params)} aria-current={isHere ? 'page' : undefined}>
      {name}
      {to === '/findings' && <OpenFindings />}
    </a>
  );
}

function OpenFindings() {
  const { data } = useQuery<FindingPage>(PATHS.findings, { state: 'open', severity: 'high', limit: COUNTED_MAX });
  const count = data?.findings.length ?? 0;
  if (count === 0) return null;
  return (
    <sup>
      {count < COUNTED_MAX ? count : `${COUNTED_MAX - 1}+`}
      <span class="unseen"> open, of high severity or more</span>
    </sup>
  );
}

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const THEME_SIGNS: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' };

function Tools({ onHelp, onPalette }: { readonly onHelp: () => void; readonly onPalette: () => void }) {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto';
  return (
    <div class="tools">
      <Button kind="plain" label="Go to anything" title="Go to anything (Ctrl-K)" onClick={onPalette}>
        {IS_MAC ? '⌘K' : 'Ctrl K'}
      </Button>
      <Button
        kind="plain"
        label={`Rows: ${density.value}`}
        title={`Rows are ${density.value}; change it`}
        isPressed={density.value === 'dense'}
        onClick={() => {
          density.value = density.value === 'dense' ? 'comfortable' : 'dense';
        }}
      >
        ≡
      </Button>
      <Button
        kind="plain"
        label={`Light or dark: ${theme.value}`}
        title={`Light or dark: ${theme.value}; change to ${next}`}
        onClick={() => {
          theme.value = next;
        }}
      >
        {THEME_SIGNS[theme.value]}
      </Button>
      <Button kind="plain" label="Keyboard" title="What the keys do (?)" onClick={onHelp}>
        ?
      </Button>
      {me.value !== undefined && (
        <Button
          kind="plain"
          title={`Signed in as ${me.value.name} (${me.value.role}); sign out`}
          label={`Sign out ${me.value.name}`}
          onClick={() => void signOut()}
        >
          Sign out
        </Button>
      )}
    </div>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <circle cx="11" cy="16" r="5" fill="none" stroke="var(--on-accent)" stroke-width="2.5" />
      <path
        d="M16 16h10m-3 0v4m-4-4v3"
        fill="none"
        stroke="var(--on-accent)"
        stroke-width="2.5"
        stroke-linecap="round"
      />
    </svg>
  );
}
