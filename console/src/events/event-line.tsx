/** An event in one line, as lists show it; in two on a narrow screen. */
import { Component, type JSX } from 'preact';
import { judgementOf } from '../../../schemas/judgement.ts';
import { type EventRow, field } from '../api/event.ts';
import { Handle, type HandleProps } from '../components/handle.tsx';
import { JudgementMark } from '../components/judgement.tsx';
import { formatClock, formatTime, msOf, zoneName } from '../state/time.ts';

export interface EventLineProps {
  readonly of: EventRow;
  /** Lists of more than a day say it in each line. */
  readonly hasDay: boolean;
  readonly isNarrow: boolean;
}

/** Drawn anew for another event only: a key that is held moves through many lists of lines a second. */
export class EventLine extends Component<EventLineProps> {
  override shouldComponentUpdate({ of, hasDay, isNarrow }: EventLineProps): boolean {
    return of !== this.props.of || hasDay !== this.props.hasDay || isNarrow !== this.props.isNarrow;
  }

  override render() {
    return <Line {...this.props} />;
  }
}

function Line({ of, hasDay, isNarrow }: EventLineProps) {
  const ms = msOf(field(of, 'event_time'));
  const status = field(of, 'status_code');
  // A line that is two fingers high is taken hold of as a whole; its values are handles once it is open.
  const Value = isNarrow ? PlainValue : Handle;
  return (
    <div class="event-line" data-has-day={hasDay}>
      <time dateTime={field(of, 'event_time')} title={`${formatTime(ms, 'ms')} ${zoneName.value}`}>
        {hasDay ? formatTime(ms, isNarrow ? 'second' : 'ms').slice(5) : formatClock(ms)}
      </time>
      <JudgementMark of={judgementOf(field(of, 'verdict'), field(of, 'auth_result'))} isShort />
      <What of={of} as={Value} />
      <span class="event-status" data-is-bad={Number(status) >= 400}>
        {status === '0' ? '' : status}
      </span>
      <span class="event-key">
        <Value
          field="key_id"
          value={field(of, 'key_id')}
          account={field(of, 'account_id')}
          empty={field(of, 'principal_name') || '–'}
        />
      </span>
      <span class="event-app">
        <Value
          field="app"
          value={field(of, 'app')}
          known="resolved"
          because="from the registry, as of the event"
          empty=""
        />
      </span>
      <span class="event-address">
        <Value field="source_ip" value={field(of, 'source_ip')} />
      </span>
      <span class="event-country">
        <Value field="country" value={field(of, 'country')} empty="" />
      </span>
    </div>
  );
}

function PlainValue({ value, empty = '–' }: HandleProps) {
  return <bdi>{value || empty}</bdi>;
}

/** A request by method and path; whatever is no request by what was done. */
function What({ of, as: Value }: { readonly of: EventRow; readonly as: (props: HandleProps) => JSX.Element }) {
  const path = field(of, 'url_path');
  if (path === '') {
    return (
      <span class="event-what">
        <Value field="action" value={field(of, 'action')} /> <bdi class="muted">{field(of, 'description')}</bdi>
      </span>
    );
  }
  return (
    <span class="event-what">
      <span class="event-method">
        <Value field="http_method" value={field(of, 'http_method')} />
      </span>{' '}
      <span class="mono">
        <Value field="url_path" value={path} />
      </span>
    </span>
  );
}
