/** Account key → user key → owner → app → address → network → verdict: each a handle, with where it is known from. */
import type { ComponentChildren } from 'preact';
import { judgementOf } from '../../../schemas/judgement.ts';
import { type EventRow, field } from '../api/event.ts';
import { Handle } from '../components/handle.tsx';
import { JudgementMark } from '../components/judgement.tsx';
import { formatTime, msOf } from '../state/time.ts';
import type { KeyVersion } from './use-key-version.ts';

interface Step {
  readonly name: string;
  readonly shown: ComponentChildren;
  readonly from: string;
}

export function Chain({ of, version }: { readonly of: EventRow; readonly version: KeyVersion | undefined }) {
  return (
    <ol class="chain" aria-label="Who, from where, and whether it was allowed">
      {stepsOf(of, version).map(({ name, shown, from }) => (
        <li key={name}>
          <span class="muted">{name}</span>
          <span class="chain-value">{shown}</span>
          <span class="muted small">{from}</span>
        </li>
      ))}
    </ol>
  );
}

function stepsOf(of: EventRow, version: KeyVersion | undefined): readonly Step[] {
  const text = (name: string): string => field(of, name);
  const registry = registryText(version);
  const reason = text('auth_reason');
  return [
    {
      name: 'account key',
      shown: (
        <>
          <Handle field="account_id" value={text('account_id')} empty="account unknown" />
          {text('account_name') !== '' && <bdi class="muted"> {text('account_name')}</bdi>}
        </>
      ),
      from: reason.includes('account-key') ? `recorded: ${reason}` : 'recorded account',
    },
    {
      name: 'user key',
      shown: (
        <Handle
          field="key_id"
          value={text('key_id')}
          account={text('key_account_id') || text('account_id')}
          empty="none shown"
        />
      ),
      from:
        text('key_id') === ''
          ? ''
          : text('key_state') === ''
            ? 'recorded; not in the registry'
            : `recorded; ${text('key_state')} at the time`,
    },
    {
      name: 'owner',
      shown: (
        <>
          <Handle field="owner" value={text('owner')} known="resolved" because={registry} empty="not known" />
          {text('owner_name') !== '' && <bdi class="muted"> {text('owner_name')}</bdi>}
        </>
      ),
      from: text('owner') === '' ? '' : registry,
    },
    { name: 'app', ...appOf(of, registry) },
    {
      name: 'address',
      shown: <Handle field="source_ip" value={text('source_ip')} empty={text('source_host') || 'not recorded'} />,
      from: text('source_ip') === '' ? '' : 'recorded',
    },
    { name: 'network', ...networkOf(of) },
    { name: 'verdict', ...verdictOf(of) },
  ];
}

function registryText(version: KeyVersion | undefined): string {
  if (version === undefined) return 'registry, as of the event';
  return `registry, ${version.origin}; so since ${formatTime(msOf(version.validFrom), 'minute')}`;
}

/** An app is assigned to its key, or concluded from a rule over key, user agent and network. */
function appOf(of: EventRow, registry: string): Omit<Step, 'name'> {
  const rule = field(of, 'app_rule');
  const isAssigned = rule === 'assigned';
  const because = isAssigned ? registry : `concluded by the rule ${rule}`;
  return {
    shown: (
      <Handle
        field="app"
        value={field(of, 'app')}
        known={isAssigned ? 'resolved' : 'inferred'}
        because={because}
        empty="not known"
      />
    ),
    from: field(of, 'app') === '' ? '' : because,
  };
}

function networkOf(of: EventRow): Omit<Step, 'name'> {
  const [network, asn, country] = [field(of, 'network'), field(of, 'asn'), field(of, 'country')];
  const provider = asn !== '' && asn !== '0';
  return {
    shown: (
      <>
        <Handle
          field="network"
          value={network}
          known="resolved"
          because="a network of the registry"
          empty={provider ? '' : 'not known'}
        />
        {provider && (
          <>
            {network !== '' && ' · '}
            <Handle field="asn" value={asn} known="resolved" because={`data of ${field(of, 'network_edition')}`}>
              AS{asn} {field(of, 'as_name')}
            </Handle>
          </>
        )}
        {country !== '' && (
          <>
            {' · '}
            <Handle
              field="country"
              value={country}
              known="resolved"
              because={`data of ${field(of, 'network_edition')}`}
            />
          </>
        )}
      </>
    ),
    from:
      network === '' && !provider
        ? ''
        : [network !== '' && 'registry', provider && `network data ${field(of, 'network_edition')}`]
            .filter(Boolean)
            .join('; '),
  };
}

function verdictOf(of: EventRow): Omit<Step, 'name'> {
  const missing = listOf(of.verdict_missing);
  const assumed = listOf(of.verdict_assumed);
  const said = [field(of, 'auth_result'), field(of, 'auth_reason')].filter((word) => word !== '');
  const notes = [
    `recorded: ${said.join(', ')}`,
    field(of, 'expected') !== '' && `by the rules: ${field(of, 'expected')}`,
    missing.length > 0 && `not known: ${missing.join(', ')}`,
    assumed.length > 0 && `taken for granted: ${assumed.join(', ')}`,
  ];
  return {
    shown: (
      <b>
        <JudgementMark of={judgementOf(field(of, 'verdict'), field(of, 'auth_result'))} />
      </b>
    ),
    from: notes.filter(Boolean).join('; '),
  };
}

export function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
