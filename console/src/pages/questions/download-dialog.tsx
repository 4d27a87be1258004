/** An answer as a file; how many rows that are is said before. */
import { useState } from 'preact/hooks';
import { type Params, pathWith } from '../../api/client.ts';
import { at, PATHS } from '../../api/paths.ts';
import { Button, Choices } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Refusal, refusal } from '../../components/refusal.tsx';
import { plural } from '../../state/number.ts';

const FORMATS = [
  { word: 'csv', shown: 'CSV', title: 'For a spreadsheet' },
  { word: 'ndjson', shown: 'NDJSON', title: 'A JSON object on each line' },
  { word: 'parquet', shown: 'Parquet', title: 'Columns with their types' },
] as const;

export function DownloadDialog(props: {
  readonly id: string;
  readonly asked: Params;
  readonly rows: number | undefined;
  readonly onClose: () => void;
}) {
  const { id, asked, rows, onClose } = props;
  const [format, setFormat] = useState<(typeof FORMATS)[number]['word']>('csv');
  const href = pathWith(at(PATHS.answer_export, { id }), { ...asked, format });
  const why = refusal('export');
  return (
    <Dialog title="Download the answer" onClose={onClose}>
      <p>
        <b>{rows === undefined ? 'The answer is not there yet; its rows are not counted' : plural(rows, 'row')}</b>, as
        it is when it is downloaded; times in UTC.
      </p>
      <Choices label="Form of the file" chosen={format} choices={FORMATS} onChoose={setFormat} />
      {why !== undefined && <Refusal of={why} />}
      <div class="row">
        {why === undefined && (
          <a class="button" data-kind="main" href={href} download onClick={onClose}>
            Download
          </a>
        )}
        <Button onClick={() => void copy(new URL(href, window.location.href).href, 'Address')}>
          Copy the address for a script
        </Button>
      </div>
      <p class="small muted">That somebody downloads is kept in the access log.</p>
    </Dialog>
  );
}
