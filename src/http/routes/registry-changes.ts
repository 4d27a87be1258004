/** Changes of the registry: tried, told, and recorded as the command line records them. */
import { z } from 'zod';
import { rowsSchema } from '../../../schemas/api/questions.ts';
import {
  appRulesSchema,
  type RegistryChanged,
  registryChangedSchema,
  registryChangeSchema,
} from '../../../schemas/api/registry.ts';
import { UserError } from '../../core/errors.ts';
import { API_FILE_BODY_BYTES_MAX, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '../../core/limits.ts';
import { toldChange } from '../../core/registry/told-change.ts';
import { noCheckpoint } from '../../pipeline/pause-points.ts';
import { type ImportOptions, type ImportResult, importNetworks, importRegistry } from '../../registry/import.ts';
import { readAppRules } from '../../registry/known.ts';
import { parseNetworksFile, parseRegistryFile } from '../../registry/read-file.ts';
import { assignApp } from '../../registry/set-app.ts';
import { Problem } from '../problem.ts';
import { jsonRoute, type Route } from '../route.ts';
import { statementRows } from './rows.ts';
import { timeOf } from './time.ts';

type Wish = z.output<typeof registryChangeSchema>;

export const REGISTRY_CHANGE_ROUTES: readonly Route[] = [
  jsonRoute({
    path: '/api/v1/registry/changes',
    operation: 'listRegistryChanges',
    summary: 'Every change of the registry that counts, the latest first.',
    tag: 'registry',
    ability: 'read',
    isCommon: true,
    query: z.strictObject({
      limit: z.coerce.number<string>().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT),
    }),
    answer: rowsSchema,
    handle: ({ query: { limit }, services, signal }) =>
      statementRows(services.store, 'registry-changes-list', { limit }, signal),
  }),
  jsonRoute({
    path: '/api/v1/registry/app-rules',
    operation: 'listAppRules',
    summary: 'The rules that give an app to keys which the registry assigns to none, first match first.',
    tag: 'registry',
    ability: 'read',
    isCommon: true,
    answer: appRulesSchema,
    handle: async ({ services }) => ({ rules: await readAppRules(services.store) }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/registry/changes',
    operation: 'changeRegistry',
    summary: 'Tells what a change of the registry would change, or records it.',
    tag: 'registry',
    ability: 'operate',
    deed: 'change-registry',
    isCommon: true,
    body: registryChangeSchema,
    bodyBytesMax: API_FILE_BODY_BYTES_MAX,
    answer: registryChangedSchema,
    handle: async ({ body, services, caller }) => {
      const now = services.now();
      const options: ImportOptions = {
        ...{ store: services.store, now: services.now, dryRun: body.dry_run, checkpoint: noCheckpoint },
        ...{ origin: `console, ${caller.name}` },
        ...(body.valid_from === undefined ? {} : { fromMs: timeOf('valid_from', body.valid_from, now, now) }),
        ...(body.based_on === undefined ? {} : { basedOn: Date.parse(body.based_on) }),
      };
      try {
        return answerOf(await changed(body, options));
      } catch (error) {
        throw refusalOf(error);
      }
    },
  }),
];

async function changed(body: Wish, options: ImportOptions): Promise<ImportResult> {
  if (body.what === 'set-app') {
    const keys = body.keys.map(({ account_id, key_id }) => ({ name: key_id, account: account_id }));
    return assignApp(keys, body.app, options.origin ?? '', options);
  }
  if (body.what === 'app-rules') {
    return importRegistry({ app_rules: body.rules }, ([, at]) => `rule ${Number(at) + 1}`, options);
  }
  if (body.what === 'networks') {
    return importNetworks({ networks: body.networks }, ([, at]) => `network ${Number(at) + 1}`, options);
  }
  const { name, text } = body;
  if (body.of === 'networks') {
    const { value, placeOf } = parseNetworksFile(text, name);
    return importNetworks(value, placeOf, options);
  }
  const { value, placeOf } = parseRegistryFile(text, name);
  return importRegistry(value, placeOf, options);
}

function answerOf({ changes, warnings, statements, recordedAt, basedOn }: ImportResult): RegistryChanged {
  return {
    changes: changes.map((change) => {
      const { validFrom, before, after, ...told } = toldChange(change);
      return { ...told, before: before ?? null, after: after ?? null, valid_from: validFrom };
    }),
    warnings: warnings.map(({ place, got, expected }) => ({ place, got, expected })),
    statements,
    recorded_at: recordedAt === undefined ? null : new Date(recordedAt).toISOString(),
    based_on: new Date(basedOn).toISOString(),
  };
}

const STATUS: Readonly<Record<string, number>> = {
  REGISTRY_CHANGED: 409,
  STORE_LOCKED: 409,
  REGISTRY_BUSY: 503,
  KEY_UNKNOWN: 404,
};

/** What an import refuses is a fault of what was sent, and of nothing here. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  return new Problem(STATUS[error.code] ?? 422, error.code, error.message, error.explanation);
}
