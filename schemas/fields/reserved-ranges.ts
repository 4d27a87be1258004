/**
 * Addresses that belong to nobody in particular and are never looked up: their name says more than a database could.
 *
 * Source: the IANA special-purpose address registries (RFC 6890, RFC 8190), as far as they are not globally reachable;
 * multicast and reserved space from the IANA address space registries. Where ranges overlap, the narrower one names the
 * address. An IPv4-mapped address (`::ffff:0:0/96`) is its IPv4 address, and stands in no range of IPv6.
 */
export interface ReservedRange {
  readonly cidr: string;
  readonly name: string;
}

export const RESERVED_RANGES: readonly ReservedRange[] = [
  { cidr: '0.0.0.0/8', name: 'this-network' },
  { cidr: '0.0.0.0/32', name: 'unspecified' },
  { cidr: '10.0.0.0/8', name: 'private' },
  { cidr: '100.64.0.0/10', name: 'shared' },
  { cidr: '127.0.0.0/8', name: 'loopback' },
  { cidr: '169.254.0.0/16', name: 'link-local' },
  { cidr: '172.16.0.0/12', name: 'private' },
  { cidr: '192.0.0.0/24', name: 'protocol-assignments' },
  { cidr: '192.0.2.0/24', name: 'documentation' },
  { cidr: '192.168.0.0/16', name: 'private' },
  { cidr: '198.18.0.0/15', name: 'benchmarking' },
  { cidr: '198.51.100.0/24', name: 'documentation' },
  { cidr: '203.0.113.0/24', name: 'documentation' },
  { cidr: '224.0.0.0/4', name: 'multicast' },
  { cidr: '240.0.0.0/4', name: 'reserved' },
  { cidr: '255.255.255.255/32', name: 'broadcast' },
  { cidr: '::/128', name: 'unspecified' },
  { cidr: '::1/128', name: 'loopback' },
  { cidr: '64:ff9b:1::/48', name: 'translation' },
  { cidr: '100::/64', name: 'discard-only' },
  { cidr: '100:0:0:1::/64', name: 'dummy' },
  { cidr: '2001:2::/48', name: 'benchmarking' },
  { cidr: '2001:db8::/32', name: 'documentation' },
  { cidr: '3fff::/20', name: 'documentation' },
  { cidr: '5f00::/16', name: 'segment-routing' },
  { cidr: 'fc00::/7', name: 'unique-local' },
  { cidr: 'fe80::/10', name: 'link-local' },
  { cidr: 'fec0::/10', name: 'site-local' },
  { cidr: 'ff00::/8', name: 'multicast' },
];
