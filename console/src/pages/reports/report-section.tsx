/** One section of a report: its sentence, its picture or figures, its rows, and the question that it answers. */
import type { ComponentChildren } from 'preact';
import type { ReportSection as Section } from '../../../../schemas/reports.ts';
import { AnswerTable } from '../../components/answer-table.tsx';
import { Button } from '../../components/button.tsx';
import { Cell } from '../../components/cell.tsx';
import { copy } from '../../components/copy.ts';
import { Panel } from '../../components/panel.tsx';
import { QuestionChart } from '../../components/question-chart.tsx';
import { TroubleNote } from '../../components/states.tsx';
import { plural } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';

/** More rows stand behind their picture. */
const ROWS_BESIDE_MAX = 15;
/** As the columns of answers have them. */
const TYPES = { text: 'String', number: 'Float64', time: "DateTime64(3, 'UTC')", other: 'String' } as const;

export function ReportSection({ of }: { readonly of: Section }) {
  const columns = of.columns
    .filter(({ name }) => of.shown.includes(name))
    .map(({ name, kind, unit, description }) => ({ name, type: TYPES[kind], unit, description }));
  const isFigures = of.shown_as === 'figures' && of.rows.length === 1;
  const isDrawn = of.chart !== null && of.rows.length > 0 && of.shown_as !== 'table';
  return (
    <Panel
      title={of.title}
      more={
        <span class="push row">
          <Button kind="plain" onClick={() => void copy(of.command, 'Command')}>
            Copy command
          </Button>
          <a class="small" href={askedAgain(of)}>
            Ask it again
          </a>
        </span>
      }
      isFlush
    >
      <div class="panel-body report-section">
        <p>
          <bdi>{of.sentence}</bdi>
        </p>
        {of.changes !== null && of.changes.sentence !== '' && (
          <p class="muted">
            <bdi>{of.changes.sentence}</bdi>
          </p>
        )}
        {of.error !== null && <TroubleNote trouble={{ status: 0, code: of.error.code, title: of.error.message }} />}
        {isFigures && (
          <dl class="report-facts">
            {columns.map((column) => (
              <div key={column.name}>
                <dt class="small muted">{of.columns.find(({ name }) => name === column.name)?.label}</dt>
                <dd>
                  <Cell column={column} value={of.rows[0]?.[column.name]} />
                </dd>
              </div>
            ))}
          </dl>
        )}
        {isDrawn && <QuestionChart of={chartOf(of)} rows={rowsOf(of)} title={of.title} />}
      </div>
      {!isFigures && of.rows.length > 0 && (
        <Behind isFolded={isDrawn && of.rows.length > ROWS_BESIDE_MAX} rows={of.rows.length}>
          <AnswerTable label={of.title} columns={columns} rows={of.rows} />
        </Behind>
      )}
      {of.rows_note !== null && <p class="panel-body small muted">{of.rows_note}</p>}
    </Panel>
  );
}

/** A picture says what many rows say; they stand behind it. */
function Behind(props: { readonly isFolded: boolean; readonly rows: number; readonly children: ComponentChildren }) {
  if (!props.isFolded) return <>{props.children}</>;
  return (
    <details class="fold">
      <summary class="panel-body">The same in {plural(props.rows, 'row')}</summary>
      {props.children}
    </details>
  );
}

function chartOf({ chart, shown_as: shown }: Section) {
  return {
    kind: shown === 'heat-map' ? 'scatter' : 'bar',
    x: chart?.x ?? '',
    y: chart?.y ?? 'rows',
    ...(chart?.by === null || chart?.by === undefined ? {} : { by: chart.by }),
  };
}

/** Where nothing is measured, rows are counted. */
function rowsOf({ rows, chart }: Section) {
  return chart?.y === null ? rows.map((row) => ({ ...row, rows: 1 })) : rows;
}

/** The question with the parameters that the report asked it with, of the report's own time. */
function askedAgain({ question, parameters }: Section): string {
  const { from, to, now: _, ...others } = parameters as Readonly<Record<string, unknown>>;
  const given = Object.entries(others).flatMap(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).map(String).filter((text) => text !== '');
    return values.length === 0 ? [] : [[`param.${name}`, values] as const];
  });
  return linkTo(`/questions/${question}`, {
    ...(typeof from === 'string' && typeof to === 'string' ? { from, to, last: undefined } : {}),
    ...Object.fromEntries(given),
  });
}
