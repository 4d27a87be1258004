/** Parts of the sentences that entities of every kind have. */
import type { ProfileDocument } from '../../../../schemas/api/entities.ts';
import type { NewcomersDocument } from '../../../../schemas/api/overview.ts';
import type { Judgement } from '../../../../schemas/judgement.ts';
import { fieldName } from '../../components/entities.ts';
import { Handle } from '../../components/handle.tsx';
import { Count } from '../../components/sentence.tsx';
import { range } from '../../state/range.ts';
import { formatSpan } from '../../state/time.ts';
import { type Entity, eventsOf } from './entity.ts';

interface Told {
  readonly entity: Entity;
  readonly profile: ProfileDocument;
}

/** `made 12,431 requests from 3 addresses in 24 hours` */
export function Requests({ entity, profile }: Told) {
  const { events, source_ips, countries } = profile;
  const href = eventsOf(entity);
  return (
    <>
      made <Count of={events} one="request" href={href} />
      {entity.kind.name !== 'address' && (
        <>
          {' '}
          from <Count of={source_ips} one="address" many="addresses" href={href} />
          {countries > 1 && <> in {countries} countries</>}
        </>
      )}{' '}
      in {formatSpan(range.value.toMs - range.value.fromMs)}
    </>
  );
}

const NAMED_MAX = 2;

/** What the time before, as long, did not have. */
export function Newly(props: { readonly newcomers: NewcomersDocument | undefined; readonly kinds: readonly string[] }) {
  const found = props.newcomers?.rows.filter(({ kind }) => props.kinds.includes(kind)) ?? [];
  if (found.length === 0) return null;
  const shown = found.slice(0, NAMED_MAX);
  return (
    <>
      ; new since the time before:{' '}
      {shown.map(({ kind, value }, at) => (
        <>
          {at > 0 && ', '}
          {fieldName(kind)} <Handle field={kind} value={value} />
        </>
      ))}
      {found.length > shown.length && <> and {found.length - shown.length} more</>}
    </>
  );
}

export function Wrong({ entity, of }: { readonly entity: Entity; readonly of: ProfileDocument }) {
  const denied = of['should-be-denied'];
  const allowed = of['should-be-allowed'];
  const judged = (word: Judgement): string => eventsOf(entity, { 'only.judgement': word });
  if (denied === 0 && allowed === 0) {
    if (of.events === of['not-judged']) return <>Whether they should have been let in cannot be judged.</>;
    return (
      <>
        All that could be judged was as it should be
        {of.denied > 0 && (
          <>
            ; <Count of={of.denied} one="was" many="were" href={judged('denied')} /> rightly denied
          </>
        )}
        .
      </>
    );
  }
  return (
    <strong class="wrong">
      {denied > 0 && (
        <>
          <Count of={denied} one="was" many="were" href={judged('should-be-denied')} /> allowed that should have been
          denied
        </>
      )}
      {denied > 0 && allowed > 0 && ', and '}
      {allowed > 0 && (
        <>
          <Count
            of={allowed}
            one="was"
            many="were"
            href={eventsOf(entity, { 'only.judgement': 'should-be-allowed' })}
          />{' '}
          denied that should have been allowed
        </>
      )}
      .
    </strong>
  );
}
