/** Is anything wrong now, what is new, and is the record complete? */
import { useState } from 'preact/hooks';
import type { OverviewDocument } from '../../../../schemas/api/overview.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Choices } from '../../components/button.tsx';
import { Histogram, totalOf } from '../../components/histogram.tsx';
import { Later } from '../../components/later.tsx';
import { Legend } from '../../components/legend.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, AnswerPart, Skeleton } from '../../components/states.tsx';
import { filterParams } from '../../state/filters.ts';
import { formatNumber } from '../../state/number.ts';
import { rangeParams } from '../../state/range.ts';
import { Intake } from './intake.tsx';
import { Newcomers } from './newcomers.tsx';
import { OpenFindings } from './open-findings.tsx';
import { NothingStored, Summary } from './summary.tsx';
import { Top } from './top.tsx';

export function OverviewPage() {
  const params = { ...rangeParams(), ...filterParams() };
  const overview = useQuery<OverviewDocument>(PATHS.overview, params);
  const histogram = overview.data?.histogram;
  const [view, setView] = useState<'chart' | 'table'>('chart');
  if (overview.data !== undefined && overview.data.first_event === null) return <NothingStored />;
  return (
    <div class="page">
      <h1 class="unseen">Overview</h1>
      <Answer of={overview} skeleton={<Skeleton lines={2} height={22} />}>
        {(data) => <Summary of={data} />}
      </Answer>
      <Panel
        title="Activity"
        more={
          <>
            {histogram !== undefined && (
              <>
                <span class="muted">{formatNumber(totalOf(histogram))} events</span>
                <Legend of={histogram} />
              </>
            )}
            <span class="push">
              <Choices
                label="How it is shown"
                chosen={view}
                choices={[
                  { word: 'chart', shown: 'Chart' },
                  { word: 'table', shown: 'Table' },
                ]}
                onChoose={setView}
              />
            </span>
          </>
        }
      >
        <AnswerPart of={overview} skeleton={<Skeleton height={138} />}>
          {(data) => <Histogram of={data.histogram} isTable={view === 'table'} />}
        </AnswerPart>
      </Panel>
      <Later>
        <div class="overview-grid">
          <OpenFindings />
          <Newcomers after={overview} />
        </div>
        <div class="overview-grid overview-top">
          <Top of={overview} field="key_id" title="Keys" />
          <Top of={overview} field="app" title="Apps" />
          <Top of={overview} field="source_ip" title="Addresses" />
        </div>
        <Intake after={overview} />
      </Later>
    </div>
  );
}
