/** What values the events have that were found. */
import type { FacetsDocument } from '../../../../schemas/api/events.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { FacetList } from '../../components/facet-list.tsx';
import { isJudgement, JudgementMark } from '../../components/judgement.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { filterParams } from '../../state/filters.ts';
import { rangeParams } from '../../state/range.ts';

const OPEN = ['judgement', 'key_id', 'app', 'source_ip', 'country', 'status_code'];
const CLOSED = [
  'owner',
  'network',
  'account_id',
  'action',
  'http_method',
  'auth_reason',
  'outcome',
  'user_agent',
  'source',
];

export function Facets() {
  const answer = useQuery<FacetsDocument>(PATHS.facets, { ...rangeParams(), ...filterParams() });
  return (
    <Answer of={answer} skeleton={<Skeleton lines={18} height={18} />}>
      {({ limit, facets }) => (
        <div class="facets">
          {[...OPEN, ...CLOSED].map((name) => (
            <FacetList
              key={name}
              field={name}
              values={(facets[name] ?? []).filter(({ value }) => value !== '' && value !== '0')}
              isOpen={OPEN.includes(name)}
              isCut={facets[name]?.length === limit}
              {...(name === 'judgement' ? { shown: judged } : {})}
            />
          ))}
        </div>
      )}
    </Answer>
  );
}

function judged(value: string) {
  return isJudgement(value) ? <JudgementMark of={value} /> : value;
}
