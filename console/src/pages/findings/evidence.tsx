/** What shows it: the entity, its facts, its events, and the question that tells it again. */
import { fieldOf } from '../../components/cell.tsx';
import { canFilter, eventKey, fieldName, hrefOf } from '../../components/entities.ts';
import { Handle } from '../../components/handle.tsx';
import { useKeys } from '../../state/keyboard.ts';
import { go } from '../../state/location.ts';
import { plural } from '../../state/number.ts';
import { type LinkParams, linkTo } from '../../state/range.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { type FindingDocument, isOneAddress } from './finding.ts';

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;
/** Told elsewhere on the page. */
const TOLD = ['anchor_at', 'stored_until', 'first_seen', 'last_seen', 'events', 'event_ids'];
const IDS_SHOWN = 5;

export function Evidence({ of }: { readonly of: FindingDocument }) {
  const facts = { ...of.entity, ...of.facts };
  const shown = Object.entries(facts).filter(([name, value]) => !TOLD.includes(name) && !isNothing(value));
  const requests = linkTo('/search', searchParams(of));
  const [first] = of.event_ids;
  const owner = typeof of.facts.owner === 'string' ? of.facts.owner : '';
  const follow = (href: string | undefined): void => {
    if (href !== undefined) go(href);
  };
  const hasMore = of.event_ids.length < of.events;
  const group = 'A finding';
  useKeys([
    { keys: 'b', does: 'the first of its events', group, run: () => follow(first && eventOf(of, first)) },
    { keys: 'e', does: 'its requests in the search', group, run: () => follow(requests) },
    {
      ...{ keys: 'u', does: 'the user key that it is about', group },
      run: () => follow(hrefOf('key_id', of.key_id, { account: of.account_id })),
    },
    { keys: 'p', does: 'the person to call', group, run: () => follow(hrefOf('owner', owner)) },
  ]);
  return (
    <section>
      <h3>What was seen</h3>
      <dl class="facts">
        {shown.map(([name, value]) => [
          <dt key={name}>{fieldName(name).replace('source ips', 'addresses')}</dt>,
          <dd key={`${name} value`}>
            <Fact name={name} value={value} account={of.account_id} />
          </dd>,
        ])}
      </dl>
      <h3>Evidence</h3>
      <ul class="evidence-links">
        <li>
          <a href={requests}>Its requests in the search</a> <kbd>e</kbd>
        </li>
        {of.event_ids.slice(0, 1).map((id) => (
          <li key={id}>
            <a href={eventOf(of, id)}>The first of its events</a> <kbd>b</kbd>{' '}
            <span class="muted small">{formatTime(msOf(of.first_seen), 'ms')}</span>
          </li>
        ))}
        <li>
          <a href={questionOf(of)}>Ask the detection again</a>{' '}
          <span class="muted small">with fixed times, so that it tells the same tomorrow</span>
        </li>
      </ul>
      {of.event_ids.length > 1 && (
        <p class="small muted event-ids">
          {hasMore ? `The first ${of.event_ids.length} of` : 'Its'} {plural(of.events, 'event')} by id:{' '}
          {of.event_ids.slice(0, IDS_SHOWN).map((id, place) => (
            <span key={id}>
              {place > 0 && ', '}
              <a class="mono" href={eventOf(of, id)}>
                <bdi>{id.slice(0, 40)}</bdi>
              </a>
            </span>
          ))}
          {of.event_ids.length > IDS_SHOWN && ' …'}
        </p>
      )}
    </section>
  );
}

function isNothing(value: unknown): boolean {
  return value === '' || value === null || value === 0 || (Array.isArray(value) && value.length === 0);
}

function Fact({ name, value, account }: { readonly name: string; readonly value: unknown; readonly account: string }) {
  if (Array.isArray(value)) {
    return (
      <>
        {value.slice(0, 20).map((one, place) => (
          <span key={String(one)}>
            {place > 0 && ', '}
            <Handle field={fieldOf(name) ?? name} value={String(one)} />
          </span>
        ))}
      </>
    );
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (ISO.test(text)) return <>{formatTime(msOf(text))}</>;
  const field = fieldOf(name) ?? name;
  if (!canFilter(field, text)) return <bdi>{text.slice(0, 500)}</bdi>;
  const known = name === 'owner' || name === 'app' || name === 'network' ? 'resolved' : 'recorded';
  return (
    <Handle
      field={field}
      value={text}
      account={name === 'key_id' ? account : undefined}
      known={known}
      {...(known === 'resolved' ? { because: 'registry, at the time of the events' } : {})}
    />
  );
}

function spanOf({ first_seen, last_seen }: FindingDocument): LinkParams {
  return { from: first_seen, to: new Date(Date.parse(last_seen) + 1).toISOString(), last: undefined };
}

/** Events of the same key and address in the span of the finding; among them are the ones that it counts. */
function searchParams(of: FindingDocument): LinkParams {
  const { source_ip } = of.entity;
  return {
    ...spanOf(of),
    ...(of.key_id === '' ? {} : { 'only.key_id': of.key_id }),
    ...(source_ip === undefined || !isOneAddress(source_ip) ? {} : { 'only.source_ip': source_ip }),
  };
}

/** The event whole, beside the others of the finding. Of which source it is, a finding does not say. */
function eventOf(of: FindingDocument, id: string): string {
  return linkTo('/search', { ...searchParams(of), event: eventKey({ event_id: id, source: '', account_id: '' }) });
}

/** The console's page of the question, with what the API's path of the evidence holds. */
function questionOf({ rule, evidence }: FindingDocument): string {
  const params: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(evidence.split('?')[1] ?? '')) {
    params[name] = [...(params[name] ?? []), value];
  }
  return linkTo(`/questions/${rule}`, { ...params, last: undefined });
}
