/** What keys are for: assigned, or given by a rule; the rules can be changed. */
import type { AppRulesDocument } from '../../../../schemas/api/registry.ts';
import { isHeldToAccounts } from '../../api/may.ts';
import { PATHS } from '../../api/paths.ts';
import type { Rows } from '../../api/rows.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Handle } from '../../components/handle.tsx';
import { Panel } from '../../components/panel.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { change, value } from '../../state/location.ts';
import { RulesDialog } from './rules-dialog.tsx';

interface KnownApp {
  readonly app: string;
  readonly keys: number;
  readonly owners: readonly string[];
  readonly rules: readonly string[];
}

const OWNERS_SHOWN = 4;

export function Apps() {
  const apps = useQuery<Rows<KnownApp>>(PATHS.known_apps);
  return (
    <div class="stack">
      <Panel
        title="Apps"
        more={<span class="muted">that an active key is assigned to, or that a rule gives</span>}
        isFlush
      >
        <Answer of={apps} skeleton={<Skeleton lines={6} height={20} />}>
          {({ rows }) => (
            <Table<KnownApp>
              label="Apps"
              rows={rows}
              keyOf={({ app }) => app}
              empty={<Empty title="No key is assigned to an app, and no rule gives one" />}
              columns={[
                { name: 'app', title: 'app', cell: ({ app }) => <Handle field="app" value={app} /> },
                { name: 'keys', title: 'assigned keys', isNumber: true, hasBar: true },
                {
                  name: 'owners',
                  title: 'owners of them',
                  isWrapped: true,
                  sortBy: false,
                  cell: ({ owners }) =>
                    owners.length === 0 ? (
                      <span class="handle-empty">–</span>
                    ) : (
                      owners.slice(0, OWNERS_SHOWN).map((owner, at) => (
                        <span key={owner}>
                          {at > 0 && ', '}
                          <Handle field="owner" value={owner} />
                          {at === OWNERS_SHOWN - 1 && owners.length > OWNERS_SHOWN && ' …'}
                        </span>
                      ))
                    ),
                },
                {
                  name: 'rules',
                  title: 'given by rules',
                  isWrapped: true,
                  sortBy: false,
                  cell: ({ rules }) => (rules.length === 0 ? <span class="handle-empty">–</span> : rules.join(', ')),
                },
              ]}
            />
          )}
        </Answer>
      </Panel>
      {!isHeldToAccounts() && <Rules onChanged={apps.retry} />}
    </div>
  );
}

function Rules({ onChanged }: { readonly onChanged: () => void }) {
  const rules = useQuery<AppRulesDocument>(PATHS.app_rules);
  return (
    <Panel
      title="Rules"
      more={
        <>
          <span class="muted">for keys that are assigned to no app; the first that fits gives it</span>
          <span class="push">
            <Button isDisabled={rules.data === undefined} onClick={() => change({ do: 'rules' })}>
              Change the rules …
            </Button>
          </span>
        </>
      }
      isFlush
    >
      <Answer of={rules} skeleton={<Skeleton lines={3} height={20} />}>
        {(data) => (
          <>
            <Table
              label="Rules"
              rows={data.rules.map((rule, at) => ({ ...rule, at: at + 1 }))}
              keyOf={({ name }) => name}
              empty={<Empty title="There are no rules: only assigned keys have an app" />}
              columns={[
                { name: 'at', title: '#', isNumber: true },
                { name: 'name', title: 'rule' },
                { name: 'key', title: 'key', cell: ({ key }) => <Pattern of={key} /> },
                { name: 'user_agent', title: 'user agent', cell: ({ user_agent: agent }) => <Pattern of={agent} /> },
                {
                  name: 'network',
                  title: 'network',
                  cell: ({ network }) => <Handle field="network" value={network} empty="any" />,
                },
                { name: 'app', title: 'gives the app', cell: ({ app }) => <Handle field="app" value={app} /> },
              ]}
            />
            {value('do') === 'rules' && (
              <RulesDialog
                of={data.rules}
                onClose={(isDone) => {
                  change({ do: undefined });
                  if (!isDone) return;
                  rules.retry();
                  onChanged();
                }}
              />
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Pattern({ of }: { readonly of: string | undefined }) {
  return of === undefined ? <span class="handle-empty">any</span> : <bdi class="mono">{of}</bdi>;
}
