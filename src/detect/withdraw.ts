/** Takes back findings of which what is known now says that they never were one. */
import { z } from 'zod';
import { timeParameter } from '../ask/time-range.ts';
import { LATE_FINDING_ROWS_MAX } from '../core/limits.ts';
import { act, KEYTRAIL } from '../findings/actions.ts';
import { statement } from '../store/statements.ts';
import type { Detection } from './detections.ts';
import type { FindOptions } from './find.ts';
import type { RegistryChange } from './knowledge.ts';
import { look, type Span } from './run-detection.ts';

const openRow = z.object({
  ...{ fingerprint: z.string(), key_id: z.string(), event_ids: z.array(z.string()) },
  ...{ first_ms: z.number(), last_ms: z.number(), anchor_ms: z.number() },
});
type OpenFinding = z.infer<typeof openRow>;

const DAY_MS = 86_400_000;

/**
 * @param found what the detection finds in the span now
 * @returns how many were withdrawn
 */
export async function withdrawMissing(
  detection: Detection,
  span: Span,
  found: ReadonlySet<string>,
  change: RegistryChange,
  options: FindOptions,
): Promise<number> {
  const missing = (await openIn(detection, span, options)).filter(({ fingerprint }) => !found.has(fingerprint));
  const gone: string[] = [];
  for (const finding of missing) {
    if (await holds(detection, finding, span, options)) continue;
    // Without its events nobody can say that it was wrong.
    if (await isStored(finding, options)) gone.push(finding.fingerprint);
  }
  if (gone.length === 0) return 0;
  const note = `no longer so by what was recorded at ${new Date(change.at).toISOString()} (${change.origin})`;
  await act(options.store, gone, { action: 'withdraw', author: KEYTRAIL, note, at: options.now });
  return gone.length;
}

async function openIn({ id, detection }: Detection, span: Span, { store, now }: FindOptions): Promise<OpenFinding[]> {
  const isOfDays = detection.trigger === 'events';
  const parameters = {
    rule: id,
    keys: span.keys ?? [],
    from: timeParameter(isOfDays ? span.from : 0),
    to: timeParameter(isOfDays ? span.to : now + DAY_MS),
    findings_max: LATE_FINDING_ROWS_MAX,
  };
  return z.array(openRow).parse(await store.rows(statement('findings-open'), { parameters }));
}

/** A finding that reaches beyond the span was not asked about as a whole yet. */
async function holds(detection: Detection, finding: OpenFinding, span: Span, options: FindOptions): Promise<boolean> {
  if (detection.detection.trigger !== 'events') return false;
  const first = Math.min(finding.first_ms, finding.anchor_ms === 0 ? finding.first_ms : finding.anchor_ms);
  const [from, to] = [first - (first % DAY_MS), finding.last_ms - (finding.last_ms % DAY_MS) + DAY_MS];
  if (from >= span.from && to <= span.to) return false;
  const { store, given, now } = options;
  const keys = finding.key_id === '' ? [] : [finding.key_id];
  const { found, capped } = await look(store, { detection, span: { from, to, blocks: [], keys }, given, now });
  return capped || found.some(({ fingerprint }) => fingerprint === finding.fingerprint);
}

async function isStored({ event_ids, first_ms, last_ms }: OpenFinding, { store }: FindOptions): Promise<boolean> {
  if (event_ids.length === 0) return true;
  const parameters = { event_ids, from: timeParameter(first_ms), to: timeParameter(last_ms + 1) };
  const stored = await store.rows(statement('knowledge-stored'), { parameters });
  return stored.length === new Set(event_ids).size;
}
