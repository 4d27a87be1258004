/** A change of the registry in the words and forms of a registry file. */
import { type Change, shown } from './plan.ts';

export interface ToldChange {
  readonly kind: Change['kind'];
  /** Account and name, or name alone. */
  readonly name: string;
  readonly attribute: string;
  /** `undefined`: not known. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** ISO 8601, UTC. */
  readonly validFrom: string;
  readonly place: string;
}

const INSTANTS: ReadonlySet<string> = new Set(['createdAt', 'apiEnabledSince']);

export function toldChange({ kind, id, validFrom, attribute, before, after, place }: Change): ToldChange {
  return {
    ...{ kind, name: id.join('/'), place, validFrom: new Date(validFrom).toISOString() },
    attribute: attribute.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    before: valueText(attribute, before),
    after: valueText(attribute, after),
  };
}

function valueText(attribute: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'number' && INSTANTS.has(attribute) ? new Date(value).toISOString() : shown(value);
}
