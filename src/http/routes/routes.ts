/** Every route of the API. */
import type { Route } from '../route.ts';
import { DEAD_LETTER_ROUTES } from './dead-letters.ts';
import { ENTITY_ROUTES } from './entities.ts';
import { EVENT_ROUTES } from './events.ts';
import { FIGURE_ROUTES } from './figures.ts';
import { FINDING_ROUTES } from './findings.ts';
import { LEAKED_SECRET_ROUTES } from './leaked-secret.ts';
import { OPERATION_ROUTES } from './operations.ts';
import { QUESTION_ROUTES } from './questions.ts';
import { REGISTRY_ROUTES } from './registry.ts';
import { REGISTRY_CHANGE_ROUTES } from './registry-changes.ts';
import { REPORT_ROUTES } from './reports.ts';
import { SUPPRESSION_ROUTES } from './suppressions.ts';
import { TOKEN_ROUTES } from './tokens.ts';

export const ROUTES: readonly Route[] = [
  ...QUESTION_ROUTES,
  ...EVENT_ROUTES,
  ...FIGURE_ROUTES,
  ...ENTITY_ROUTES,
  ...FINDING_ROUTES,
  ...SUPPRESSION_ROUTES,
  ...REGISTRY_ROUTES,
  ...REGISTRY_CHANGE_ROUTES,
  ...LEAKED_SECRET_ROUTES,
  ...REPORT_ROUTES,
  ...OPERATION_ROUTES,
  ...DEAD_LETTER_ROUTES,
  ...TOKEN_ROUTES,
];
