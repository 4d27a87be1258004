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
