/** How complete the record is, and whether everything runs. */
import type { PartsDocument } from '../../../../schemas/api/operations.ts';
import type { CompletenessDocument, OverviewDocument } from '../../../../schemas/api/overview.ts';
import { me } from '../../api/link.ts';
import { PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { Panel } from '../../components/panel.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { formatNumber } from '../../state/number.ts';
import { linkTo, rangeParams } from '../../state/range.ts';
import { formatAgo, formatTime, msOf } from '../../state/time.ts';

export function Intake({ after }: { readonly after: Query<OverviewDocument> }) {
  const answer = useQuery<CompletenessDocument>(PATHS.completeness, rangeParams(), { after });
  return (
    <Panel
      title="Is the record complete?"
      more={
        <a class="push small" href={linkTo('/ingest')}>
          Ingest
        </a>
      }
    >
      <Answer of={answer} skeleton={<Skeleton lines={2} />}>
        {(intake) => (
          <ul class="facts-row">
            <Fact name="events reach to" value={told(intake.last_event)} />
            <Fact name="last stored" value={told(intake.stored_until)} />
            <Fact name="gaps in this time" value={formatNumber(intake.gaps)} isBad={intake.gaps > 0} />
            <Fact
              name="open dead letters of this time"
              value={intake.open_dead_letters === null ? 'not counted in time' : formatNumber(intake.open_dead_letters)}
              isBad={(intake.open_dead_letters ?? 0) > 0}
            />
            <Fact
              name="ids with several contents"
              value={intake.conflicts === null ? 'not counted in time' : formatNumber(intake.conflicts)}
              isBad={(intake.conflicts ?? 0) > 0}
            />
            <Parts />
          </ul>
        )}
      </Answer>
    </Panel>
  );
}

function told(instant: string | null): string {
  return instant === null ? 'nothing yet' : `${formatTime(msOf(instant))} (${formatAgo(msOf(instant))})`;
}

function Fact({
  name,
  value,
  isBad = false,
}: {
  readonly name: string;
  readonly value: string;
  readonly isBad?: boolean;
}) {
  return (
    <li>
      <span class="muted small">{name}</span>
      <span class={isBad ? 'is-bad' : undefined}>{value}</span>
    </li>
  );
}

/** The parts of the daemon belong to no account: who is held to some is not told of them. */
function Parts() {
  const isLimited = (me.value?.accounts.length ?? 0) > 0;
  const { data } = useQuery<PartsDocument>(isLimited ? undefined : PATHS.parts);
  if (data === undefined) return null;
  const down = data.parts.filter(({ status }) => status !== 'running');
  return (
    <Fact
      name="parts of the daemon"
      value={
        down.length === 0
          ? `all ${data.parts.length} run`
          : down.map(({ name, status }) => `${name}: ${status}`).join(', ')
      }
      isBad={down.length > 0}
    />
  );
}
