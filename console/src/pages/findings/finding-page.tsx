/** One finding, at an address of its own. */
import { Empty } from '../../components/states.tsx';
import { linkTo } from '../../state/range.ts';
import type { PageProps } from '../page.ts';
import { FindingView } from './finding-view.tsx';

export function FindingOnePage({ params: { id = '' } }: PageProps) {
  return (
    <div class="page">
      <header class="entity-head">
        <a class="small muted" href={linkTo('/findings')}>
          finding
        </a>
        <h1 class="mono entity-name">{id.slice(0, 8)}</h1>
      </header>
      {/^[0-9a-f]{32}$/.test(id) ? (
        <div class="panel panel-body">
          <FindingView key={id} id={id} isWide onDone={() => undefined} />
        </div>
      ) : (
        <NoFinding />
      )}
    </div>
  );
}

export function NoFinding() {
  return (
    <Empty title="There is no such finding">
      <p>
        The id of a finding has 32 digits, as <code>keytrail findings list</code> shows them; the link may be
        incomplete, or the finding is past its days.
      </p>
      <a class="button" href={linkTo('/findings')}>
        All findings
      </a>
    </Empty>
  );
}
