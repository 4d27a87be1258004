/**
 * The account itself: whose keys these are, who its users are, and what keytrail's own key may do. Read at the start,
 * once an hour, and whenever the log tells of a change to it; the registry learns what is new, as of the reading.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { RegistryFile } from '../../schemas/registry.ts';
import {
  placeOfReading,
  type ReadAccount,
  type ReadUser,
  readAccount,
  readUsers,
  registryOf,
} from '../core/collect/reading.ts';
import { UserError } from '../core/errors.ts';
import { READING_AGE_MS_MAX } from '../core/limits.ts';
import type { PlaceOf, Remark } from '../core/registry/entries.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { COLLECTOR, type CollectorLog } from './collector-log.ts';

const stateSchema = z.object({
  /** ms since 1970 */
  readAt: z.number(),
  /** Of what the registry was told last. */
  digest: z.string(),
  emails: z.array(z.string()),
  /** Where the API last saw this machine: a 403 does not tell. */
  address: z.string(),
  keyName: z.string(),
});
export type ReadingState = z.infer<typeof stateSchema>;

/**
 * Tells the registry what a source says, as of now. What it knows already is no news to it.
 *
 * @param origin from what it was learned
 * @returns what it does not take, because it contradicts what is known
 */
export type Learn = (file: RegistryFile, placeOf: PlaceOf, origin: string) => Promise<readonly Remark[]>;

export interface AccountReadingOptions {
  readonly accountId: string;
  readonly api: Api;
  readonly log: CollectorLog;
  readonly learn: Learn;
  readonly now: () => number;
}

export function readingState(log: CollectorLog): ReadingState | undefined {
  const parsed = stateSchema.safeParse(log.last('account')?.state);
  return parsed.success ? parsed.data : undefined;
}

export class AccountReading {
  readonly #options: AccountReadingOptions;
  #state: ReadingState | undefined;
  #isDue = true;
  #lastTry = Number.NEGATIVE_INFINITY;
  /** Whether these keys are known to be of the account that they were given for; a role may be too small to ask. */
  #whose: 'not asked' | 'right' | 'cannot be asked' = 'not asked';

  constructor(options: AccountReadingOptions) {
    this.#options = options;
    this.#state = readingState(options.log);
  }

  /** Nothing may be stored under an account before it is known that the keys are its own. */
  get mayCollect(): boolean {
    return this.#whose !== 'not asked';
  }

  /**
   * Nothing at all may be read: the address was refused and not the role, so whose keys these are is still to be
   * asked.
   */
  wasNotTheRole(): void {
    if (this.#whose === 'cannot be asked') this.#whose = 'not asked';
  }

  /** An entry told of a change: what was read before is old. */
  outdated(): void {
    this.#isDue = true;
    // What the entry said is in the registry by now, and the reading comes after it even if it says what it said
    // before.
    if (this.#state !== undefined) this.#state = { ...this.#state, digest: '' };
  }

  get isDue(): boolean {
    const { now } = this.#options;
    if (this.#whose === 'cannot be asked') return now() - this.#lastTry >= READING_AGE_MS_MAX;
    return this.#isDue || now() - (this.#state?.readAt ?? 0) >= READING_AGE_MS_MAX;
  }

  /** @throws ApiError or UserError; the reading stays due then */
  async read(): Promise<void> {
    this.#lastTry = this.#options.now();
    try {
      const account = await this.#account();
      if (account.id !== this.#options.accountId) {
        this.#whose = 'not asked';
        throw new ApiError('WRONG_ACCOUNT', `account ${account.id}`);
      }
      this.#whose = 'right';
      await this.#record(account, await this.#users());
      this.#isDue = false;
    } catch (error) {
      const isRole = error instanceof ApiError && error.failure === 'ADDRESS_OR_ROLE_REFUSED';
      if (isRole && this.#whose === 'not asked') this.#whose = 'cannot be asked';
      if (error instanceof UserError) await this.#write('failed', error);
      throw error;
    }
  }

  #account(): Promise<ReadAccount> {
    return this.#options.api.get('/', {}, ({ json }) => {
      const account = readAccount(json);
      if (account !== undefined) return account;
      throw new ApiError('ANSWER_OF_ANOTHER_SHAPE', 'an answer that names no account');
    });
  }

  async #users(): Promise<ReadUser[] | undefined> {
    try {
      return await this.#options.api.get('/users', {}, ({ json }) => {
        const users = readUsers(json);
        if (users !== undefined) return users;
        throw new ApiError('ANSWER_OF_ANOTHER_SHAPE', 'an answer without users');
      });
    } catch (error) {
      // Who may read the account, and not its users, stays unknown to us.
      if (error instanceof ApiError && error.failure === 'ADDRESS_OR_ROLE_REFUSED') return undefined;
      throw error;
    }
  }

  async #record(account: ReadAccount, users: ReadUser[] | undefined): Promise<void> {
    const { accountId, learn, now } = this.#options;
    const emails = users?.map(({ email }) => email).sort() ?? this.#state?.emails ?? [];
    const file = registryOf(account, users, this.#state?.emails ?? []);
    const digest = hash('sha256', JSON.stringify(registryOf(account, users, [])));
    if (digest !== this.#state?.digest) {
      await learn(file, placeOfReading, `${COLLECTOR} ${accountId}`);
    }
    const { address = '', name: keyName = '' } = account.key ?? {};
    this.#state = { readAt: now(), digest, emails, address, keyName };
    await this.#write('done');
  }

  #write(kind: 'done' | 'failed', error?: UserError): Promise<void> {
    const { log, api } = this.#options;
    return log.write('account', {
      ...{ kind, positionTime: this.#state?.readAt ?? null, requests: api.takeRequests() },
      ...{ rowsNew: 0, rowsLate: 0, gaps: 0 },
      ...{ minuteRequests: api.minuteRequests, minuteRequestsMax: api.budget.requestsMax },
      ...{ failure: error?.code ?? '', detail: error?.explanation.got ?? '', state: this.#state ?? {} },
    });
  }
}
