/** Values of several fields with their counts, beside each other: what was done, or what an entity goes with. */
import type { ProfileDocument } from '../../../../schemas/api/entities.ts';
import type { Query } from '../../api/use-query.ts';
import { fieldName } from '../../components/entities.ts';
import { Panel } from '../../components/panel.tsx';
import { AnswerPart, Empty, Skeleton } from '../../components/states.tsx';
import { type Entity, eventsOf } from './entity.ts';
import { ValueBars } from './value-bars.tsx';

export const DEEDS = ['action', 'http_method', 'status_code', 'auth_reason'];
export const COMPANIONS = ['key_id', 'owner', 'app', 'account_id', 'source_ip', 'network', 'country', 'user_agent'];

export interface ValuePanelProps {
  readonly title: string;
  readonly fields: readonly string[];
  /** Said where none of them has a value. */
  readonly empty: string;
  readonly entity: Entity;
  readonly of: Query<ProfileDocument>;
}

export function ValuePanel({ title, fields, empty, entity, of }: ValuePanelProps) {
  return (
    <Panel title={title}>
      <AnswerPart of={of} skeleton={<Skeleton lines={8} height={18} />}>
        {({ facets }) => {
          const shown = fields
            .filter((field) => field !== entity.kind.field)
            .map((field) => ({ field, values: (facets[field] ?? []).filter(isNamed) }))
            .filter(({ values }) => values.length > 0);
          if (shown.length === 0) return <Empty title={empty} />;
          return (
            <div class="value-columns">
              {shown.map(({ field, values }) => (
                <ValueBars
                  key={field}
                  title={fieldName(field)}
                  field={field}
                  values={values}
                  countHref={(value) => eventsOf(entity, { [`only.${field}`]: value })}
                />
              ))}
            </div>
          );
        }}
      </AnswerPart>
    </Panel>
  );
}

/** `0` is a status that was not recorded. */
function isNamed({ value }: { readonly value: string }): boolean {
  return value !== '' && value !== '0';
}
