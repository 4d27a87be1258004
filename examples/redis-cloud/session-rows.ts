/** Plausible entries of the session log: sign-ins to the console, each made from seed and number alone. */
import { seededRandom, seedOf, uuidOf } from '../random.ts';
import type { Account } from './accounts.ts';
import type { Run } from './growing-log.ts';
import { isoSeconds, type SessionLogEntry } from './rows.ts';
import { type RunOptions, timesOf } from './system-rows.ts';

const USER_AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)',
] as const;

/** The documentation shows no texts. A successful login was seen; a failed one is plausible. */
const ACTIONS = ['Successful login', 'Successful login', 'Successful login', 'Failed login'] as const;

export function sessionRun(options: RunOptions, { users }: Pick<Account, 'users'>): Run<SessionLogEntry> {
  const { seed, first, count, visibleFrom } = options;
  const timeAt = timesOf(options);
  // A copy: a row stays what it was when users change.
  const people = users.map(({ email, role }) => ({ email, role: role.toLowerCase() }));
  const rowAt = (index: number) => {
    const random = seededRandom(seedOf(seed, first, index));
    const person = people[random.below(people.length)] ?? { email: 'nobody@northwind.example', role: 'viewer' };
    return {
      id: uuidOf(random),
      time: isoSeconds(timeAt(index)),
      user: person.email,
      userAgent: random.pick(USER_AGENTS),
      ipAddress: `198.51.100.${128 + random.below(64)}`,
      userRole: person.role,
      type: random.chance(0.5) ? 'sso' : 'credentials',
      action: random.pick(ACTIONS),
    };
  };
  return { first, count, visibleFrom, rowAt, timeAt };
}
