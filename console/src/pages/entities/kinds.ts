/** What can be looked at by itself: each kind with the field of events that names it. */
import type { VALUE_FIELDS } from '../../../../schemas/api/entities.ts';

export type KindName = 'key' | 'app' | 'owner' | 'address' | 'network' | 'user-agent';

export interface Kind {
  readonly name: KindName;
  /** Of an event. */
  readonly field: 'key_id' | (typeof VALUE_FIELDS)[number];
  readonly noun: string;
  readonly many: string;
  /** Where its list lies. */
  readonly path: string;
  /** The store finds its events without reading all. */
  readonly isIndexed: boolean;
}

const kind = (name: KindName, field: Kind['field'], [noun, many]: readonly [string, string], path: string): Kind => ({
  ...{ name, field, noun, many, path },
  isIndexed: field === 'key_id' || field === 'source_ip',
});

export const KINDS: Readonly<Record<KindName, Kind>> = {
  key: kind('key', 'key_id', ['key', 'keys'], '/keys'),
  app: kind('app', 'app', ['app', 'apps'], '/apps'),
  owner: kind('owner', 'owner', ['owner', 'owners'], '/owners'),
  address: kind('address', 'source_ip', ['address', 'addresses'], '/addresses'),
  network: kind('network', 'network', ['network', 'networks'], '/networks'),
  'user-agent': kind('user-agent', 'user_agent', ['user agent', 'user agents'], '/user-agents'),
};
