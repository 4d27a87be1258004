/**
 * From what a registry file lists to what it says of which instant.
 *
 * An entry holds from its `valid_from`, or from the import. The instants that it names say something of themselves: a
 * key that exists and was made at some time has been active since then, and one that was deleted is deleted from then
 * on.
 */

import { parseCidr } from '../../../schemas/fields/cidr.ts';
import type { NetworksFile } from '../../../schemas/networks.ts';
import type { RegistryAccount, RegistryFile, RegistryKey, RegistryUser } from '../../../schemas/registry.ts';
import type { AccountSays, EntityId, EntityKind, KeySays, NetworkSays, UserSays } from './entities.ts';
import type { Attributes } from './timeline.ts';

/** One thing that is said of one instant, or taken back. */
export interface Saying {
  readonly kind: EntityKind;
  readonly id: EntityId;
  /** ms since 1970, UTC */
  readonly at: number;
  readonly retracts: boolean;
  readonly says: Attributes;
  /** Of the whole entry: where it stands, and from when to when it claims to hold. */
  readonly entry: EntrySpan;
}

export interface EntrySpan {
  /** `keys.yaml, line 12` */
  readonly place: string;
  readonly from: number;
  readonly to: number | undefined;
}

/** What is wrong with an entry, or strange about it. */
export interface Remark {
  readonly code: string;
  readonly place: string;
  readonly got: string;
  readonly expected: string;
}

export interface Entries {
  readonly sayings: readonly Saying[];
  readonly faults: readonly Remark[];
  readonly warnings: readonly Remark[];
}

/** @param path where in the file an entry stands, such as `['keys', 3]` */
export type PlaceOf = (path: readonly (string | number)[]) => string;

/** @param fromMs since when an entry holds that does not say so: the moment of the import */
export function entriesOfRegistry(file: RegistryFile, placeOf: PlaceOf, fromMs: number): Entries {
  const reader = new EntryReader(fromMs);
  for (const [index, account] of (file.accounts ?? []).entries()) reader.account(account, placeOf(['accounts', index]));
  for (const [index, user] of (file.users ?? []).entries()) reader.user(user, placeOf(['users', index]));
  for (const [index, key] of (file.keys ?? []).entries()) reader.key(key, placeOf(['keys', index]));
  return reader;
}

export function entriesOfNetworks(file: NetworksFile, placeOf: PlaceOf, fromMs: number): Entries {
  const reader = new EntryReader(fromMs);
  for (const [index, network] of file.networks.entries()) reader.network(network, placeOf(['networks', index]));
  return reader;
}

class EntryReader implements Entries {
  readonly sayings: Saying[] = [];
  readonly faults: Remark[] = [];
  readonly warnings: Remark[] = [];
  readonly #fromMs: number;

  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  account(account: RegistryAccount, place: string): void {
    const says: AccountSays = stated({
      name: account.name,
      accountKey: account.account_key,
      apiEnabledSince: account.api_enabled_since,
    });
    this.#say('account', [account.account_id], account, says, place);
  }

  user(user: RegistryUser, place: string): void {
    const says: UserSays = stated({
      ...{ userId: user.user_id, name: user.name, role: user.role, active: user.active },
      ...{ hasApiKey: user.has_api_key, mfa: user.mfa },
    });
    this.#say('user', [user.account_id, user.email], user, says, place);
  }

  key(key: RegistryKey, place: string): void {
    const id = [key.account_id, key.key_id];
    const ended = this.#endOf(key, place);
    const from = key.valid_from ?? ended?.at ?? this.#fromMs;
    if (!this.#checkInstants(key, ended?.at, from, place)) return;
    const entry: EntrySpan = { place, from, to: key.valid_to };
    const state = key.state ?? (ended !== undefined && ended.at === from ? ended.state : 'active');
    const says: KeySays = stated({
      state,
      owner: key.owner,
      app: key.app,
      purpose: key.purpose,
      createdBy: key.created_by,
      createdAt: key.created_at,
      allowList: key.allow_list === undefined ? undefined : this.#allowList(key.allow_list, place),
    });
    const push = (at: number, what: KeySays) => this.#push('key', id, at, what, entry);
    if (key.retract === true) {
      this.#retract('key', id, from, entry);
      return;
    }
    if (key.created_at !== undefined && key.created_at < from) {
      push(key.created_at, stated({ state: 'active', createdAt: key.created_at, createdBy: key.created_by } as const));
    }
    push(from, says);
    if (ended !== undefined && ended.at > from) push(ended.at, { state: ended.state });
    if (key.valid_to !== undefined) push(key.valid_to, NOTHING_KNOWN);
  }

  network(network: NetworksFile['networks'][number], place: string): void {
    const from = network.valid_from ?? this.#fromMs;
    if (!this.#checkSpan(from, network.valid_to, place)) return;
    const entry: EntrySpan = { place, from, to: network.valid_to };
    if (network.retract === true) {
      this.#retract('network', [network.network], from, entry);
      return;
    }
    const { cidrs } = network;
    const says: NetworkSays = stated({
      state: 'active' as const,
      kind: network.kind,
      owner: network.owner,
      description: network.description,
      cidrs: cidrs === undefined ? undefined : this.#ranges(cidrs, place),
    });
    this.#push('network', [network.network], from, says, entry);
    if (network.valid_to !== undefined) {
      this.#push('network', [network.network], network.valid_to, { state: 'ended' } satisfies NetworkSays, entry);
    }
  }

  #say(
    kind: EntityKind,
    id: EntityId,
    given: { readonly valid_from?: number | undefined; readonly retract?: boolean | undefined },
    says: Attributes,
    place: string,
  ): void {
    const from = given.valid_from ?? this.#fromMs;
    const entry = { place, from, to: undefined };
    if (given.retract === true) this.#retract(kind, id, from, entry);
    else this.#push(kind, id, from, says, entry);
  }

  #push(kind: EntityKind, id: EntityId, at: number, says: Attributes, entry: EntrySpan): void {
    this.sayings.push({ kind, id, at, retracts: false, says, entry });
  }

  #retract(kind: EntityKind, id: EntityId, at: number, entry: EntrySpan): void {
    this.sayings.push({ kind, id, at, retracts: true, says: {}, entry });
  }

  #endOf(key: RegistryKey, place: string): { readonly at: number; readonly state: 'deleted' | 'revoked' } | undefined {
    const { deleted_at: deleted, revoked_at: revoked } = key;
    if (deleted !== undefined && revoked !== undefined) {
      this.#fault('REGISTRY_TIMES', place, 'deleted_at and revoked_at', 'one end of a key');
    }
    if (deleted !== undefined) return { at: deleted, state: 'deleted' };
    return revoked === undefined ? undefined : { at: revoked, state: 'revoked' };
  }

  #checkInstants(key: RegistryKey, endedAt: number | undefined, from: number, place: string): boolean {
    const { created_at: created, state } = key;
    if (created !== undefined && created > from) {
      this.#fault(
        'REGISTRY_TIMES',
        place,
        `created ${iso(created)}, valid from ${iso(from)}`,
        'nothing before it was made',
      );
      return false;
    }
    if (endedAt !== undefined && endedAt < from) {
      this.#fault(
        'REGISTRY_TIMES',
        place,
        `ended ${iso(endedAt)}, valid from ${iso(from)}`,
        'an end after the beginning',
      );
      return false;
    }
    if (endedAt !== undefined && state === 'active' && endedAt === from) {
      this.#fault(
        'REGISTRY_TIMES',
        place,
        'state active at the instant of its end',
        'no state, or a valid_from before',
      );
      return false;
    }
    return this.#checkSpan(from, key.valid_to, place);
  }

  #checkSpan(from: number, to: number | undefined, place: string): boolean {
    if (to === undefined || to > from) return true;
    this.#fault('REGISTRY_INVERTED', place, `from ${iso(from)} to ${iso(to)}`, 'a valid_to after valid_from');
    return false;
  }

  #allowList(list: 'unknown' | readonly string[], place: string): 'unknown' | readonly string[] {
    return list === 'unknown' ? list : this.#ranges(list, place);
  }

  /** Masked, in order, each once; whatever was not as it is printed is said. */
  #ranges(texts: readonly string[], place: string): readonly string[] {
    const ranges = new Map<string, { readonly first: bigint; readonly bits: number }>();
    for (const text of texts) {
      const cidr = parseCidr(text);
      if (cidr.kind === 'invalid') {
        this.#fault('CIDR_INVALID', place, text, cidr.expected);
        continue;
      }
      if (cidr.hadHostBits) this.#warn('CIDR_HOST_BITS', place, text, `${cidr.text}, which is what is stored`);
      ranges.set(cidr.text, cidr);
    }
    return [...ranges]
      .sort(([, one], [, other]) =>
        one.first === other.first ? one.bits - other.bits : one.first < other.first ? -1 : 1,
      )
      .map(([text]) => text);
  }

  #fault(code: string, place: string, got: string, expected: string): void {
    this.faults.push({ code, place, got, expected });
  }

  #warn(code: string, place: string, got: string, expected: string): void {
    this.warnings.push({ code, place, got, expected });
  }
}

/** Behind the end of what an entry claims. */
const NOTHING_KNOWN: KeySays = { state: 'unknown', owner: '', app: '', allowList: 'unknown' };

const iso = (ms: number): string => new Date(ms).toISOString();

/** Without the attributes that are not said. */
function stated<Says extends object>(given: { readonly [Name in keyof Says]: Says[Name] | undefined }): Says {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Says;
}
