/**
 * Every page of the console, in the order of the head. The first steps of their addresses stand in
 * `schemas/console-pages.ts` as well.
 */
import { AccessPage } from './access/access-page.tsx';
import { AddressPage } from './entities/address-page.tsx';
import { AppPage } from './entities/app-page.tsx';
import { KeyPage } from './entities/key-page.tsx';
import { KeysPage } from './entities/keys-page.tsx';
import { NetworkPage } from './entities/network-page.tsx';
import { OwnerPage } from './entities/owner-page.tsx';
import { UserAgentPage } from './entities/user-agent-page.tsx';
import { AddressesPage, AppsPage, NetworksPage, OwnersPage, UserAgentsPage } from './entities/values-page.tsx';
import { FindingOnePage } from './findings/finding-page.tsx';
import { FindingsPage } from './findings/findings-page.tsx';
import { IngestPage } from './ingest/ingest-page.tsx';
import { LeakedSecretPage } from './leaked-secret/leaked-secret-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import type { Page } from './page.ts';
import { QuestionPage } from './questions/question-page.tsx';
import { QuestionsPage } from './questions/questions-page.tsx';
import { RegistryPage } from './registry/registry-page.tsx';
import { ReportPage } from './reports/report-page.tsx';
import { ReportsPage } from './reports/reports-page.tsx';
import { SearchPage } from './search/search-page.tsx';
import { TailPage } from './tail/tail-page.tsx';

export type { Page, PageProps } from './page.ts';

export const PAGES: readonly Page[] = [
  { path: '/', title: 'Overview', nav: 'Overview', key: 'o', view: OverviewPage },
  { path: '/search', title: 'Search', nav: 'Search', key: 's', view: SearchPage },
  { path: '/tail', title: 'Live tail', nav: 'Live', key: 'l', view: TailPage },
  { path: '/findings', title: 'Findings', nav: 'Findings', key: 'f', view: FindingsPage },
  { path: '/findings/:id', title: 'Finding', view: FindingOnePage },
  { path: '/keys', title: 'Keys', nav: 'Keys', key: 'k', view: KeysPage },
  { path: '/keys/:key', title: 'Key', view: KeyPage },
  { path: '/apps', title: 'Apps', nav: 'Apps', key: 'a', view: AppsPage },
  { path: '/apps/:app', title: 'App', view: AppPage },
  { path: '/addresses', title: 'Addresses', nav: 'Addresses', key: 'i', view: AddressesPage },
  { path: '/addresses/:address', title: 'Address', view: AddressPage },
  { path: '/owners', title: 'Owners', key: 'w', view: OwnersPage },
  { path: '/owners/:owner', title: 'Owner', view: OwnerPage },
  { path: '/networks', title: 'Networks', key: 'n', view: NetworksPage },
  { path: '/networks/:network', title: 'Network', view: NetworkPage },
  { path: '/user-agents', title: 'User agents', key: 'u', view: UserAgentsPage },
  { path: '/user-agents/:agent', title: 'User agent', view: UserAgentPage },
  { path: '/leaked-secret', title: 'Leaked secret', nav: 'Leaked secret', key: 'x', view: LeakedSecretPage },
  { path: '/questions', title: 'Questions', nav: 'Questions', key: 'q', view: QuestionsPage },
  { path: '/questions/:id', title: 'Question', view: QuestionPage },
  { path: '/reports', title: 'Reports', nav: 'Reports', key: 'r', view: ReportsPage },
  { path: '/reports/:document', title: 'Report', view: ReportPage },
  { path: '/registry', title: 'Registry', nav: 'Registry', key: 'y', view: RegistryPage },
  { path: '/ingest', title: 'Ingest', nav: 'Ingest', key: 'd', view: IngestPage },
  { path: '/access', title: 'Access', nav: 'Access', key: 'c', view: AccessPage },
];
