/** One entity as its page knows it: what its events are searched by, and links to them. */
import { type LinkParams, linkTo } from '../../state/range.ts';
import { KINDS, type Kind } from './kinds.ts';

export interface Entity {
  readonly kind: Kind;
  readonly value: string;
  /** Parameters that keep its events and no others. */
  readonly only: Readonly<Record<string, string>>;
}

export function entityOf(name: Kind['name'], value: string, more: Readonly<Record<string, string>> = {}): Entity {
  const kind = KINDS[name];
  return { kind, value, only: { [`only.${kind.field}`]: value, ...more } };
}

/** Its events in the search, narrowed by what is given besides. */
export function eventsOf({ only }: Entity, more: LinkParams = {}): string {
  return linkTo('/search', { ...only, ...more });
}

/** The first of its events that were seen from then on: the search shows the very millisecond. */
export function firstEventOf(entity: Entity, firstSeen: string, more: LinkParams = {}): string {
  const to = new Date(Date.parse(firstSeen) + 1).toISOString();
  return eventsOf(entity, { ...more, from: firstSeen, to, last: undefined });
}
