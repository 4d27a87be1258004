/** What values the events have that were found. */
import type { ProfileDocument } from '../../../../schemas/api/entities.ts';
import type { Query } from '../../api/use-query.ts';
import { FacetList } from '../../components/facet-list.tsx';
import { isJudgement, JudgementMark } from '../../components/judgement.tsx';
import { AnswerPart, Skeleton } from '../../components/states.tsx';

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

export function Facets({ of }: { readonly of: Query<ProfileDocument> }) {
  return (
    <AnswerPart of={of} skeleton={<Skeleton lines={18} height={18} />}>
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
    </AnswerPart>
  );
}

function judged(value: string) {
  return isJudgement(value) ? <JudgementMark of={value} /> : value;
}
