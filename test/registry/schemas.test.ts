import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { exampleNetworks, exampleRegistry } from '../../examples/generate.ts';
import { networksFileSchema } from '../../schemas/networks.ts';
import { registryFileSchema } from '../../schemas/registry.ts';

const END = Date.UTC(2026, 10, 22);

function validator(name: string) {
  const file = new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url);
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true, validateFormats: false });
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}

describe('the published schema', () => {
  it('of the registry allows what the program reads', () => {
    const validate = validator('registry');
    expect(validate(exampleRegistry(END)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ keys: [{ account_id: 1, key_id: 2, allow_list: 'unknown' }] })).toBe(true);
  });

  it('of networks allows what the program reads', () => {
    const validate = validator('networks');
    expect(validate(exampleNetworks(END)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    { keys: [{ account_id: 1 }] },
    { keys: [{ account_id: 1, key_id: 'x', ownr: 'y' }] },
    { keys: [{ account_id: 1, key_id: 'x', state: 'gone' }] },
    { app_rules: [{ name: 'r' }] },
    { key: [] },
  ])('refuses what the program refuses: %j', (value) => {
    expect(validator('registry')(value)).toBe(false);
    expect(registryFileSchema.safeParse(value).success).toBe(false);
  });

  it('of networks refuses a network without a name', () => {
    expect(validator('networks')({ networks: [{ cidrs: ['10.0.0.0/8'] }] })).toBe(false);
    expect(networksFileSchema.safeParse({ networks: [{ cidrs: ['10.0.0.0/8'] }] }).success).toBe(false);
  });
});
