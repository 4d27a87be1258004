/** Changes of the registry, as the API takes them: tried first, and recorded only on what was tried. */
import { z } from 'zod';
import { networkSchema } from '../networks.ts';
import { appRuleSchema } from '../registry.ts';

const text = z.string().max(1_000);
const instant = z.iso.datetime();
/** Keys that one request may assign. */
const KEYS_NAMED_ENTRIES_MAX = 500;
/** Rules and networks in the console's own forms; whoever has more imports a file. */
const FORM_ENTRIES_MAX = 200;

const how = {
  dry_run: z.boolean().meta({ description: 'Tells what would change, and records nothing.' }),
  valid_from: z
    .string()
    .max(40)
    .meta({ description: 'Since when entries hold that do not say so: ISO 8601; absent: since now.' })
    .optional(),
  based_on: instant
    .meta({ description: '`based_on` of the trial: refused where the registry was changed since.' })
    .optional(),
};

export const registryChangeSchema = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('set-app'),
    keys: z
      .array(z.strictObject({ account_id: text, key_id: text.min(1) }))
      .min(1)
      .max(KEYS_NAMED_ENTRIES_MAX),
    app: z.string().trim().max(1_000).meta({ description: 'Name of the app; empty for none.' }),
    ...how,
  }),
  z.strictObject({
    what: z.literal('app-rules'),
    rules: z
      .array(appRuleSchema)
      .max(FORM_ENTRIES_MAX)
      .meta({ description: 'All of them, first match first; they replace those before.' }),
    ...how,
  }),
  z.strictObject({
    what: z.literal('networks'),
    networks: z.array(networkSchema).min(1).max(FORM_ENTRIES_MAX),
    ...how,
  }),
  z.strictObject({
    what: z.literal('file'),
    of: z.enum(['registry', 'networks']),
    name: z
      .string()
      .max(200)
      .regex(/\.(ya?ml|json|csv|tsv)$/i, 'a name that ends in .yaml, .json, .csv or .tsv'),
    text: z.string().min(1),
    ...how,
  }),
]);

export const registryChangedSchema = z.strictObject({
  changes: z.array(
    z.strictObject({
      kind: z.string(),
      name: z.string(),
      attribute: z.string().meta({ description: 'As a registry file names it.' }),
      before: z.string().nullable().meta({ description: 'null: it was not known.' }),
      after: z.string().nullable(),
      valid_from: instant,
      place: z.string().meta({ description: 'Where in the file it stands; empty where there is none.' }),
    }),
  ),
  warnings: z.array(z.strictObject({ place: z.string(), got: z.string(), expected: z.string() })),
  statements: z.int().nonnegative(),
  recorded_at: instant.nullable().meta({ description: 'null: nothing was recorded.' }),
  based_on: instant.meta({ description: 'The last change that was known when this was planned.' }),
});
export type RegistryChanged = z.infer<typeof registryChangedSchema>;

export const appRulesSchema = z.strictObject({ rules: z.array(appRuleSchema) });
export type AppRulesDocument = z.infer<typeof appRulesSchema>;

const count = z.int().nonnegative();

export const foundKeysSchema = z.strictObject({
  figures: z
    .strictObject({ keys: count, active: count, without_owner: count, without_app: count, without_list: count })
    .meta({ description: 'Of all keys that are known; what is not known is counted of active ones.' }),
  found: count.meta({ description: 'How many keys there are like this, of which the first are given.' }),
  keys: z.array(
    z.strictObject({
      account_id: z.string(),
      key_id: z.string(),
      state: z.string(),
      owner: z.string().meta({ description: 'Empty: not known.' }),
      app: z.string().meta({ description: 'Empty: none is assigned.' }),
      created_at: instant.nullable(),
      allow_list_state: z.enum(['unknown', 'none', 'defined']),
      allow_list: z.array(z.string()),
      valid_from: instant.meta({ description: 'Since when all of this is so.' }),
    }),
  ),
});
export type FoundKeys = z.infer<typeof foundKeysSchema>;
export type KnownKey = FoundKeys['keys'][number];
