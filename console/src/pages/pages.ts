/**
 * Every page of the console, in the order of the head. The first steps of their addresses stand in
 * `schemas/console-pages.ts` as well.
 */
import { LeakedSecretPage } from './leaked-secret/leaked-secret-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import type { Page } from './page.ts';
import { SearchPage } from './search/search-page.tsx';
import { TailPage } from './tail/tail-page.tsx';

export type { Page, PageProps } from './page.ts';

export const PAGES: readonly Page[] = [
  { path: '/', title: 'Overview', nav: 'Overview', key: 'o', view: OverviewPage },
  { path: '/search', title: 'Search', nav: 'Search', key: 's', view: SearchPage },
  { path: '/tail', title: 'Live tail', nav: 'Live', key: 'l', view: TailPage },
  { path: '/leaked-secret', title: 'Leaked secret', nav: 'Leaked secret', key: 'x', view: LeakedSecretPage },
];
