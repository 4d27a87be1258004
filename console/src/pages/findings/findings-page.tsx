/** The queue: what was found, the gravest first, and one of it whole beside. */
import { useEffect, useState } from 'preact/hooks';
import type { FindingPage } from '../../../../schemas/api/findings.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Drawer } from '../../components/drawer.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { useKeys } from '../../state/keyboard.ts';
import { change, go, value, values } from '../../state/location.ts';
import { linkTo, rangeParams } from '../../state/range.ts';
import { byGravity, type Finding, isLike } from './finding.ts';
import { FindingView } from './finding-view.tsx';
import { Queue } from './queue.tsx';
import { QueueSentence } from './queue-sentence.tsx';
import { QueueTools, statesOf } from './queue-tools.tsx';
import { Suppressions } from './suppressions.tsx';

const ROWS_MAX = 1_000;

export function FindingsPage() {
  const isOfRange = value('time') === 'range';
  const found = useQuery<FindingPage>(PATHS.findings, {
    ...(isOfRange ? rangeParams() : {}),
    state: statesOf(value('state')),
    severity: value('severity') || 'informational',
    rule: value('rule'),
    account: value('account'),
    key: values('key'),
    address: value('address'),
    limit: ROWS_MAX,
  });
  const findings = byGravity(found.data?.findings ?? []);
  const opened = value('finding');
  const [selected, setSelected] = useState(-1);
  const [turn, setTurn] = useState(0);
  const done = (): void => {
    found.retry();
    setTurn(turn + 1);
  };
  useKeys([
    {
      ...{ keys: 'w', does: 'the whole page of the open one', group: 'Findings' },
      run: () => {
        if (opened !== '') go(linkTo(`/findings/${opened}`));
      },
    },
  ]);
  // Whoever judges one goes on with the next, which has moved up to its place.
  useEffect(() => {
    if (opened !== '') setSelected((last) => placeOf(findings, opened) ?? last);
    else setSelected((last) => Math.min(last, findings.length - 1));
  }, [opened, findings.map(({ id }) => id).join()]);
  const select = (at: number): void => {
    setSelected(at);
    const next = findings[at];
    if (opened !== '' && next !== undefined) change({ finding: next.id }, { isReplacing: true });
  };
  const own = findings.find(({ id }) => id === opened);
  const like = findings.filter((one) => {
    return own !== undefined && one.id !== own.id && one.state === 'open' && isLike(own, one);
  });
  return (
    <div class="findings" data-has-drawer={opened !== ''}>
      <h1 class="unseen">Findings</h1>
      <div class="findings-found">
        <QueueSentence findings={found.data?.findings} hasMore={found.data?.next != null} isOfRange={isOfRange} />
        <QueueTools />
        <Answer
          of={found}
          skeleton={
            <div class="panel panel-body">
              <Skeleton lines={12} height={30} />
            </div>
          }
        >
          {() => (
            <Queue
              findings={findings}
              selected={selected}
              onSelect={select}
              onOpen={(finding) => change({ finding: finding.id })}
            />
          )}
        </Answer>
        <Suppressions key={turn} />
      </div>
      {opened !== '' && (
        <div class="search-drawer">
          <Drawer
            title="Finding"
            tools={
              <a class="button" data-kind="plain" href={linkTo(`/findings/${opened}`)} title="The whole page (w)">
                Whole page
              </a>
            }
            onClose={() => change({ finding: undefined })}
          >
            <FindingView key={opened} id={opened} known={own} like={like} onDone={done} />
          </Drawer>
        </div>
      )}
    </div>
  );
}

function placeOf(findings: readonly Finding[], id: string): number | undefined {
  const at = findings.findIndex((one) => one.id === id);
  return at < 0 ? undefined : at;
}
