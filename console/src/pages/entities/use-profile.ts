/** The figures of an entity in the range: what its page begins with. */
import type { ProfileDocument } from '../../../../schemas/api/entities.ts';
import { PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { rangeParams } from '../../state/range.ts';
import { zoneName } from '../../state/time.ts';
import type { Entity } from './entity.ts';

export function useProfile({ only }: Entity): Query<ProfileDocument> {
  return useQuery<ProfileDocument>(PATHS.profile, { ...rangeParams(), ...only, zone: zoneName.value });
}
