/** Which value of an event is to be left out: by its number, or by a click. */
import { type EventRow, field } from '../api/event.ts';
import { Dialog } from '../components/dialog.tsx';
import { canFilter, fieldName } from '../components/entities.ts';
import { addFilter } from '../state/filters.ts';

const OFFERED = ['key_id', 'app', 'source_ip', 'action', 'url_path', 'user_agent', 'country', 'owner', 'source'];

export function ExcludeDialog({ of, onClose }: { readonly of: EventRow; readonly onClose: () => void }) {
  const values = OFFERED.map((name) => ({ name, value: field(of, name) })).filter(
    ({ name, value }) => value !== '' && canFilter(name, value),
  );
  const take = ({ name, value }: { name: string; value: string }): void => {
    onClose();
    addFilter('exclude', name, value);
  };
  return (
    <Dialog title="Leave out which value?" onClose={onClose}>
      <div
        role="group"
        aria-label="Values of the event"
        class="offers"
        onKeyDown={(event) => {
          const chosen = values[Number(event.key) - 1];
          if (chosen === undefined) return;
          event.preventDefault();
          take(chosen);
        }}
      >
        {values.map((one, at) => (
          <button key={one.name} type="button" class="offer" autoFocus={at === 0} onClick={() => take(one)}>
            <span class="muted">
              <kbd>{at + 1}</kbd> {fieldName(one.name)}
            </span>
            <bdi>{one.value.slice(0, 300)}</bdi>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
