/** One network: a new one, or what is to be so of one that there is. */
import { useState } from 'preact/hooks';
import { CheckField } from '../../components/check-field.tsx';
import { TextField } from '../../components/fields.tsx';
import { instant } from '../../state/range.ts';
import { ChangeDialog } from './change-dialog.tsx';
import type { KnownNetwork } from './networks.tsx';

interface NetworkDialogProps {
  /** Absent: a new one. */
  readonly of: KnownNetwork | undefined;
  readonly onClose: (isDone: boolean) => void;
}

export function NetworkDialog({ of, onClose }: NetworkDialogProps) {
  const [name, setName] = useState(of?.network ?? '');
  const [kind, setKind] = useState(of?.kind ?? '');
  const [owner, setOwner] = useState(of?.owner ?? '');
  const [description, setDescription] = useState(of?.description ?? '');
  const [ranges, setRanges] = useState(of?.cidrs.join('\n') ?? '');
  const [hasEnded, setEnded] = useState(false);
  const [faults, setFaults] = useState<{ readonly name?: string; readonly ranges?: string }>({});
  const wish = () => {
    const cidrs = ranges.split(/[\s,;]+/).filter((range) => range !== '');
    const found = {
      ...(name.trim() === '' ? { name: 'A name.' } : {}),
      ...(cidrs.length === 0 && !hasEnded ? { ranges: 'At least one range.' } : {}),
    };
    setFaults(found);
    if (Object.keys(found).length > 0) return undefined;
    if (of !== undefined && hasEnded) {
      // What ends says nothing else: it was so until now.
      const ended = { network: of.network, valid_from: of.valid_from, valid_to: instant(Date.now()) };
      return { what: 'networks', networks: [ended] };
    }
    const said = {
      ...{ network: name.trim(), owner: owner.trim(), description: description.trim(), cidrs },
      ...(kind.trim() === '' ? {} : { kind: kind.trim() }),
    };
    return { what: 'networks', networks: [said] };
  };
  return (
    <ChangeDialog title={of === undefined ? 'Add a network' : `Change ${of.network}`} wish={wish} onClose={onClose}>
      <div class="form-grid">
        {of === undefined && <TextField label="Name" value={name} onInput={setName} fault={faults.name} isFirst />}
        <TextField label="Kind" value={kind} onInput={setKind} hint="office, vpn, cloud, ci, partner, tor …" />
        <TextField label="Owner" value={owner} onInput={setOwner} hint="who answers for it" />
        <TextField label="What it is" value={description} onInput={setDescription} />
      </div>
      <TextField
        label="Ranges"
        value={ranges}
        onInput={setRanges}
        fault={faults.ranges}
        hint="one on each line: 203.0.113.0/24, 2001:db8::/32, or one address"
        isLong
        isMono
      />
      {of !== undefined && (
        <CheckField label="It has ended: no address belongs to it from now on" isOn={hasEnded} onChange={setEnded} />
      )}
    </ChangeDialog>
  );
}
