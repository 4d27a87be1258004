/** The three rules that decide whether a request is let in, each with its result and the value that decided. */
import { type EventRow, field } from '../api/event.ts';
import { formatTime, msOf } from '../state/time.ts';
import type { KeyVersion } from './use-key-version.ts';

interface Rule {
  readonly name: string;
  readonly result: string;
  readonly decided: string;
}

const SIGNS: Readonly<Record<string, string>> = { pass: '✓', fail: '✕', unknown: '?' };
const LISTED_MAX = 6;

export function Rules({ of, version }: { readonly of: EventRow; readonly version: KeyVersion | undefined }) {
  const rules = rulesOf(of, version);
  if (rules.every(({ result }) => result === '')) {
    return (
      <p class="note muted">No key was shown and no authentication failed, so the rules say nothing of this event.</p>
    );
  }
  return (
    <section aria-label="The three rules">
      <h3>Rules of authentication</h3>
      <ol class="rules">
        {rules.map(({ name, result, decided }) => (
          <li key={name} data-result={result}>
            <span class="rule-sign" aria-hidden="true">
              {SIGNS[result] ?? '–'}
            </span>
            <span>
              {name}: <b>{result || 'not asked'}</b>
              <br />
              <span class="muted small foreign">{decided}</span>
            </span>
          </li>
        ))}
      </ol>
      {version !== undefined && (
        <p class="muted small">
          Judged against the registry as it is known now of that time: {version.origin}, valid since{' '}
          {formatTime(msOf(version.validFrom), 'minute')}
          {version.validTo !== null && ` until ${formatTime(msOf(version.validTo), 'minute')}`}, recorded{' '}
          {formatTime(msOf(version.recordedAt), 'minute')}.
        </p>
      )}
    </section>
  );
}

function rulesOf(of: EventRow, version: KeyVersion | undefined): readonly Rule[] {
  const text = (name: string): string => field(of, name);
  const [account, home] = [text('account_id'), text('key_account_id')];
  return [
    {
      name: 'Both keys are valid and were shown',
      result: text('rule_keys'),
      decided: text('auth_reason').includes('key')
        ? `the API said: ${text('auth_reason')}`
        : text('key_id') === ''
          ? 'no user key was shown'
          : `user key ${text('key_id')} was ${text('key_state') || 'not known'} at the time`,
    },
    {
      name: 'The user key belongs to the account of the account key',
      result: text('rule_account'),
      decided:
        home === ''
          ? 'no account is known to have a key of this name'
          : home === account
            ? `both are of ${account}`
            : `the key is of ${home}, the request of ${account || 'no known account'}`,
    },
    {
      name: 'The address lies in the allow list of the user key',
      result: text('rule_source_ip'),
      decided: listText(text('source_ip'), text('rule_source_ip'), version),
    },
  ];
}

function listText(address: string, result: string, version: KeyVersion | undefined): string {
  if (version === undefined) {
    return `${address || 'no address'}; ${result === 'pass' ? 'no list stands against it' : 'no list is known'}`;
  }
  const { allowList, allowListState } = version;
  if (allowListState !== 'listed' && allowList.length === 0) {
    return allowListState === 'unknown'
      ? 'whether the key has a list is not known'
      : 'the key has no list: any address may use it';
  }
  const more = allowList.length > LISTED_MAX ? ` and ${allowList.length - LISTED_MAX} more` : '';
  return `${address || 'no address'} against ${allowList.slice(0, LISTED_MAX).join(', ')}${more}`;
}
