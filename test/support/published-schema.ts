/** The JSON Schemas of docs/schemas, as somebody who only has those would use them. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** @param name of a file of docs/schemas, without its ending */
export function validatorOf(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true, strictRequired: false });
  // The package is CommonJS: its function is the default of its default.
  (addFormats as unknown as (target: Ajv2020) => void)(ajv);
  const file = new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url);
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}

export function errorsOf(validate: ValidateFunction, value: unknown): unknown {
  return validate(value) ? [] : validate.errors;
}
