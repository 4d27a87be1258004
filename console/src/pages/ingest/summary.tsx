/** The state of the intake in words: how far the record reaches, and what is missing from it. */
import type { ComponentChildren } from 'preact';
import type { PartsDocument } from '../../../../schemas/api/operations.ts';
import { Sentence } from '../../components/sentence.tsx';
import { Empty } from '../../components/states.tsx';
import { changed } from '../../state/location.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { formatAgo, formatTime, msOf, zoneName } from '../../state/time.ts';

import type { Letter } from './letter.ts';

/** A row of the question `ingest-status`. */
export interface IngestRow {
  readonly stream: string;
  readonly stream_partition: number;
  readonly last_position: number;
  readonly last_event_time: string | null;
  readonly lag: number;
  readonly blocks: number;
  readonly received: number;
  readonly new: number;
  readonly already_known: number;
  readonly dead_letters: number;
  readonly gaps: number;
  readonly gap_positions: number;
  readonly last_recorded_at: string;
}

interface SummaryProps {
  readonly streams: readonly IngestRow[];
  /** `undefined`: not known yet, and nothing may be said of them. */
  readonly letters: readonly Letter[] | undefined;
  readonly parts: PartsDocument['parts'] | undefined;
}

const tab = (word: string, more: Readonly<Record<string, string>> = {}) =>
  changed({ open: undefined, tab: word, ...more });

export function Summary({ streams, letters, parts = [] }: SummaryProps) {
  if (streams.length === 0) return <NothingReceived />;
  const until =
    streams
      .map(({ last_event_time: time }) => time ?? '')
      .toSorted()
      .at(-1) ?? '';
  const lost = streams.reduce((sum, { gap_positions: positions }) => sum + positions, 0);
  const behind = streams.filter(({ lag }) => lag > 0);
  const waiting = behind.reduce((sum, { lag }) => sum + lag, 0);
  const down = parts.filter(({ status }) => status !== 'running');
  const faults: ComponentChildren[] = [];
  if (lost > 0) {
    faults.push(
      <>
        <a href={tab('streams')}>{plural(lost, 'position')}</a> {lost === 1 ? 'was' : 'were'} gone before they could be
        read
      </>,
    );
  }
  if (letters !== undefined && letters.length > 0) {
    faults.push(
      <>
        <a href={tab('letters', { state: 'open' })}>{plural(letters.length, 'record')}</a>{' '}
        {letters.length === 1 ? 'is' : 'are'} kept as dead letters, because they could not become events
      </>,
    );
  }
  if (waiting > 0) {
    faults.push(
      <>
        <a href={tab('streams')}>{plural(waiting, 'position')}</a> of {plural(behind.length, 'stream')}{' '}
        {waiting === 1 ? 'is' : 'are'} still to be read
      </>,
    );
  }
  if (down.length > 0) {
    faults.push(
      <>
        <a href={tab('parts')}>{down.map(({ name }) => name).join(', ')}</a> {down.length === 1 ? 'does' : 'do'} not run
      </>,
    );
  }
  return (
    <Sentence>
      {faults.length === 0 ? (
        letters !== undefined && <>Everything that was received is in the record. </>
      ) : (
        <strong class="wrong">
          {faults.map((fault, at) => [at === 0 ? '' : at === faults.length - 1 ? ', and ' : ', ', fault])}.{' '}
        </strong>
      )}
      The record reaches to{' '}
      <b class="whole" title={formatAgo(msOf(until))}>
        {until === '' ? 'no event yet' : `${formatTime(msOf(until))} ${zoneName.value}`}
      </b>
      , from <a href={tab('streams')}>{plural(streams.length, 'stream')}</a> with{' '}
      {formatNumber(streams.reduce((sum, { received }) => sum + received, 0))} records received.
    </Sentence>
  );
}

function NothingReceived() {
  return (
    <Empty title="Nothing has been received yet">
      <p>Three ways to bring records:</p>
      <pre>{`keytrail ingest your-audit-log.ndjson
keytrail token add gateway --role push --source gateway/request --account <id>
keytrail collect redis-cloud`}</pre>
      <p class="muted">
        The first reads files; with the second a gateway sends records to <code>POST /v1/events</code>; the third asks
        an API. Topics of Kafka are named in <code>keytrail.yaml</code>.
      </p>
    </Empty>
  );
}
