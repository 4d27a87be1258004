/** The four kinds of things that the registry knows, and what can be said of each. */
import type { KeyState } from '../authentication-rules.ts';
import type { Attributes, FoldRules, Statement } from './timeline.ts';

export const ENTITY_KINDS = ['account', 'user', 'key', 'network'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/**
 * In all of these an absent attribute says nothing; `''` and `unknown` say that it is not known, or that there is
 * none.
 */
export interface AccountSays extends Attributes {
  readonly name?: string;
  readonly accountKey?: 'unknown' | 'valid' | 'invalid';
  /** ms since 1970, UTC */
  readonly apiEnabledSince?: number;
}

export interface UserSays extends Attributes {
  readonly userId?: string;
  readonly name?: string;
  readonly role?: string;
  readonly active?: boolean;
  readonly hasApiKey?: boolean;
  readonly mfa?: boolean;
}

export interface KeySays extends Attributes {
  readonly state?: KeyState;
  /** The email, or other name, of a user of the key's account. */
  readonly owner?: string;
  readonly app?: string;
  readonly purpose?: string;
  /** ms since 1970, UTC */
  readonly createdAt?: number;
  readonly createdBy?: string;
  readonly fingerprint?: string;
  /** Ranges in their printed form, in order; an empty list is no restriction. */
  readonly allowList?: 'unknown' | readonly string[];
}

export interface NetworkSays extends Attributes {
  readonly state?: 'unknown' | 'active' | 'ended';
  readonly kind?: string;
  readonly owner?: string;
  readonly description?: string;
  /** Ranges in their printed form, in order. */
  readonly cidrs?: readonly string[];
}

export interface SaysOf {
  readonly account: AccountSays;
  readonly user: UserSays;
  readonly key: KeySays;
  readonly network: NetworkSays;
}

/** An account: its id; a user: account and email; a key: account and name; a network: its name. */
export type EntityId = readonly string[];

/** One text for an entity, for maps; the parts cannot run into each other. */
export function entityKey(kind: EntityKind, id: EntityId): string {
  return JSON.stringify([kind, ...id]);
}

/** As people read it: `key 1001/ci-deploy`. */
export function entityName(kind: EntityKind, id: EntityId): string {
  return `${kind} ${id.join('/')}`;
}

export const FOLD_RULES: Readonly<Record<EntityKind, FoldRules | undefined>> = {
  account: undefined,
  user: undefined,
  key: { begins: 'active', ends: ['deleted', 'revoked'], birth: 'createdAt' },
  network: { begins: 'active', ends: ['ended'] },
};

/** What is known of a thing: everything that was ever said of it. */
export interface KnownEntity<Kind extends EntityKind = EntityKind> {
  readonly kind: Kind;
  readonly id: EntityId;
  readonly statements: readonly Statement<SaysOf[Kind]>[];
}
