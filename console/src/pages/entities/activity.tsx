/** When: over the range by what became of it, and in which hours of the week. */
import { useState } from 'preact/hooks';
import type { ProfileDocument } from '../../../../schemas/api/entities.ts';
import { JUDGEMENTS } from '../../../../schemas/judgement.ts';
import { Button } from '../../components/button.tsx';
import { HeatMap } from '../../components/heat-map.tsx';
import { Histogram } from '../../components/histogram.tsx';
import { JUDGEMENT_WORDS, SHAPES } from '../../components/judgement.tsx';
import { Panel } from '../../components/panel.tsx';
import { Skeleton } from '../../components/states.tsx';
import { formatNumber } from '../../state/number.ts';
import { type Entity, eventsOf } from './entity.ts';

interface ActivityProps {
  readonly entity: Entity;
  readonly profile: ProfileDocument | undefined;
}

export function Activity({ entity, profile }: ActivityProps) {
  const [isTable, setTable] = useState(false);
  return (
    <div class="entity-grid entity-when">
      <Panel
        title="Over time"
        more={
          <>
            <Judged entity={entity} profile={profile} />
            <span class="push">
              <Button kind="plain" isPressed={isTable} onClick={() => setTable(!isTable)}>
                Table
              </Button>
            </span>
          </>
        }
      >
        {profile === undefined ? <Skeleton height={138} /> : <Histogram of={profile.histogram} isTable={isTable} />}
      </Panel>
      <Panel title="Hours of the week" more={<span class="muted">{profile?.zone}</span>}>
        {profile === undefined ? (
          <Skeleton height={138} />
        ) : (
          <HeatMap hours={profile.hours} label={`Requests by hour of the week, ${profile.zone}`} />
        )}
      </Panel>
    </div>
  );
}

function Judged({ entity, profile }: ActivityProps) {
  if (profile === undefined) return null;
  return (
    <ul class="legend">
      {JUDGEMENTS.filter((word) => profile[word] > 0).map((word) => (
        <li key={word} data-judgement={word}>
          <a
            class="handle"
            href={eventsOf(entity, { 'only.judgement': word })}
            data-field="judgement"
            data-value={word}
          >
            <span class="mark" aria-hidden="true">
              {SHAPES[word]}
            </span>{' '}
            {JUDGEMENT_WORDS[word]} <b>{formatNumber(profile[word])}</b>
          </a>
        </li>
      ))}
    </ul>
  );
}
