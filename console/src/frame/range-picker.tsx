/** The range of time, in the head of every page: what it is, presets, and both ends to type. */
import { useState } from 'preact/hooks';
import { Button, Choices } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextField } from '../components/fields.tsx';
import { change } from '../state/location.ts';
import { moveRange, PRESETS, range, renewRange, setPreset, setRange } from '../state/range.ts';
import { formatSpan, formatTime, isLocal, parseTyped, zoneName } from '../state/time.ts';

export function RangePicker() {
  const [isOpen, setOpen] = useState(false);
  const { fromMs, toMs, last } = range.value;
  const precision = (fromMs % 60_000) + (toMs % 60_000) === 0 ? 'minute' : 'second';
  return (
    <div class="range">
      <span class="row" style={{ gap: '2px', flexWrap: 'nowrap' }}>
        <Button kind="plain" label="Earlier" title="The same length, before it" onClick={() => moveRange(-1)}>
          ‹
        </Button>
        <Button
          title={`${formatSpan(toMs - fromMs)}; type other times (t)`}
          isExpanded={isOpen}
          onClick={() => setOpen(true)}
        >
          <span class="range-times">
            {formatTime(fromMs, precision)} → {formatTime(toMs, precision)}
          </span>
        </Button>
        <Button kind="plain" label="Later" title="The same length, after it" onClick={() => moveRange(1)}>
          ›
        </Button>
      </span>
      <Choices
        label="Zone of times"
        chosen={isLocal.value ? 'local' : 'utc'}
        choices={[
          { word: 'utc', shown: 'UTC', title: 'Times in UTC' },
          {
            word: 'local',
            shown: isLocal.value ? zoneName.value : 'local',
            title: 'Times in the zone of this machine',
          },
        ]}
        onChoose={(word) => change({ tz: word === 'local' ? 'local' : undefined })}
      />
      <Choices
        label="Length of the range, up to now"
        chosen={last}
        choices={PRESETS.map(({ name, title }) => ({ word: name, shown: name, title }))}
        onChoose={(word) => {
          const preset = PRESETS.find(({ name }) => name === word);
          if (preset !== undefined) setPreset(preset);
        }}
      />
      <Button kind="plain" label="Up to now" title="The same length, up to now (r)" onClick={renewRange}>
        ⟳
      </Button>
      {isOpen && <RangeDialog onClose={() => setOpen(false)} />}
    </div>
  );
}

const TIME_HINT = 'Such as 2026-11-22 14:05, 2026-11-22T14:05:00Z, -7d or now';

export function RangeDialog({ onClose }: { readonly onClose: () => void }) {
  const { fromMs, toMs } = range.value;
  const [from, setFrom] = useState(formatTime(fromMs));
  const [to, setTo] = useState(formatTime(toMs));
  const [fault, setFault] = useState<{ from?: string; to?: string }>({});
  const submit = (event: Event): void => {
    event.preventDefault();
    const [one, other] = [parseTyped(from), parseTyped(to)];
    if (one === undefined) setFault({ from: 'This is no time.' });
    else if (other === undefined) setFault({ to: 'This is no time.' });
    else if (one >= other) setFault({ to: 'The end must be after the beginning.' });
    else {
      onClose();
      setRange(one, other);
    }
  };
  return (
    <Dialog title="Which time?" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <TextField
          label={`From (${zoneName.value})`}
          value={from}
          onInput={setFrom}
          hint={TIME_HINT}
          fault={fault.from}
          isMono
          isFirst
        />
        <TextField
          label={`Before (${zoneName.value})`}
          value={to}
          onInput={setTo}
          hint="The end itself does not belong to it."
          fault={fault.to}
          isMono
        />
        <div class="row">
          <Button kind="main" type="submit">
            Show this time
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
