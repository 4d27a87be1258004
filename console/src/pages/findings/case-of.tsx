/** What else was found of the same key or address at about the same time, on one line of time. */
import type { FindingContext } from '../../../../schemas/api/findings.ts';
import { Severity } from '../../components/judgement.tsx';
import { Strip } from '../../components/strip.tsx';
import { cut } from '../../state/cut.ts';
import { plural } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';
import { msOf } from '../../state/time.ts';
import { byGravity, type FindingDocument } from './finding.ts';

const SHOWN_MAX = 8;

export interface CaseOfProps {
  readonly of: FindingDocument;
  readonly context: FindingContext | undefined;
}

export function CaseOf({ of, context }: CaseOfProps) {
  const all = context?.case.findings ?? [];
  const others = byGravity(all.filter(({ id }) => id !== of.id));
  if (context === undefined || others.length === 0) return null;
  const fromMs = Math.min(...all.map(({ first_seen }) => msOf(first_seen)));
  const toMs = Math.max(...all.map(({ last_seen }) => msOf(last_seen))) + 1;
  const shared = (finding: (typeof others)[number]): string =>
    finding.key_id !== '' && finding.key_id === of.key_id ? 'the same key' : finding.source_ip || cut(finding.key_id);
  return (
    <section>
      <h3>
        Case {context.case.id}: {plural(context.case.total - 1, 'other finding')} of the same key or address, about then
      </h3>
      <ul class="case">
        {others.slice(0, SHOWN_MAX).map((finding) => (
          <li key={finding.id}>
            <Severity of={finding.severity} />
            <a class="handle" href={linkTo(`/findings/${finding.id}`)} title={cut(finding.summary)}>
              <bdi>{finding.rule}</bdi>
            </a>
            <span class="small muted foreign">{shared(finding)}</span>
            <Strip firstMs={msOf(finding.first_seen)} lastMs={msOf(finding.last_seen)} fromMs={fromMs} toMs={toMs} />
          </li>
        ))}
      </ul>
      {others.length > SHOWN_MAX && <p class="small muted">and {context.case.total - 1 - SHOWN_MAX} more</p>}
    </section>
  );
}
