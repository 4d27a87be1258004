/** The networks file: names for ranges of addresses, for `keytrail networks import`. See schemas/registry.ts. */
import { z } from 'zod';
import { registryCidr, registryInstant, registryNote, registryText } from './registry.ts';

export const networkSchema = z
  .strictObject({
    network: registryText('name of the network'),
    kind: registryText('office, vpn, cloud, ci, partner, tor or any other word')
      .transform((text) => text.toLowerCase())
      .optional(),
    owner: registryNote('who answers for it'),
    description: registryNote('what it is, in words'),
    cidrs: z
      .array(registryCidr)
      .min(1)
      .max(10_000)
      .meta({ description: 'its ranges of addresses; of several networks the longest prefix wins' })
      .optional(),
    valid_from: registryInstant('since when it is so; absent: since the import'),
    valid_to: registryInstant('when the network ended'),
    retract: z.boolean().meta({ description: 'takes back what was said of this instant before' }).optional(),
  })
  .meta({ title: 'Network' });

export const networksFileSchema = z
  .strictObject({ networks: z.array(networkSchema) })
  .meta({ title: 'keytrail networks', description: 'Named networks for keytrail networks import.' });

export type NetworkEntry = z.infer<typeof networkSchema>;
export type NetworksFile = z.infer<typeof networksFileSchema>;
