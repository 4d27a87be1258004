/** One owner: which keys are theirs, and what was done with them. */
import type { KeyUsageDocument } from '../../../../schemas/api/entities.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { Panel } from '../../components/panel.tsx';
import { Count, Sentence } from '../../components/sentence.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { linkTo, rangeParams } from '../../state/range.ts';
import type { PageProps } from '../page.ts';
import { entityOf } from './entity.ts';
import { EntityPage } from './entity-page.tsx';
import { KeyTable } from './key-table.tsx';
import { knownBy } from './unknown.tsx';
import { useProfile } from './use-profile.ts';
import { Newly, Requests, Wrong } from './words.tsx';

const ROWS_MAX = 200;

export function OwnerPage({ params: { owner = '' } }: PageProps) {
  const entity = entityOf('owner', owner);
  const profile = useProfile(entity);
  const asked = { ...rangeParams(), owner, limit: ROWS_MAX };
  const keys = useQuery<KeyUsageDocument>(PATHS.key_usage, asked, { after: profile });
  const total = keys.data?.total ?? 0;
  const isMail = /^\S+@\S+$/.test(owner);
  return (
    <EntityPage
      entity={entity}
      profile={profile}
      isKnown={knownBy(keys, total > 0)}
      sentence={({ profile, newcomers }) => (
        <Sentence>
          {isMail && (
            <>
              Write to <a href={`mailto:${encodeURIComponent(owner).replace('%40', '@')}`}>{owner}</a>.{' '}
            </>
          )}
          {keys.data === undefined ? (
            'They'
          ) : (
            <>
              <Count of={total} one="key is theirs" many="keys are theirs" href="#keys" /> now. With those that were
              theirs they
            </>
          )}{' '}
          <Requests entity={entity} profile={profile} />
          <Newly newcomers={newcomers} kinds={['source_ip', 'key_id', 'country']} />.{' '}
          <Wrong entity={entity} of={profile} />
        </Sentence>
      )}
      first={
        <div id="keys">
          <Panel
            title="Their keys"
            more={
              total > ROWS_MAX && (
                <a class="push small" href={linkTo('/keys', { owner })}>
                  All {total}
                </a>
              )
            }
            isFlush
          >
            <Answer
              of={keys}
              skeleton={
                <div class="panel-body">
                  <Skeleton lines={4} height={20} />
                </div>
              }
            >
              {({ rows }) => (
                <KeyTable rows={rows} empty={<Empty title="The registry assigns no key to this owner now" />} />
              )}
            </Answer>
          </Panel>
        </div>
      }
    />
  );
}
