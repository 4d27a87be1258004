/** What is told of one finding, before it has words. */
import type { Severity } from '../../../schemas/detections.ts';

export type Occasion = 'opened' | 'reopened' | 'resolved';

/** A finding as the store tells it; times in ms since 1970, UTC. */
export interface ToldFinding {
  readonly fingerprint: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly severity: Severity;
  readonly entity: Readonly<Record<string, string>>;
  readonly accountId: string;
  readonly keyId: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly foundAt: number;
  readonly events: number;
  readonly eventIds: readonly string[];
  readonly summary: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly state: string;
  readonly author: string;
  readonly note: string;
}

/** What a rule says of itself. */
export interface RuleWords {
  readonly title: string;
  readonly runbook: readonly string[];
  readonly references: readonly string[];
}

export interface Telling {
  readonly id: string;
  readonly occasion: Occasion;
  readonly finding: ToldFinding;
  /** Absent for a rule that this program does not know any more. */
  readonly words?: RuleWords;
}
