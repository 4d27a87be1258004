/** The detections that a command may mean: those of the program, and a person's own. */
import path from 'node:path';
import { UsageError } from '../core/errors.ts';
import { type Detection, loadDetections } from '../detect/detections.ts';
import type { CliContext } from './context.ts';
import { builtInQuestions } from './query.ts';

export interface DetectFlags {
  readonly queries: readonly string[];
  readonly format?: string;
}

export async function knownDetections(flags: DetectFlags, context: CliContext): Promise<Detection[]> {
  const { queries } = await context.config();
  const own = queries === undefined ? flags.queries : [queries, ...flags.queries];
  return loadDetections([builtInDetections(), ...own]);
}

/** The folder of those that come with the program. */
export const builtInDetections = (): string => path.join(builtInQuestions(), 'detections');

/** @throws UsageError DETECTION_UNKNOWN */
export function detectionNamed(detections: readonly Detection[], id: string): Detection {
  const found = detections.find((detection) => detection.id === id);
  if (found !== undefined) return found;
  throw new UsageError('DETECTION_UNKNOWN', `there is no detection ${id}`, {
    got: id,
    expected: detections.map((detection) => detection.id).join(', '),
    next: 'keytrail detect list says what each of them looks for',
  });
}
