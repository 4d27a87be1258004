/** Detections as the configuration wants them: which of them look, with which thresholds, and how loud. */
import type { DetectionRule } from '../../schemas/config.ts';
import { BLOCKS_PARAMETER, type DetectionSection, RANGE_PARAMETERS } from '../../schemas/detections.ts';
import { MOMENT_PARAMETER } from '../../schemas/questions.ts';
import { type GivenParameters, parametersOf } from '../ask/runner.ts';
import { UsageError, UserError } from '../core/errors.ts';
import type { Detection } from './detections.ts';

export interface Configured {
  readonly detections: readonly Detection[];
  /** Parameters in place of their defaults, by detection. */
  readonly given: Readonly<Record<string, GivenParameters>>;
}

const FILLED = new Set<string>([...RANGE_PARAMETERS, BLOCKS_PARAMETER, MOMENT_PARAMETER, 'keys']);

/**
 * @param rules of the section `detections.rules`
 * @throws UsageError CONFIG_INVALID, before anything looks
 */
export function configured(known: readonly Detection[], rules: Readonly<Record<string, DetectionRule>>): Configured {
  const unknown = Object.keys(rules).find((id) => known.every((one) => one.id !== id));
  if (unknown !== undefined) {
    throw invalid(`detections.rules names the detection ${unknown}`, unknown, known.map(({ id }) => id).join(', '));
  }
  for (const detection of known) check(detection, rules[detection.id]?.parameters ?? {});
  return {
    detections: known
      .filter(({ id }) => rules[id]?.enabled !== false)
      .map((one) => ({ ...one, detection: loudness(one.detection, rules[one.id]) })),
    given: Object.fromEntries(Object.entries(rules).map(([id, { parameters = {} }]) => [id, parameters])),
  };
}

function loudness(own: DetectionSection, { severity, raises }: DetectionRule = {}): DetectionSection {
  return { ...own, severity: severity ?? own.severity, raises: raises ?? own.raises };
}

function check(detection: Detection, parameters: NonNullable<DetectionRule['parameters']>): void {
  const open = Object.keys(detection.params).filter((name) => !FILLED.has(name));
  const unknown = Object.keys(parameters).find((name) => !open.includes(name));
  const place = `detections.rules.${detection.id}.parameters`;
  if (unknown !== undefined) throw invalid(`${place} names ${unknown}`, unknown, open.join(', ') || 'none');
  try {
    parametersOf(detection, parameters, 0);
  } catch (cause) {
    if (cause instanceof UserError)
      throw invalid(`${place}: ${cause.message}`, cause.explanation.got ?? '', cause.explanation.expected ?? '');
    throw cause;
  }
}

function invalid(message: string, got: string, expected: string): UsageError {
  return new UsageError('CONFIG_INVALID', message, {
    ...{ got, expected },
    next: 'correct the configuration; keytrail detect explain <id> tells the parameters of a detection',
  });
}
