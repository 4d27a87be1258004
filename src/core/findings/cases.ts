/** Cases: findings that tell of one thing, because they share a key or an address at about the same time. Pure. */
export interface CaseFinding {
  readonly fingerprint: string;
  /** `''` where there is none. */
  readonly account_id: string;
  readonly key_id: string;
  readonly address: string;
  /** Times of its events, ms since 1970 UTC. */
  readonly first_ms: number;
  readonly last_ms: number;
}

export interface Case<Finding extends CaseFinding> {
  /** The beginning of the fingerprint of its first finding: more of the same thing later does not change it. */
  readonly id: string;
  /** Earliest first. */
  readonly findings: readonly Finding[];
}

const ID_DIGITS = 8;

/**
 * @param withinMs findings of one key or address are joined when no more time lies between the events of one and those
 *   of the next
 * @returns each finding in exactly one case, whatever order they are given in; the case that began first comes first
 */
export function casesOf<Finding extends CaseFinding>(all: readonly Finding[], withinMs: number): Case<Finding>[] {
  const findings = all.toSorted(byTime);
  const leaders = findings.map((_, at) => at);
  const leaderOf = (at: number): number => {
    let leader = at;
    while (leaders[leader] !== leader) leader = leaders[leader] ?? leader;
    // Who is asked for again is found at once.
    leaders[at] = leader;
    return leader;
  };
  const open = new Map<string, { readonly at: number; until: number }>();
  for (const [at, finding] of findings.entries()) {
    for (const name of sharedBy(finding)) {
      const before = open.get(name);
      if (before !== undefined && finding.first_ms <= before.until + withinMs) {
        const [one, other] = [leaderOf(before.at), leaderOf(at)];
        leaders[Math.max(one, other)] = Math.min(one, other);
        before.until = Math.max(before.until, finding.last_ms);
      } else open.set(name, { at, until: finding.last_ms });
    }
  }
  const groups = new Map<number, Finding[]>();
  for (const [at, finding] of findings.entries()) {
    const leader = leaderOf(at);
    groups.set(leader, [...(groups.get(leader) ?? []), finding]);
  }
  return [...groups].map(([leader, members]) => ({
    id: findings[leader]?.fingerprint.slice(0, ID_DIGITS) ?? '',
    findings: members,
  }));
}

function byTime(one: CaseFinding, other: CaseFinding): number {
  return one.first_ms - other.first_ms || (one.fingerprint < other.fingerprint ? -1 : 1);
}

function sharedBy({ account_id, key_id, address }: CaseFinding): string[] {
  const key = key_id === '' ? [] : [`key ${account_id} ${key_id}`];
  return address === '' ? key : [...key, `address ${address}`];
}
