/** Names of columns as headings, and commands as a shell takes them. Pure. */

const CAPITALS: Readonly<Record<string, string>> = {
  ...{ id: 'id', ip: 'address', ips: 'addresses', asn: 'ASN', as: 'AS', auth: 'sign-in' },
};
const WHOLE: Readonly<Record<string, string>> = {
  ...{
    asns: 'AS numbers',
    key_id: 'Key',
    account_id: 'Account',
    source_ip: 'Address',
    source_ips: 'Addresses',
    source_host: 'Host',
  },
  ...{
    created_at: 'Created',
    created_by: 'By',
    auth_failures: 'Refused',
    as_name: 'Provider',
    event_time: 'Time',
    used_source_ips: 'From',
    event_id: 'Event',
  },
  ...{ allow_list_state: 'List', network_kind: 'Kind', last_source_ip: 'Last address', owner_name: 'Name' },
  ...{ allowed_but_should_be_denied: 'Against the rules', stream_partition: 'Partition', user_agent: 'Client' },
  ...{ denied_but_should_be_allowed: 'Refused against the rules', request_id: 'Request', resource_id: 'Resource' },
};

/** `first_seen` → `First seen` */
export function labelOf(name: string): string {
  const whole = WHOLE[name];
  if (whole !== undefined) return whole;
  const words = name.split('_').map((word) => CAPITALS[word] ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One argument of a POSIX shell. */
export function shellQuoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
