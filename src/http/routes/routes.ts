/** Every route of the API. */
import type { Route } from '../route.ts';
import { EVENT_ROUTES } from './events.ts';
import { OPERATION_ROUTES } from './operations.ts';
import { QUESTION_ROUTES } from './questions.ts';
import { REGISTRY_ROUTES } from './registry.ts';

export const ROUTES: readonly Route[] = [...QUESTION_ROUTES, ...EVENT_ROUTES, ...REGISTRY_ROUTES, ...OPERATION_ROUTES];
