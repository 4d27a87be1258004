/** All app rules at once, in their order: the first that fits gives the app, so the order says as much as the rules. */
import { useState } from 'preact/hooks';
import type { AppRulesDocument } from '../../../../schemas/api/registry.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/fields.tsx';
import { ChangeDialog } from './change-dialog.tsx';

type Rule = AppRulesDocument['rules'][number];
type Field = 'name' | 'key' | 'user_agent' | 'network' | 'app';
type Typed = Readonly<Record<Field, string>> & { readonly id: number };

const FIELDS: readonly (readonly [Field, string, string])[] = [
  ['name', 'Name', ''],
  ['key', 'Key', 'ci-*'],
  ['user_agent', 'User agent', '*terraform*'],
  ['network', 'Network', 'office'],
  ['app', 'Gives the app', ''],
];

let last = 0;
const typedOf = (rule: Partial<Rule>): Typed => ({
  id: ++last,
  ...{ name: rule.name ?? '', key: rule.key ?? '', user_agent: rule.user_agent ?? '' },
  ...{ network: rule.network ?? '', app: rule.app ?? '' },
});

export function RulesDialog({
  of,
  onClose,
}: {
  readonly of: readonly Rule[];
  readonly onClose: (isDone: boolean) => void;
}) {
  const [rules, setRules] = useState<readonly Typed[]>(() => of.map(typedOf));
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const put = (id: number, field: Field, text: string): void =>
    setRules(rules.map((rule) => (rule.id === id ? { ...rule, [field]: text } : rule)));
  const move = (at: number, to: number): void => {
    const next = [...rules];
    const [rule] = next.splice(at, 1);
    if (rule === undefined) return;
    next.splice(to, 0, rule);
    setRules(next);
  };
  const wish = () => {
    const found = faultsOf(rules);
    setFaults(found);
    if (Object.keys(found).length > 0) return undefined;
    return { what: 'app-rules', rules: rules.map(ruleOf) };
  };
  return (
    <ChangeDialog title="Change the app rules" wish={wish} onClose={onClose}>
      <p class="small muted">
        * stands for any characters, ? for one. A rule asks for a key, a user agent, a network, or several of them.
      </p>
      {rules.length === 0 && <p>There are no rules.</p>}
      {rules.map((rule, at) => (
        <fieldset class="rule-edit" key={rule.id} aria-label={`Rule ${at + 1}`}>
          <span class="muted">{at + 1}</span>
          {FIELDS.map(([field, label, placeholder]) => (
            <TextField
              key={field}
              label={label}
              value={rule[field]}
              isFirst={at === 0 && field === 'name'}
              placeholder={placeholder}
              fault={faults[`${rule.id} ${field}`]}
              onInput={(text) => put(rule.id, field, text)}
            />
          ))}
          <span class="row" style={{ gap: '2px', flexWrap: 'nowrap' }}>
            <Button
              kind="plain"
              label={`Rule ${at + 1} earlier`}
              isDisabled={at === 0}
              onClick={() => move(at, at - 1)}
            >
              ↑
            </Button>
            <Button
              kind="plain"
              label={`Rule ${at + 1} later`}
              isDisabled={at === rules.length - 1}
              onClick={() => move(at, at + 1)}
            >
              ↓
            </Button>
            <Button
              kind="plain"
              label={`Drop rule ${at + 1}`}
              onClick={() => setRules(rules.filter((one) => one !== rule))}
            >
              ✕
            </Button>
          </span>
        </fieldset>
      ))}
      <div>
        <Button onClick={() => setRules([...rules, typedOf({})])}>Add a rule</Button>
      </div>
    </ChangeDialog>
  );
}

function ruleOf({ name, app, key, user_agent: agent, network }: Typed): Rule {
  const some = { key: key.trim(), user_agent: agent.trim(), network: network.trim() };
  const given = Object.fromEntries(Object.entries(some).filter(([, text]) => text !== ''));
  return { name: name.trim(), app: app.trim(), ...given };
}

function faultsOf(rules: readonly Typed[]): Readonly<Record<string, string>> {
  const faults: Record<string, string> = {};
  for (const rule of rules) {
    const isTwice = rules.some((other) => other !== rule && other.name.trim() === rule.name.trim());
    if (rule.name.trim() === '') faults[`${rule.id} name`] = 'A name.';
    else if (isTwice) faults[`${rule.id} name`] = 'A name of its own.';
    if (rule.app.trim() === '') faults[`${rule.id} app`] = 'An app.';
    if ([rule.key, rule.user_agent, rule.network].every((text) => text.trim() === '')) {
      faults[`${rule.id} key`] = 'One of these three.';
    }
  }
  return faults;
}
