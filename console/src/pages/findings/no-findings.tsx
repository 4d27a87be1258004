/** An empty queue says what was looked for, and when last. */

import type { PartsDocument } from '../../../../schemas/api/operations.ts';
import { me } from '../../api/link.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Empty } from '../../components/states.tsx';
import { value, values } from '../../state/location.ts';
import { linkTo } from '../../state/range.ts';
import { formatAgo, msOf } from '../../state/time.ts';

export function NoFindings() {
  const isLimited = (me.value?.accounts.length ?? 0) > 0;
  const { data } = useQuery<PartsDocument>(isLimited ? undefined : PATHS.parts);
  const watching = data?.parts.find(({ name }) => name === 'detections');
  const isNarrowed =
    ['severity', 'rule', 'account', 'address', 'state'].some((name) => value(name) !== '') || values('key').length > 0;
  return (
    <div class="panel">
      <Empty title={isNarrowed ? 'No finding fits' : 'Nothing is open'}>
        {watching !== undefined && (
          <p>
            Detections are {watching.status}
            {watching.status === 'running' && <> since {formatAgo(msOf(watching.since))}</>}: they look at what is
            stored every few seconds.
          </p>
        )}
        {watching === undefined && (
          <p class="muted">
            Detections look every few seconds while <code>keytrail serve</code> runs, or with{' '}
            <code>keytrail detect run</code>.
          </p>
        )}
        <div class="row">
          <a class="button" href={linkTo('/findings', { state: 'all' })}>
            Everything that was ever found
          </a>
        </div>
      </Empty>
    </div>
  );
}
