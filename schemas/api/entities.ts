/** Keys, apps, addresses and the like, as the API gives them to whoever lists them or looks at one. */
import { z } from 'zod';
import { facetsSchema } from './events.ts';
import { histogramSchema, judged } from './overview.ts';

const count = z.int().nonnegative();
const instant = z.iso.datetime();

export const profileSchema = z.strictObject({
  from: instant,
  to: instant,
  events: count,
  ...judged,
  outside_list: count.meta({ description: 'From an address that the allow list of the key did not hold then.' }),
  failures: count,
  keys: count,
  owners: count,
  apps: count,
  source_ips: count,
  networks: count.meta({ description: 'Autonomous systems.' }),
  countries: count,
  user_agents: count,
  first_seen: instant.nullable(),
  last_seen: instant.nullable(),
  zone: z.string(),
  hours: z.array(count).length(168).meta({ description: 'Events by hour of the week, from Monday 0:00 of the zone.' }),
  histogram: histogramSchema,
  ...facetsSchema.shape,
});
export type ProfileDocument = z.infer<typeof profileSchema>;

export const reachSchema = z.strictObject({
  first_seen: instant.nullable(),
  last_seen: instant.nullable(),
  last_success: instant.nullable().meta({ description: 'The last that was let in.' }),
});
export type ReachDocument = z.infer<typeof reachSchema>;

const where = {
  network: z.string().meta({ description: 'Of the registry, at the last event.' }),
  asn: count,
  as_name: z.string(),
  country: z.string(),
};

export const addressesSchema = z.strictObject({
  from: instant,
  to: instant,
  rows: z.array(
    z.strictObject({
      source_ip: z.string(),
      ...where,
      events: count,
      ...judged,
      outside_list: count,
      keys: count,
      first_seen: instant,
      last_seen: instant,
    }),
  ),
});
export type AddressesDocument = z.infer<typeof addressesSchema>;

export const VALUE_FIELDS = ['app', 'owner', 'source_ip', 'network', 'user_agent'] as const;
export const VALUE_SORTS = ['events', 'last', 'first', 'value'] as const;

export const valuesSchema = z.strictObject({
  field: z.enum(VALUE_FIELDS),
  total: count.meta({ description: 'How many values there are in all.' }),
  rows: z.array(
    z.strictObject({
      value: z.string(),
      ...where,
      keys: count,
      owners: count,
      apps: count,
      source_ips: count,
      events: count,
      ...judged,
      first_seen: instant,
      last_seen: instant,
    }),
  ),
});
export type ValuesDocument = z.infer<typeof valuesSchema>;

export const KEY_USES = ['any', 'used', 'unused', 'unregistered'] as const;
export const KEY_SORTS = ['events', 'last', 'name', 'addresses'] as const;

export const keyUsageSchema = z.strictObject({
  total: count.meta({ description: 'How many keys fit in all.' }),
  used: count.meta({ description: 'Those of them that were used in the range.' }),
  unregistered: count.meta({ description: 'Those that the registry does not know.' }),
  unrestricted: count.meta({ description: 'Those that are active and have no allow list.' }),
  rows: z.array(
    z.strictObject({
      account_id: z.string(),
      key_id: z.string(),
      state: z.string().meta({ description: 'As the registry knows it now; empty for a key that it does not know.' }),
      owner: z.string(),
      app: z.string(),
      allow_list_state: z.string(),
      allow_list_entries: count,
      events: count,
      ...judged,
      source_ips: count,
      last_seen: instant.nullable().meta({ description: 'In the range.' }),
    }),
  ),
});
export type KeyUsageDocument = z.infer<typeof keyUsageSchema>;
