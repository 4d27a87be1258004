// Writes docs/schemas/*.schema.json from the zod schemas: `npm run build && node scripts/publish-schemas.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { publishedSchemas } from '../dist/schemas/sources/published.js';

const folder = new URL('../docs/schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, text] of publishedSchemas()) writeFileSync(new URL(name, folder), text);
