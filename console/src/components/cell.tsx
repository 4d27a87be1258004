/**
 * A cell of an answer, whatever its column is: every value that is known is a handle, times and numbers can be read.
 */

import { formatNumber, formatShare } from '../state/number.ts';
import { formatTime, msOf } from '../state/time.ts';
import { FIELD_NAMES } from './entities.ts';
import { Handle } from './handle.tsx';
import { isJudgement, JudgementMark, Severity } from './judgement.tsx';

export interface CellColumn {
  readonly name: string;
  /** ClickHouse's name of the type. */
  readonly type: string;
  readonly unit?: string | null | undefined;
}

/** Columns that hold values of a field under another name. */
const FIELD_OF: Readonly<Record<string, string>> = {
  other_key_id: 'key_id',
  keys: 'key_id',
  owners: 'owner',
  email: 'owner',
  apps: 'app',
  networks: 'network',
  addresses: 'source_ip',
  source_ips: 'source_ip',
  some_source_ips: 'source_ip',
  countries: 'country',
  user_agents: 'user_agent',
  accounts: 'account_id',
  actions: 'action',
  ...{ from_ip: 'source_ip', to_ip: 'source_ip', usual_source_ips: 'source_ip', usual_actions: 'action' },
  ...{ clients: 'user_agent', usual_user_agents: 'user_agent', usual_countries: 'country' },
  home_account_id: 'account_id',
};
const LISTED_MAX = 6;
const TEXT_CHARS = 400;

export function fieldOf(name: string): string | undefined {
  const field = FIELD_OF[name] ?? name;
  return field in FIELD_NAMES ? field : undefined;
}

export function isTimeType(type: string): boolean {
  return /DateTime/.test(type) && !/Array|Tuple|Map/.test(type);
}

export function isNumberType(type: string): boolean {
  return /^(?:Nullable\()?(?:LowCardinality\()?(?:U?Int|Float|Decimal)/.test(type);
}

export function Cell({ column, value, account }: { column: CellColumn; value: unknown; account?: string | undefined }) {
  const { name, type, unit } = column;
  if (value === null || value === undefined || value === '') return <span class="handle-empty">–</span>;
  if (Array.isArray(value)) return <List column={column} values={value} account={account} />;
  if (typeof value === 'object') return <Text of={JSON.stringify(value)} isMono />;
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>;
  const text = String(value);
  if (isTimeType(type)) return <Time of={text} />;
  const field = fieldOf(name);
  if (field === 'judgement' && isJudgement(text)) return <JudgementMark of={text} />;
  if (name === 'severity') return <Severity of={text} />;
  if (unit === 'share' && typeof value === 'number') return <>{formatShare(value, 1)}</>;
  if (typeof value === 'number')
    return <>{field === undefined ? formatNumber(value) : <One field={field} of={text} account={account} />}</>;
  return field === undefined || text.length > TEXT_CHARS ? (
    <Text of={text} />
  ) : (
    <One field={field} of={text} account={account} />
  );
}

function One({
  field,
  of,
  account,
}: {
  readonly field: string;
  readonly of: string;
  readonly account?: string | undefined;
}) {
  return <Handle field={field} value={of} account={field === 'key_id' ? account : undefined} />;
}

function Time({ of }: { readonly of: string }) {
  const ms = msOf(of);
  return (
    <time dateTime={of} title={formatTime(ms, 'ms')}>
      {formatTime(ms)}
    </time>
  );
}

/** Text of records is anybody's, and as long as somebody liked. */
export function Text({ of, isMono = false }: { readonly of: string; readonly isMono?: boolean }) {
  const isLong = of.length > TEXT_CHARS;
  return (
    <bdi class={isMono ? 'mono' : undefined} title={isLong ? `${of.length} characters` : undefined}>
      {isLong ? `${of.slice(0, TEXT_CHARS)}…` : of}
    </bdi>
  );
}

function List({
  column,
  values,
  account,
}: {
  column: CellColumn;
  values: readonly unknown[];
  account?: string | undefined;
}) {
  if (values.length === 0) return <span class="handle-empty">–</span>;
  const item = { ...column, type: /^Array\((.+)\)$/.exec(column.type)?.[1] ?? 'String' };
  const shown = values.slice(0, LISTED_MAX);
  return (
    <span class="cell-list" title={values.slice(0, 100).map(String).join('\n').slice(0, 3_000)}>
      {shown.map((value, at) => (
        <span key={at}>
          <Cell column={item} value={value} account={account} />
          {at < shown.length - 1 && ', '}
        </span>
      ))}
      {values.length > shown.length && (
        <span class="muted"> and {formatNumber(values.length - shown.length)} more</span>
      )}
    </span>
  );
}
