/** A link whose entity is not there, or not in this time: says which of the two it is, and where to go on. */
import type { KeyUsageDocument, ReachDocument, ValuesDocument } from '../../../../schemas/api/entities.ts';
import { PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { Handle } from '../../components/handle.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { instant, linkTo, MS_PER_DAY, rangeParams } from '../../state/range.ts';
import { formatTime, msOf, zoneName } from '../../state/time.ts';
import type { Entity } from './entity.ts';

const DAYS_SHOWN = 7;
const SIMILAR_ROWS = 5;
/** So many letters of a name are what somebody surely typed right. */
const LETTERS = 4;

export interface NotInThisTimeProps {
  readonly entity: Entity;
  readonly reach: Query<ReachDocument>;
  /** `asked`: nobody knows yet whether it is, and nothing must be said of it. */
  readonly isKnown: boolean | 'asked';
}

/** @param query what the registry is asked for, which gives `isKnown` */
export function knownBy(query: Query<unknown>, isKnown: boolean): boolean | 'asked' {
  return query.data === undefined && query.trouble === undefined ? 'asked' : isKnown;
}

export function NotInThisTime({ entity, reach, isKnown }: NotInThisTimeProps) {
  const { kind, value } = entity;
  return (
    <Answer of={reach} skeleton={<Skeleton lines={3} />}>
      {({ last_seen }) => {
        if (last_seen !== null) return <Elsewhere entity={entity} lastMs={msOf(last_seen)} />;
        if (isKnown === 'asked') return <Skeleton lines={3} />;
        if (isKnown) {
          return (
            <Empty title={`This ${kind.noun} was never used`}>
              <p class="muted">The registry knows it, and no event that is stored names it.</p>
            </Empty>
          );
        }
        return (
          <Empty title={`Nothing is known of this ${kind.noun}`}>
            <p>
              No event that is stored names <bdi class="mono">{value.slice(0, 200)}</bdi>, and the registry does not
              know it. The link may be mistyped, or its records were never taken in or are past their days.
            </p>
            <Similar entity={entity} />
            <div class="row">
              <a class="button" href={linkTo(kind.path)}>
                All {kind.many}
              </a>
              <a class="button" href={linkTo('/search', { text: value.slice(0, 200) })}>
                Search for these words
              </a>
            </div>
          </Empty>
        );
      }}
    </Answer>
  );
}

function Elsewhere({ entity, lastMs }: { readonly entity: Entity; readonly lastMs: number }) {
  const toMs = Math.ceil((lastMs + 1) / 1_000) * 1_000;
  const range = { from: instant(toMs - DAYS_SHOWN * MS_PER_DAY), to: instant(toMs), last: undefined };
  return (
    <Empty title={`This ${entity.kind.noun} was not seen in this time`}>
      <p>
        It was last seen on <b>{formatTime(lastMs)}</b> {zoneName.value}.
      </p>
      <a class="button" data-kind="main" href={linkTo(window.location.pathname, { ...accountOf(entity), ...range })}>
        Show the {DAYS_SHOWN} days up to it
      </a>
    </Empty>
  );
}

function accountOf({ only }: Entity): Record<string, string> {
  const account = only['only.account_id'];
  return account === undefined ? {} : { account };
}

function Similar({ entity }: { readonly entity: Entity }) {
  const { field } = entity.kind;
  const words = entity.value.slice(0, LETTERS);
  const isKey = field === 'key_id';
  const shared = { ...rangeParams(), words, limit: SIMILAR_ROWS };
  const keys = useQuery<KeyUsageDocument>(isKey ? PATHS.key_usage : undefined, shared);
  const values = useQuery<ValuesDocument>(isKey ? undefined : PATHS.values, { ...shared, field });
  const found = isKey
    ? (keys.data?.rows ?? []).map(({ key_id, account_id }) => ({ value: key_id, account: account_id }))
    : (values.data?.rows ?? []).map(({ value }) => ({ value, account: undefined }));
  if (found.length === 0) return null;
  return (
    <p>
      Names like it:{' '}
      {found.map(({ value, account }, at) => (
        <>
          {at > 0 && ', '}
          <Handle field={field} value={value} account={account} />
        </>
      ))}
    </p>
  );
}
