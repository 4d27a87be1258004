/** Since when something is known from events, and until when: of this time, and of all of it. */
import type { ProfileDocument, ReachDocument } from '../../../../schemas/api/entities.ts';
import type { Query } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { formatAgo, formatTime, msOf, zoneName } from '../../state/time.ts';
import { type Entity, firstEventOf } from './entity.ts';

export interface ReachProps {
  readonly entity: Entity;
  readonly reach: Query<ReachDocument>;
  readonly profile: ProfileDocument | undefined;
  /** All time is asked about when somebody wants it: the store has no short way to it. */
  readonly onAsk: (() => void) | undefined;
}

export function Reach({ entity, reach, profile, onAsk }: ReachProps) {
  if (profile === undefined || profile.events === 0) return null;
  return (
    <dl class="facts-row reach">
      <Time
        name="first of this time"
        at={profile.first_seen}
        href={firstEventOf(entity, profile.first_seen ?? profile.from)}
      />
      <Time name="last of this time" at={profile.last_seen} />
      {onAsk === undefined ? (
        <>
          <Time name="first of all time" at={reach.data?.first_seen} />
          <Time name="last of all time" at={reach.data?.last_seen} />
          <Time name="last let in" at={reach.data?.last_success} />
        </>
      ) : (
        <div>
          <dt class="muted small">first of all time</dt>
          <dd>
            <Button onClick={onAsk} title="Reads all that is stored">
              Look for it
            </Button>
          </dd>
        </div>
      )}
    </dl>
  );
}

interface TimeProps {
  readonly name: string;
  /** Absent: not known yet; null: never. */
  readonly at: string | null | undefined;
  readonly href?: string;
}

function Time({ name, at, href }: TimeProps) {
  const ms = msOf(at ?? '');
  const told = at === undefined ? '…' : at === null ? 'never' : `${formatTime(ms, 'minute')} (${formatAgo(ms)})`;
  return (
    <div>
      <dt class="muted small">{name}</dt>
      <dd title={at === null || at === undefined ? undefined : `${formatTime(ms)} ${zoneName.value}`}>
        {href === undefined ? told : <a href={href}>{told}</a>}
      </dd>
    </div>
  );
}
