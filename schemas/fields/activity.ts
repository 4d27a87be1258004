/** What an operation did, told from an HTTP method or from the first verb of a sentence. */
import type { ACTIVITIES } from '../audit-event.ts';

export type Activity = (typeof ACTIVITIES)[number];

const OF_METHOD: ReadonlyMap<string, Activity> = new Map([
  ['GET', 'read'],
  ['HEAD', 'read'],
  ['OPTIONS', 'read'],
  ['POST', 'create'],
  ['PUT', 'update'],
  ['PATCH', 'update'],
  ['DELETE', 'delete'],
]);

export function activityOfMethod(method: string): Activity {
  return OF_METHOD.get(method) ?? 'other';
}

const VERBS: Readonly<Record<Exclude<Activity, 'other' | 'read'>, readonly string[]>> = {
  create: ['created', 'added', 'invited', 'generated', 'imported'],
  delete: ['deleted', 'removed', 'revoked', 'terminated'],
  update: [
    'changed',
    'updated',
    'modified',
    'renamed',
    'enabled',
    'disabled',
    'activated',
    'deactivated',
    'loaded',
    'upgraded',
    'reset',
    'set',
  ],
  authenticate: ['login', 'logout', 'logged', 'signed', 'authenticated'],
};
const OF_VERB: ReadonlyMap<string, Activity> = new Map(
  Object.entries(VERBS).flatMap(([activity, verbs]) => verbs.map((verb) => [verb, activity as Activity] as const)),
);
const VERB = new RegExp(`\\b(?:${[...OF_VERB.keys()].join('|')})\\b`, 'i');
/** The verb stands early in a sentence; later text is the user's. */
const SENTENCE_CHARS_MAX = 200;

export function activityOfSentence(sentence: string): Activity {
  const verb = VERB.exec(sentence.slice(0, SENTENCE_CHARS_MAX))?.[0];
  return verb === undefined ? 'other' : (OF_VERB.get(verb.toLowerCase()) ?? 'other');
}
