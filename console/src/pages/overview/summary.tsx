/** The overview in words: what matters first. */
import type { ComponentChildren } from 'preact';
import type { OverviewDocument } from '../../../../schemas/api/overview.ts';
import { Count, Sentence } from '../../components/sentence.tsx';
import { Empty } from '../../components/states.tsx';
import { filterParams } from '../../state/filters.ts';
import { formatShare } from '../../state/number.ts';
import { instant, linkTo, MS_PER_DAY, range } from '../../state/range.ts';
import { formatSpan, formatTime } from '../../state/time.ts';

const search = (more: Readonly<Record<string, string>> = {}) => linkTo('/search', { ...filterParams(), ...more });

export function Summary({ of }: { readonly of: OverviewDocument }) {
  const { now, last_event } = of;
  if (now.events === 0) return <NothingHere lastEvent={last_event} />;
  return (
    <Sentence>
      <Wrong of={of} /> In {formatSpan(range.value.toMs - range.value.fromMs)},{' '}
      <Count of={now.keys} one="key" href={linkTo('/keys')} /> of{' '}
      <Count of={now.owners} one="owner" href={linkTo('/owners')} /> made{' '}
      <Count of={now.events} one="request" href={search()} /> from{' '}
      <Count of={now.source_ips} one="address" many="addresses" href={linkTo('/addresses')} />
      <Change of={of} />
      {now.denied > 0 && (
        <>
          ; <Count of={now.denied} one="was" many="were" href={search({ 'only.judgement': 'denied' })} /> rightly denied
        </>
      )}
      .
    </Sentence>
  );
}

/** What somebody must look at, or that there is nothing of it. */
function Wrong({ of: { now, open_findings: open } }: { readonly of: OverviewDocument }) {
  const grave = (open.critical ?? 0) + (open.high ?? 0);
  const parts: ComponentChildren[] = [];
  if (now['should-be-denied'] > 0) {
    const href = search({ 'only.judgement': 'should-be-denied' });
    parts.push(
      <>
        <Count of={now['should-be-denied']} one="request was" many="requests were" href={href} /> allowed that should
        have been denied
      </>,
    );
  }
  if (now['should-be-allowed'] > 0) {
    const href = search({ 'only.judgement': 'should-be-allowed' });
    parts.push(
      <>
        <Count of={now['should-be-allowed']} one="was" many="were" href={href} /> denied that should have been allowed
      </>,
    );
  }
  if (grave > 0) {
    const href = linkTo('/findings', { state: 'open', severity: 'high' });
    parts.push(
      <>
        <Count of={grave} one="finding" href={href} /> of high severity or more {grave === 1 ? 'is' : 'are'} open
      </>,
    );
  }
  if (parts.length === 0) return <>Every request that could be judged was allowed or denied as it should have been.</>;
  return (
    <strong class="wrong">
      {parts.map((part, at) => [at === 0 ? '' : at === parts.length - 1 ? ', and ' : ', ', part])}.
    </strong>
  );
}

function Change({ of: { now, before } }: { readonly of: OverviewDocument }) {
  if (before.events === 0) return <>, and none in the time before</>;
  const change = now.events - before.events;
  if (Math.abs(change) / before.events < 0.02) return <>, as many as in the time before</>;
  return (
    <>
      , {formatShare(Math.abs(change), before.events)} {change > 0 ? 'more' : 'fewer'} than in the time before
    </>
  );
}

/** The range holds nothing, and something else does: says where. */
function NothingHere({ lastEvent }: { readonly lastEvent: string | null }) {
  const lastMs = Date.parse(lastEvent ?? '');
  const toMs = Math.ceil((lastMs + 1) / 1_000) * 1_000;
  return (
    <Empty title="Nothing was recorded in this time">
      <p>
        The latest event is of <b>{formatTime(lastMs)}</b>.
      </p>
      <a
        class="button"
        href={linkTo('/', { ...filterParams(), from: instant(toMs - MS_PER_DAY), to: instant(toMs), last: undefined })}
      >
        Show the 24 hours up to it
      </a>
    </Empty>
  );
}

export function NothingStored() {
  return (
    <Empty title="No event is stored yet" isWhole>
      <p>Three ways to bring some:</p>
      <pre>{`keytrail demo
keytrail ingest your-audit-log.ndjson
keytrail token add gateway --role push --source gateway/request --account <id>`}</pre>
      <p class="muted">
        The first makes a store of examples in a folder of its own; the second reads files into this one; with the
        third, a gateway sends records to <code>POST /v1/events</code> of this daemon. Kafka topics and API collectors
        are named in <code>keytrail.yaml</code>.
      </p>
    </Empty>
  );
}
