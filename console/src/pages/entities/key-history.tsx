/** What the registry said of a key, version by version: when it was so, how it was learned, and what was new in it. */
import { Fragment } from 'preact';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { formatSpan, formatTime, msOf } from '../../state/time.ts';
import { changesOf, type KeyVersion } from './registry-keys.ts';

export function KeyHistory({ name, versions }: { readonly name: string; readonly versions: readonly KeyVersion[] }) {
  return (
    <div id="history">
      <Panel
        title="What the registry says"
        more={<span class="muted">latest first; times of validity, not of learning</span>}
      >
        {versions.length === 0 ? (
          <Empty title="The registry has no word of this key">
            <p class="muted">Somebody who knows it can write it down in a file of keys:</p>
            <pre>{`keys:
  - account_id: …
    key_id: ${JSON.stringify(name.slice(0, 100))}
    owner: …`}</pre>
            <p class="muted">
              and have it read by <code>keytrail keys import</code>.
            </p>
          </Empty>
        ) : (
          <ol class="history">
            {versions
              .map((version, at) => ({ version, before: beforeOf(versions, at) }))
              .toReversed()
              .map(({ version, before }) => (
                <Version key={`${version.account} ${version.validFrom}`} of={version} before={before} />
              ))}
          </ol>
        )}
      </Panel>
    </div>
  );
}

function beforeOf(versions: readonly KeyVersion[], at: number): KeyVersion | undefined {
  const before = versions[at - 1];
  const version = versions[at];
  return before?.account === version?.account && before?.number === version?.number ? before : undefined;
}

function Version({ of, before }: { readonly of: KeyVersion; readonly before: KeyVersion | undefined }) {
  const changes = changesOf(of, before);
  return (
    <li>
      <div class="history-when">
        <b>{formatTime(msOf(of.validFrom), 'minute')}</b>
        <span class="muted"> → {of.validTo === null ? 'now' : formatTime(msOf(of.validTo), 'minute')}</span>
        <Certainty of={of} />
      </div>
      {before === undefined ? (
        <Whole of={of} />
      ) : (
        <ul>
          {changes.map(({ field, from, to }) => (
            <li key={field}>
              {field}: <del class="muted foreign">{from || 'not known'}</del> →{' '}
              {field === 'owner' || field === 'app' ? (
                <Handle field={field} value={to} empty="not known" />
              ) : (
                <bdi>{to || 'not known'}</bdi>
              )}
            </li>
          ))}
          {changes.length === 0 && <li class="muted">said again, nothing new</li>}
        </ul>
      )}
      <p class="small muted foreign">
        learned {formatTime(msOf(of.recordedAt), 'minute')} from {of.origin || 'an unknown origin'}
      </p>
    </li>
  );
}

/** A time that is only known to lie within a span is concluded, and looks like it. */
function Certainty({ of: { precisionMs, validFrom, recordedAt } }: { readonly of: KeyVersion }) {
  if (precisionMs > 1) {
    return (
      <span class="known-inferred small" title="The change was seen between two looks">
        {' '}
        at some time within {formatSpan(precisionMs)}
      </span>
    );
  }
  const lateMs = msOf(recordedAt) - msOf(validFrom);
  return lateMs > 86_400_000 ? <span class="small muted"> · stated {formatSpan(lateMs)} later</span> : null;
}

function Whole({ of }: { readonly of: KeyVersion }) {
  const { owner, app, state, account, number, allowListState, allowList, purpose, createdAt } = of;
  const facts = [
    ['account', <Handle field="account_id" value={account} />],
    ['owner', <Handle field="owner" value={owner} empty="not known" />],
    ['app', <Handle field="app" value={app} empty="not assigned" />],
    ['state', state],
    [
      'allow list',
      allowListState === 'defined' ? allowList.join(', ') : allowListState === 'none' ? 'none' : 'not known',
    ],
    ...(purpose === '' ? [] : [['purpose', <bdi>{purpose}</bdi>] as const]),
    ...(createdAt === null ? [] : [['created', formatTime(msOf(createdAt), 'minute')] as const]),
    ...(number > 1 ? [['key', `the ${number}th of this name`] as const] : []),
  ] as const;
  return (
    <dl class="facts history-facts">
      {facts.map(([name, shown]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{shown}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
