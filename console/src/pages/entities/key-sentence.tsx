/** A key in words: whose, what for, how much from where, and what of that is new or not as it should be. */
import { Handle } from '../../components/handle.tsx';
import { Count, Sentence } from '../../components/sentence.tsx';
import { formatTime, msOf } from '../../state/time.ts';
import type { Entity } from './entity.ts';
import type { Told } from './entity-page.tsx';
import { type KeyVersion, lastChange, versionNow } from './registry-keys.ts';
import { Newly, Requests, Wrong } from './words.tsx';

interface KeySentenceProps {
  readonly entity: Entity;
  readonly versions: readonly KeyVersion[];
  readonly told: Told;
}

export function KeySentence({ entity, versions, told }: KeySentenceProps) {
  const { profile, newcomers } = told;
  const changed = lastChange(versions);
  return (
    <Sentence>
      <Whose entity={entity} version={versionNow(versions)} /> It <Requests entity={entity} profile={profile} />
      <Newly newcomers={newcomers} kinds={['source_ip', 'user_agent', 'country']} />.{' '}
      <Wrong entity={entity} of={profile} />
      {profile.outside_list > 0 && (
        <>
          {' '}
          <strong class="wrong">
            <Count of={profile.outside_list} one="request" href="#places" /> came from outside its allow list
          </strong>
          , as it was then.
        </>
      )}
      {changed !== undefined && (
        <>
          {' '}
          Since <a href="#history">{formatTime(msOf(changed.at), 'day')}</a>{' '}
          {changed.changes.map(({ field, from, to }, place) => (
            <>
              {place > 0 && ' and '}
              its {field} is <bdi>{to || 'not known'}</bdi> and no longer <bdi>{from || 'unknown'}</bdi>
            </>
          ))}
          .
        </>
      )}
    </Sentence>
  );
}

function Whose({ entity, version }: { readonly entity: Entity; readonly version: KeyVersion | undefined }) {
  if (version === undefined) {
    return (
      <>
        <strong class="wrong">The registry does not know this key</strong>: whose it is, nobody wrote down.
      </>
    );
  }
  const because = `registry, valid since ${formatTime(msOf(version.validFrom))}, from ${version.origin}`;
  const isGone = version.state !== 'active' && version.state !== 'unknown';
  return (
    <>
      {isGone ? <strong class="wrong">{version.state} key</strong> : 'Key'} of account{' '}
      <Handle field="account_id" value={version.account} />, owned by{' '}
      <Handle field="owner" value={version.owner} known="resolved" because={because} empty="nobody that is known" />
      {version.app !== '' && (
        <>
          {' '}
          for the app <Handle field="app" value={version.app} known="resolved" because={because} />
        </>
      )}
      {version.purpose !== '' && (
        <>
          {' '}
          (<bdi>{version.purpose}</bdi>)
        </>
      )}
      .{entity.only['only.account_id'] === undefined ? '' : ' Its requests are those of this account.'}
    </>
  );
}
