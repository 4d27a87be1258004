/** The API's own description (examples/redis-cloud/openapi.json), and what it says against an answer. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Received } from './support.ts';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly example?: unknown;
  readonly maximum?: number;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, { schema: Schema }>> }>
  >;
}

export interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const FILE = new URL('../../../examples/redis-cloud/openapi.json', import.meta.url);
export const DESCRIPTION = JSON.parse(readFileSync(FILE, 'utf8')) as Description;
export const PATHS = Object.keys(DESCRIPTION.paths);

const ajv = new Ajv({ strict: true });
// The package is CommonJS: its function is the default of its default.
(addFormats as unknown as (target: Ajv) => void)(ajv);
// OpenAPI's own words, in schemas and around them; they bind nobody.
ajv.addVocabulary(['example', 'openapi', 'info', 'servers', 'paths', 'components']);
ajv.addSchema(DESCRIPTION, 'openapi');

/** @param $ref as the description has it: `#/components/schemas/…` */
export function validatorOf($ref: string): ValidateFunction {
  const validate = ajv.getSchema(`openapi${$ref}`);
  if (validate === undefined) throw new Error(`the description has no schema ${$ref}`);
  return validate;
}

export function resolved(schema: Schema): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  if (name === undefined) return schema;
  const found = DESCRIPTION.components.schemas[name];
  if (found === undefined) throw new Error(`the description has no schema ${name}`);
  return found;
}

/** The path of the description that a request's path is one of. */
export function templateOf(path: string): string {
  return path.replace(/^\/v1\/users\/[^/]+$/, '/v1/users/{userId}');
}

/** What of an answer to a GET the description does not allow; empty when it allows all of it. */
export function complaintsAbout(path: string, { status, headers, text }: Received): string[] {
  const template = templateOf(path);
  const described = DESCRIPTION.paths[template]?.get?.responses[status];
  if (described === undefined) return [`${template} has no status ${status}`];
  const type = headers.get('content-type') ?? '';
  if (described.content === undefined) return complaintsAboutError(status, type, text);
  const schema = described.content[type]?.schema;
  if (schema === undefined) return [`${template} has no content of the type ${type}`];
  const value = parsed(text);
  if (value === undefined) return ['the body is no JSON'];
  const validate = validatorOf(schema.$ref ?? '');
  const errors = validate(value) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
  return [...errors, ...undescribed(value, schema, resolved(schema).example, '')];
}

/** The description says nothing of the bodies of errors: HTML and JSON were both seen. */
function complaintsAboutError(status: number, type: string, text: string): string[] {
  if (type === 'text/html') return text.includes(`<title>${status} `) ? [] : ['the page does not tell its status'];
  const error = parsed(text) as Readonly<Record<string, unknown>> | undefined;
  if (type !== 'application/json' || error?.status !== status) return ['the error does not tell its status'];
  const names = ['timestamp', 'status', 'error', 'path'];
  return Object.keys(error).join() === names.join() ? [] : ['the error has not the form that was seen'];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Properties that neither the schema nor its example names. The schemas are open and require nothing, so that without
 * this `{}` and any other object would do.
 */
export function undescribed(value: unknown, given: Schema, example: unknown, at: string): string[] {
  const schema = resolved(given);
  if (Array.isArray(value)) {
    const first = Array.isArray(example) ? (example[0] as unknown) : undefined;
    return value.flatMap((item, index) => undescribed(item, schema.items ?? {}, first, `${at}/${index}`));
  }
  if (typeof value !== 'object' || value === null) return [];
  const shown = typeof example === 'object' && example !== null ? (example as Readonly<Record<string, unknown>>) : {};
  // A map of texts names none of its properties: the links.
  if (schema.type === 'object' && schema.properties === undefined) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const named = schema.properties?.[name];
    if (named === undefined && !(name in shown)) return [`${at}/${name} is in no schema and no example`];
    return undescribed(inner, named ?? {}, shown[name], `${at}/${name}`);
  });
}

/** What an example shows and a value lacks, or has with another type. */
export function lacking(value: unknown, example: unknown, at = ''): string[] {
  if (typeof value !== typeof example || Array.isArray(value) !== Array.isArray(example)) return [`${at} differs`];
  if (Array.isArray(example)) {
    return example.length === 0 || (value as unknown[]).length === 0
      ? []
      : lacking((value as unknown[])[0], example[0], `${at}/0`);
  }
  if (typeof example !== 'object' || example === null) return [];
  return Object.entries(example).flatMap(([name, inner]) =>
    lacking((value as Readonly<Record<string, unknown>>)[name], inner, `${at}/${name}`),
  );
}
