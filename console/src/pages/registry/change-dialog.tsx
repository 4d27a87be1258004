/** The frame of every change of the registry: what is typed, then what would change, then the change. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RegistryChanged } from '../../../../schemas/api/registry.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Refusal, refusal } from '../../components/refusal.tsx';
import { Empty, TroubleNote } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { plural } from '../../state/number.ts';
import { formatTime, msOf } from '../../state/time.ts';
import { useChange, type Wish } from './use-change.ts';

interface ChangeDialogProps {
  readonly title: string;
  /** What is typed so far; `undefined` while it is not whole. */
  readonly wish: () => Wish | undefined;
  readonly onClose: (isDone: boolean) => void;
  readonly children: ComponentChildren;
}

export function ChangeDialog({ title, wish, onClose, children }: ChangeDialogProps) {
  const { tried, trouble, isBusy, tell, save, back } = useChange();
  const why = refusal('operate', true);
  const form = useRef<HTMLFormElement>(null);
  // The fields went away, and the keyboard goes on with what comes next: a key may come before the next frame.
  useLayoutEffect(() => {
    if (tried !== undefined) form.current?.querySelector<HTMLElement>('button[type=submit]')?.focus();
  }, [tried]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (tried !== undefined) {
      if (tried.changes.length === 0 || (await save())) onClose(tried.changes.length > 0);
      return;
    }
    const wished = wish();
    if (wished !== undefined) await tell(wished);
  };
  return (
    <Dialog title={title} onClose={() => onClose(false)}>
      <form class="stack wide-dialog" ref={form} onSubmit={(event) => void submit(event)} noValidate>
        {why !== undefined && <Refusal of={why} />}
        {tried === undefined ? children : <Diff of={tried} />}
        {trouble !== undefined && <TroubleNote trouble={trouble} />}
        <div class="row">
          {why === undefined && (
            <Button kind="main" type="submit" isDisabled={isBusy}>
              {isBusy ? 'One moment …' : tried === undefined ? 'What would change?' : nameOf(tried)}
            </Button>
          )}
          {tried !== undefined && <Button onClick={back}>Back</Button>}
          <Button onClick={() => onClose(false)}>Cancel</Button>
          {tried === undefined && why === undefined && (
            <span class="small muted">Nothing is recorded before you have seen it.</span>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function nameOf({ changes }: RegistryChanged): string {
  return changes.length === 0 ? 'Close' : `Record ${plural(changes.length, 'change')}`;
}

function Diff({ of: { changes, warnings } }: { readonly of: RegistryChanged }) {
  return (
    <div class="stack diff" role="status">
      {warnings.map(({ place, got, expected }) => (
        <p class="note" key={`${place} ${got}`}>
          {place}: <bdi>{got}</bdi> is read as <bdi>{expected}</bdi>
        </p>
      ))}
      <Table
        label="What would change"
        rows={changes.map((change, at) => ({ ...change, at }))}
        keyOf={({ at }) => String(at)}
        empty={
          <Empty title="Nothing would change">
            <p class="muted">The registry says all of this already.</p>
          </Empty>
        }
        columns={[
          {
            name: 'name',
            title: 'of',
            isWrapped: true,
            cell: ({ kind, name }) => (
              <>
                <span class="muted">{kind}</span> <bdi>{name}</bdi>
              </>
            ),
          },
          { name: 'attribute', title: 'what', cell: ({ attribute }) => attribute.replace(/_/g, ' ') },
          {
            name: 'before',
            title: 'before',
            isWrapped: true,
            sortBy: false,
            cell: ({ before }) =>
              before === null ? <span class="muted">not known</span> : <del>{before || 'none'}</del>,
          },
          {
            name: 'after',
            title: 'after',
            isWrapped: true,
            sortBy: false,
            cell: ({ after }) => (after === null ? <span class="muted">not known</span> : <ins>{after || 'none'}</ins>),
          },
          { name: 'valid_from', title: 'since', cell: ({ valid_from: time }) => formatTime(msOf(time)) },
          { name: 'place', title: 'from', cell: ({ place }) => <span class="muted">{place}</span> },
        ]}
      />
    </div>
  );
}
