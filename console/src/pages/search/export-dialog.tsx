/** What was found as a file; how much that is, is said before. */
import { useState } from 'preact/hooks';
import { may, type Role } from '../../../../schemas/roles.ts';
import { pathWith } from '../../api/client.ts';
import { me } from '../../api/link.ts';
import { PATHS } from '../../api/paths.ts';
import { Button, Choices } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Dialog } from '../../components/dialog.tsx';
import { filterParams } from '../../state/filters.ts';
import { formatNumber } from '../../state/number.ts';
import { range, rangeParams } from '../../state/range.ts';
import { formatTime, zoneName } from '../../state/time.ts';

const EXPORTED_ROWS_MAX = 1_000_000;

export function ExportDialog({
  events,
  onClose,
}: {
  readonly events: number | undefined;
  readonly onClose: () => void;
}) {
  const [format, setFormat] = useState<'csv' | 'ndjson'>('csv');
  const href = pathWith(PATHS.search_export, { ...rangeParams(), ...filterParams(), format });
  const { fromMs, toMs } = range.value;
  const isAllowed = may((me.value?.role ?? 'viewer') as Role, 'export');
  const isTooMany = (events ?? 0) > EXPORTED_ROWS_MAX;
  return (
    <Dialog title="Export what was found" onClose={onClose}>
      <p>
        <b>{events === undefined ? 'Counting …' : `${formatNumber(events)} events`}</b>, {formatTime(fromMs)} →{' '}
        {formatTime(toMs)} {zoneName.value}, with the filters that are set; the latest first, times in UTC.
      </p>
      <Choices
        label="Form of the file"
        chosen={format}
        choices={[
          { word: 'csv', shown: 'CSV' },
          { word: 'ndjson', shown: 'NDJSON' },
        ]}
        onChoose={setFormat}
      />
      {!isAllowed && <p class="note">Your role may not export: ask for a token of the role analyst.</p>}
      {isTooMany && (
        <p class="note">
          One file holds at most {formatNumber(EXPORTED_ROWS_MAX)} events. Choose a shorter time, or use{' '}
          <code>keytrail export</code>, which has no such limit.
        </p>
      )}
      <div class="row">
        {isAllowed && !isTooMany && (
          <a class="button" data-kind="main" href={href} download onClick={onClose}>
            Download
          </a>
        )}
        <Button onClick={() => void copy(new URL(href, window.location.href).href, 'Address of the export')}>
          Copy the address for a script
        </Button>
      </div>
      <p class="small muted">That somebody exports is kept in the access log.</p>
    </Dialog>
  );
}
