/** What the keys do, here and now. */
import { Dialog } from '../components/dialog.tsx';
import { type Binding, bindings } from '../state/keyboard.ts';

export function Help({ onClose }: { readonly onClose: () => void }) {
  const groups = new Map<string, Binding[]>();
  for (const one of bindings.value) {
    const known = groups.get(one.group) ?? [];
    if (!known.some(({ keys }) => keys === one.keys)) groups.set(one.group, [...known, one]);
  }
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      {[...groups].reverse().map(([group, list]) => (
        <section key={group} class="stack" style={{ gap: '4px' }}>
          <h3>{group}</h3>
          <dl class="facts">
            {list.map(({ keys, does }) => [
              <dt key={keys}>
                {keys.split(' ').map((key) => (
                  <kbd key={key}>{key.replace('mod+', 'Ctrl-').replace('Escape', 'Esc')}</kbd>
                ))}
              </dt>,
              <dd key={does}>{does}</dd>,
            ])}
          </dl>
        </section>
      ))}
      <p class="small muted">
        On a value: click to open it, Alt-click for only these, Alt-Shift-click for without these, right click or{' '}
        <kbd>m</kbd> for a menu.
      </p>
    </Dialog>
  );
}
