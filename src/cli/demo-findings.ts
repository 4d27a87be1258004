/** What detections find in the examples, as a demo shows it: by key, the gravest first, and days of one kind as one. */
import { SEVERITIES } from '../../schemas/detections.ts';
import type { Finding } from '../core/findings/finding.ts';
import { loadDetections } from '../detect/detections.ts';
import { DetectionEngine } from '../detect/engine.ts';
import type { Store } from '../store/store.ts';
import type { CliContext } from './context.ts';
import { builtInDetections } from './detections.ts';

/** @param now the moment of asking, ms since 1970, UTC */
export async function tellFindings(store: Store, context: CliContext, now: number): Promise<void> {
  const detections = await loadDetections([builtInDetections()]);
  const engine = new DetectionEngine({ store, detections, now: () => now });
  const found: Finding[] = [];
  for (let more = true; more; ) {
    const report = await engine.cycle();
    found.push(...report.found);
    more = report.more;
  }
  context.stdout.write(`\nWhat is unusual? ${detections.length} detections found ${found.length} things:\n`);
  for (const [key, findings] of byKey(found)) {
    context.stdout.write(`${key}\n`);
    for (const line of linesOf(findings)) context.stdout.write(`  ${line}\n`);
  }
}

const grave = ({ severity }: Finding): number => -SEVERITIES.indexOf(severity);

function byKey(findings: readonly Finding[]): Map<string, Finding[]> {
  const sorted = findings.toSorted((one, other) => grave(one) - grave(other) || one.firstSeen - other.firstSeen);
  return grouped(sorted, ({ entity }) => Object.fromEntries(entity).key_id ?? '');
}

/** What differs in nothing but its day, or in nothing but what was new, is told once. */
function linesOf(findings: readonly Finding[]): string[] {
  return [...grouped(findings, ({ rule }) => rule).values()].map((alike) => {
    const [first, ...others] = alike;
    if (first === undefined) return '';
    const more = others.length === 0 ? '' : ` And ${others.length} more like it.`;
    return `${first.severity.padEnd(8)}  ${first.summary}${more}`;
  });
}

/** In the order in which the groups begin. */
function grouped(findings: readonly Finding[], by: (finding: Finding) => string): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(by(finding), [...(groups.get(by(finding)) ?? []), finding]);
  return groups;
}
