/**
 * Imports files into the registry: what is new in them is recorded, and what breaks a rule of the source is refused.
 */

import type { NetworksFile } from '../../schemas/networks.ts';
import type { AppRule, RegistryFile } from '../../schemas/registry.ts';
import { invariant, UserError } from '../core/errors.ts';
import { REGISTRY_FAULT_ENTRIES_MAX } from '../core/limits.ts';
import { ruleExpression } from '../core/registry/app-rules.ts';
import type { EntityKind } from '../core/registry/entities.ts';
import {
  type Entries,
  entriesOfNetworks,
  entriesOfRegistry,
  type PlaceOf,
  type Remark,
} from '../core/registry/entries.ts';
import { networkFaults } from '../core/registry/network-rules.ts';
import { ownerFaults, userFinder } from '../core/registry/owner-rules.ts';
import { type Change, ownersStated, type Plan, planImport, same } from '../core/registry/plan.ts';
import type { Checkpoint } from '../pipeline/pause-points.ts';
import { storeErrorOf } from '../store/errors.ts';
import { withStoreLock } from '../store/lock.ts';
import { statement } from '../store/statements.ts';
import type { Store } from '../store/store.ts';
import { type Known, readAppRules, readKnown } from './known.ts';
import { nextInstant, recordChange, registryState } from './record.ts';

export interface ImportOptions {
  readonly store: Store;
  readonly now: () => number;
  /** Plans and tells, and records nothing. */
  readonly dryRun: boolean;
  /** ms since 1970, UTC: since when entries hold that do not say so; absent: since the import. */
  readonly fromMs?: number | undefined;
  /** Who says it, and with what; absent: a file. */
  readonly origin?: string;
  /**
   * ms since 1970, UTC: the last change that whoever changes it has seen; nothing is recorded where there is a later
   * one.
   */
  readonly basedOn?: number | undefined;
  readonly checkpoint: Checkpoint;
}

export interface ImportResult {
  readonly changes: readonly Change[];
  readonly warnings: readonly Remark[];
  readonly statements: number;
  /** ms since 1970, UTC: when the change was recorded; `undefined` where nothing was. */
  readonly recordedAt: number | undefined;
  /** ms since 1970, UTC: the last change before it; 0 where there was none. */
  readonly basedOn: number;
}

/** What is to be recorded: sayings of an instant, and app rules. */
interface Draft {
  readonly entries: (fromMs: number) => Entries;
  readonly kinds: readonly EntityKind[];
  readonly appRules: readonly AppRule[] | undefined;
  readonly rulesPlace: (index: number) => string;
  readonly origin: string;
  /** The source says it, and its rules are its own. */
  readonly isOfSource?: boolean;
}

const LOCK = 'registry';

/**
 * @param placeOf says where in the file an entry stands
 * @throws UserError REGISTRY_REFUSED with the places that break a rule; nothing was recorded then
 */
export function importRegistry(file: RegistryFile, placeOf: PlaceOf, options: ImportOptions): Promise<ImportResult> {
  return importDraft(
    {
      entries: (fromMs) => entriesOfRegistry(file, placeOf, fromMs),
      kinds: ['account', 'user', 'key'],
      appRules: file.app_rules,
      rulesPlace: (index) => placeOf(['app_rules', index]),
      origin: options.origin ?? 'import',
    },
    options,
  );
}

/**
 * Records what a source itself says of its accounts, users and keys. The rules about owners are for what people write
 * down: who may own a key is for the source to say. An entry that cannot be so is left out, with a warning.
 *
 * @param origin from what it was learned
 */
export function recordReading(
  file: RegistryFile,
  placeOf: PlaceOf,
  origin: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const draft = {
    entries: (fromMs: number) => entriesOfRegistry(file, placeOf, fromMs),
    kinds: ['account', 'user', 'key'] as const,
    appRules: undefined,
    rulesPlace: () => '',
    origin,
    isOfSource: true,
  };
  return importDraft(draft, options);
}

export function importNetworks(file: NetworksFile, placeOf: PlaceOf, options: ImportOptions): Promise<ImportResult> {
  return importDraft(
    {
      entries: (fromMs) => entriesOfNetworks(file, placeOf, fromMs),
      kinds: ['network'],
      appRules: undefined,
      rulesPlace: () => '',
      origin: options.origin ?? 'import',
    },
    options,
  );
}

/** @param entries what a person said with a command, which stands nowhere in a file */
export function recordSayings(
  entries: (fromMs: number) => Entries,
  origin: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const draft = {
    entries,
    kinds: ['account', 'user', 'key'] as const,
    appRules: undefined,
    rulesPlace: () => '',
    origin,
  };
  return importDraft(draft, options);
}

function importDraft(draft: Draft, options: ImportOptions): Promise<ImportResult> {
  const run = () => planAndRecord(draft, options);
  return options.dryRun ? run() : withStoreLock(options.store, LOCK, run);
}

async function planAndRecord(draft: Draft, options: ImportOptions): Promise<ImportResult> {
  const { store, now, dryRun, checkpoint } = options;
  const state = await registryState(store);
  if (options.basedOn !== undefined && state.committedAt !== options.basedOn) throw changedSince(state.committedAt);
  const recordedAt = nextInstant(state, now());
  const entries = draft.entries(options.fromMs ?? recordedAt);
  const known = await readKnown(store, draft.kinds);
  const { plan, dropped } = planOf(entries, known, draft, recordedAt);
  const ofPeople = draft.isOfSource === true ? [] : [...entries.faults, ...sourceFaults(plan, known)];
  const faults = [...ofPeople, ...plan.faults, ...(await ruleFaults(store, draft))];
  if (faults.length > 0) throw refused(faults);
  const appRules = await rulesToRecord(store, draft);
  const { statements } = plan;
  const isNews = statements.length > 0 || appRules !== undefined;
  if (isNews && !dryRun) {
    await recordChange(store, { recordedAt, origin: draft.origin, statements, appRules }, checkpoint);
  }
  return {
    changes: [...plan.changes, ...ruleChanges(appRules, recordedAt, draft)],
    warnings: [...entries.warnings, ...dropped],
    statements: statements.length,
    recordedAt: isNews && !dryRun ? recordedAt : undefined,
    basedOn: state.committedAt,
  };
}

/**
 * A person corrects a file and imports it again. Of what a source said, an entry that contradicts what is known is left
 * out, and the others stand.
 */
function planOf(
  entries: Entries,
  known: Known,
  { origin, isOfSource = false }: Draft,
  recordedAt: number,
): { readonly plan: Plan; readonly dropped: readonly Remark[] } {
  const plan = planImport(entries.sayings, known, { recordedAt, origin });
  if (!isOfSource || entries.faults.length + plan.faults.length === 0) return { plan, dropped: [] };
  const dropped = [...entries.faults, ...plan.faults];
  const places = new Set(dropped.map(({ place }) => place));
  const kept = entries.sayings.filter(({ entry }) => !places.has(entry.place));
  return { plan: planImport(kept, known, { recordedAt, origin }), dropped };
}

function sourceFaults(plan: Plan, known: Known): Remark[] {
  const { findUser, accountsOf } = userFinder(known, plan.entities);
  return [...ownerFaults(ownersStated(plan), findUser, accountsOf), ...networkFaults(plan, known)];
}

async function ruleFaults(store: Store, { appRules = [], rulesPlace }: Draft): Promise<Remark[]> {
  const twice = appRules.flatMap(({ name }, index) =>
    appRules.findIndex((other) => other.name === name) === index
      ? []
      : [
          {
            code: 'APP_RULE_TWICE',
            place: rulesPlace(index),
            got: `the rule ${name} twice`,
            expected: 'a name for each rule',
          },
        ],
  );
  if (appRules.length === 0 || twice.length > 0) return twice;
  try {
    await store.rows(statement('registry-try-expressions'), {
      parameters: { expressions: appRules.map(ruleExpression) },
    });
    return [];
  } catch (cause) {
    const error = storeErrorOf(cause);
    if (error.kind === 'retriable') throw error;
    const expected = 'patterns that the engine can search for';
    return [{ code: 'APP_RULE_PATTERN', place: rulesPlace(0), got: error.message, expected }];
  }
}

/** @returns the rules where they are not those in force already */
async function rulesToRecord(store: Store, { appRules }: Draft): Promise<readonly AppRule[] | undefined> {
  if (appRules === undefined) return undefined;
  return same(appRules.map(plain), (await readAppRules(store)).map(plain)) ? undefined : appRules;
}

const plain = ({ name, app, key, user_agent, network }: AppRule): unknown[] => [
  name,
  app,
  key ?? '',
  user_agent ?? '',
  network ?? '',
];

function ruleChanges(rules: readonly AppRule[] | undefined, recordedAt: number, draft: Draft): Change[] {
  return (rules ?? []).map((rule, index) => ({
    kind: 'app-rule',
    id: [rule.name],
    attribute: 'rule',
    before: undefined,
    after: plain(rule).slice(1).join(' '),
    validFrom: recordedAt,
    place: draft.rulesPlace(index),
  }));
}

function changedSince(committedAt: number): UserError {
  return new UserError('REGISTRY_CHANGED', 'somebody else changed the registry meanwhile', {
    got: `a change of ${new Date(committedAt).toISOString()}`,
    expected: 'the registry as it was when the change was tried',
    next: 'look at what is so now, and try again; nothing was recorded',
  });
}

/** All that is wrong, because a file of many entries is corrected in one go. */
function refused(faults: readonly Remark[]): UserError {
  const [first] = faults;
  invariant(first !== undefined, 'an import is refused for a reason');
  const next = 'correct it; nothing was recorded';
  if (faults.length === 1) {
    return new UserError(first.code, `${first.place} breaks a rule of the registry`, { ...first, next });
  }
  const told = faults
    .slice(0, REGISTRY_FAULT_ENTRIES_MAX)
    .map(({ place, got, expected }) => `${place}: ${got}; expected ${expected}`);
  const more = faults.length - told.length;
  return new UserError(first.code, `${faults.length} entries break rules of the registry`, {
    got: [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('\n            '),
    next,
  });
}
