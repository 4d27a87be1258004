/** The console: its frame, the page that the address names, and whatever lies in front of it. */
import { useEffect, useState } from 'preact/hooks';
import { me, session } from '../api/link.ts';
import { Empty } from '../components/states.tsx';
import { Toasts } from '../components/toast.tsx';
import { openValueMenu, ValueMenu } from '../components/value-menu.tsx';
import { PAGES } from '../pages/pages.ts';
import { filterParams, isFilteredPage } from '../state/filters.ts';
import { type Binding, useKeys } from '../state/keyboard.ts';
import { go, path } from '../state/location.ts';
import { completeAddress, linkTo, range, renewRange } from '../state/range.ts';
import { AwayBanner } from './banner.tsx';
import { SEARCH_BOX_ID } from './filter-bar.tsx';
import { Head } from './head.tsx';
import { Help } from './help.tsx';
import { Palette } from './palette.tsx';
import { RangeDialog } from './range-picker.tsx';
import { match } from './route.ts';
import { SignIn } from './sign-in.tsx';

type Front = 'help' | 'palette' | 'range';

export function App() {
  const [front, setFront] = useState<Front | undefined>(undefined);
  const matched = match(path.value);
  const title = matched?.page.title ?? 'Not found';
  // The address is completed for every page that is come to.
  useEffect(completeAddress, [path.value, range.value]);
  useEffect(() => {
    const subject = Object.values(matched?.params ?? {})[0];
    document.title = `${subject === undefined ? title : `${subject.slice(0, 60)} – ${title}`} – keytrail`;
  }, [path.value]);
  useKeys(frameKeys(setFront));
  if (session.value === 'unknown') return <AwayBanner />;
  // Somebody who was never signed in has no page yet that could be kept.
  if (me.value === undefined && session.value === 'out') return <SignIn isAgain={false} />;
  const View = matched?.page.view;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Head onHelp={() => setFront('help')} onPalette={() => setFront('palette')} />
      <AwayBanner />
      <main id="main" tabIndex={-1}>
        {View === undefined ? <NotFound /> : <View key={path.value} params={matched?.params ?? {}} />}
      </main>
      <Foot />
      <ValueMenu />
      <Toasts />
      {front === 'help' && <Help onClose={() => setFront(undefined)} />}
      {front === 'palette' && <Palette onClose={() => setFront(undefined)} />}
      {front === 'range' && <RangeDialog onClose={() => setFront(undefined)} />}
      {session.value === 'out' && <SignIn isAgain />}
    </>
  );
}

function frameKeys(show: (front: Front) => void): readonly Binding[] {
  const group = 'Everywhere';
  const goes = PAGES.flatMap(({ key, path: to, title }) =>
    key === undefined
      ? []
      : [
          {
            keys: `g ${key}`,
            does: title,
            group: 'Go to',
            run: () => go(linkTo(to, isFilteredPage(to) && isFilteredPage() ? filterParams() : {})),
          },
        ],
  );
  return [
    ...goes,
    { keys: '/', does: 'search', group, run: () => document.getElementById(SEARCH_BOX_ID)?.focus() },
    { keys: 'mod+k', does: 'go to anything', group, isEverywhere: true, run: () => show('palette') },
    { keys: '?', does: 'this list', group, run: () => show('help') },
    { keys: 't', does: 'type another time', group, run: () => show('range') },
    { keys: 'r', does: 'the same length of time, up to now', group, run: renewRange },
    { keys: 'm', does: 'menu of the value that is focused', group, run: () => openValueMenu() },
  ];
}

function NotFound() {
  return (
    <Empty title="There is no page at this address" isWhole>
      <p>The link may be of another version of keytrail, or incomplete.</p>
      <a class="button" href={linkTo('/')}>
        To the overview
      </a>
    </Empty>
  );
}

function Foot() {
  return (
    <footer class="foot">
      <span>
        <kbd>?</kbd> keyboard
      </span>
      <span>Networks of addresses: ASN and country data by IP-location-db (see NOTICE)</span>
    </footer>
  );
}
