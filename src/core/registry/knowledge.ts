/**
 * What the registry knew of an event's time: where the key is known, in which state, and whether clocks can order the
 * event and the changes around it. The view `activity` looks the same up in dictionaries.
 */
import { parseCidr, piecesOf } from '../../../schemas/fields/cidr.ts';
import type { AccountKnowledge, FoundKey, Judged, KeyKnowledge } from '../authentication-rules.ts';
import type { AccountSays, KeySays } from './entities.ts';
import { type Attributes, type Version, versionAt } from './timeline.ts';

export interface Timelines {
  /** Versions of the keys of this name, by account. */
  readonly keys: ReadonlyMap<string, readonly Version<KeySays>[]>;
  /** Versions of the event's account. */
  readonly account: readonly Version<AccountSays>[];
}

/** @param timePrecisionMs the resolution of the clock that the event's time was read from */
export function judgedEvent(event: Judged['event'], timePrecisionMs: number, { keys, account }: Timelines): Judged {
  const [home, ...others] = [...keys.keys()];
  const here = keys.get(event.accountId);
  const timeline = here ?? (home === undefined || others.length > 0 ? undefined : keys.get(home));
  return {
    event,
    found: foundKey(event, here !== undefined, timeline, keys.size),
    account: accountKnowledge(versionAt(account, event.eventTime)?.says),
    isUncertain:
      isUncertain(timeline ?? [], keyRules, event.eventTime, timePrecisionMs) ||
      isUncertain(account, accountRules, event.eventTime, timePrecisionMs),
  };
}

function foundKey(
  event: Judged['event'],
  isHere: boolean,
  timeline: readonly Version<KeySays>[] | undefined,
  accounts: number,
): FoundKey {
  if (timeline === undefined) return { where: accounts === 0 ? 'nowhere' : 'several' };
  const key = keyKnowledge(versionAt(timeline, event.eventTime)?.says);
  return { where: isHere ? 'here' : 'elsewhere', key };
}

function keyKnowledge(says: KeySays | undefined): KeyKnowledge {
  return { state: says?.state ?? 'unknown', allowList: rangesOf(says?.allowList) };
}

function rangesOf(list: KeySays['allowList']): KeyKnowledge['allowList'] {
  if (list === undefined || list === 'unknown') return 'unknown';
  if (list.length === 0) return 'none';
  return list.flatMap((text) => {
    const cidr = parseCidr(text);
    return cidr.kind === 'cidr' ? piecesOf(cidr) : [];
  });
}

function accountKnowledge(says: AccountSays | undefined): AccountKnowledge {
  return { accountKey: says?.accountKey ?? 'unknown', apiEnabledSince: says?.apiEnabledSince };
}

/** What of a version the rules ask for: a change of anything else makes no event uncertain. */
const keyRules = (says: KeySays): unknown => [says.state ?? 'unknown', says.allowList ?? 'unknown'];
const accountRules = (says: AccountSays): unknown => [says.accountKey ?? 'unknown', says.apiEnabledSince ?? 0];

function isUncertain<Says extends Attributes>(
  timeline: readonly Version<Says>[],
  rulesOf: (says: Says) => unknown,
  eventTime: number,
  timePrecisionMs: number,
): boolean {
  return timeline.some((version, index) => {
    const before = timeline[index - 1];
    if (before !== undefined && JSON.stringify(rulesOf(before.says)) === JSON.stringify(rulesOf(version.says)))
      return false;
    const { validFrom, validTo = Number.POSITIVE_INFINITY, precisionMs } = version;
    // The event may have come before a change that lies within its own instant, or the change after the event.
    const isWithinEvent = validFrom > eventTime && validFrom < eventTime + timePrecisionMs;
    const isWithinChange = eventTime >= validFrom && eventTime < Math.min(validFrom + precisionMs - 1, validTo);
    return isWithinEvent || isWithinChange;
  });
}
