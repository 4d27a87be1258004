/** One thing over time: every version of it, from when to when, when that was learned and from what. */
import { at, PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Drawer } from '../../components/drawer.tsx';
import { fieldName } from '../../components/entities.ts';
import { Handle } from '../../components/handle.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { formatTime, msOf } from '../../state/time.ts';

type Version = Readonly<Record<string, unknown>>;

interface Opened {
  readonly title: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly field: string;
  readonly value: string;
}

/** Told beside the others, or of no use to a reader. */
const ELSEWHERE = new Set([
  ...['account_id', 'key_id', 'network', 'email', 'key_number', 'valid_from', 'valid_to'],
  ...['recorded_at', 'origin', 'precision_ms', 'fingerprint'],
]);

export function HistoryDrawer({ of, onClose }: { readonly of: string; readonly onClose: () => void }) {
  const opened = openedOf(of);
  const answer = useQuery<Rows<Version>>(opened?.path, opened?.params ?? {}, { isFresh: true });
  const nothing = (
    <Empty title="The registry knows nothing of it">
      <p class="muted">It may have been named otherwise, or stand in a registry that was not imported here.</p>
    </Empty>
  );
  return (
    <Drawer title={opened?.title ?? 'History'} onClose={onClose}>
      {opened === undefined ? (
        nothing
      ) : (
        <Answer of={answer} skeleton={<Skeleton lines={12} height={20} />}>
          {({ rows }) => (
            <div class="drawer-body">
              <p>
                <Handle field={opened.field} value={opened.value} account={opened.params.account} />
              </p>
              {rows.length === 0 ? nothing : <Versions of={rows.toReversed()} />}
            </div>
          )}
        </Answer>
      )}
    </Drawer>
  );
}

function openedOf(text: string): Opened | undefined {
  const [, kind, name = ''] = /^(key|network|account|user):([\s\S]+)$/.exec(text) ?? [];
  if (kind === 'key') {
    const [account = '', ...rest] = name.split('/');
    const key = rest.join('/');
    return {
      title: 'History of a key',
      path: at(PATHS.key_history, { key }),
      params: { account },
      field: 'key_id',
      value: key,
    };
  }
  const known = {
    network: { path: PATHS.network_history, place: 'network', field: 'network' },
    account: { path: PATHS.account_history, place: 'account', field: 'account_id' },
    user: { path: PATHS.user_history, place: 'email', field: 'owner' },
  }[kind ?? ''];
  if (known === undefined) return undefined;
  const { path, place, field } = known;
  return {
    title: `History of ${kind === 'user' || kind === 'network' ? 'a' : 'an'} ${kind}`,
    path: at(path, { [place]: name }),
    params: {},
    field,
    value: name,
  };
}

/** The latest first; of each only what is another than in the version before it. */
function Versions({ of }: { readonly of: readonly Version[] }) {
  return (
    <ol class="versions">
      {of.map((version, place) => {
        const before = of[place + 1];
        const isSame = before !== undefined && before.account_id === version.account_id;
        const names = Object.keys(version).filter(
          (name) => !ELSEWHERE.has(name) && (!isSame || shown(before[name]) !== shown(version[name])),
        );
        return (
          <li key={`${shown(version.account_id)} ${shown(version.valid_from)}`}>
            <b>{time(version.valid_from)}</b>
            <span class="muted"> → {version.valid_to === null ? 'now' : time(version.valid_to)}</span>
            <dl class="facts">
              {names.length === 0 && <dt>said again, and not changed</dt>}
              {names.map((name) => [
                <dt key={name}>{fieldName(name)}</dt>,
                <dd key={`${name} value`}>
                  {isSame && (
                    <>
                      <del class="muted">{shown(before[name])}</del> →{' '}
                    </>
                  )}
                  <bdi>{shown(version[name])}</bdi>
                </dd>,
              ])}
            </dl>
            <span class="small muted">
              learned {time(version.recorded_at)} from <bdi>{shown(version.origin)}</bdi>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function time(text: unknown): string {
  return formatTime(msOf(String(text ?? '')));
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'not known';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.slice(0, 200).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? time(text) : text;
}
