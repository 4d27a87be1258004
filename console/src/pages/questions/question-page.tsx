/** One question: what it asks for, its answer as a picture and in rows, and what the answer can be relied on for. */
import { useState } from 'preact/hooks';
import type { AnswerDocument, QuestionWhole } from '../../../../schemas/api/questions.ts';
import { at, PATHS } from '../../api/paths.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { AnswerTable } from '../../components/answer-table.tsx';
import { Button } from '../../components/button.tsx';
import { copy } from '../../components/copy.ts';
import { fieldName } from '../../components/entities.ts';
import { Panel } from '../../components/panel.tsx';
import { QuestionChart } from '../../components/question-chart.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { useKeys } from '../../state/keyboard.ts';
import { formatNumber, plural } from '../../state/number.ts';
import { linkTo, MS_PER_DAY, PRESETS, range, rangeParams, setPreset } from '../../state/range.ts';
import type { PageProps } from '../page.ts';
import { AnswerFooter } from './answer-footer.tsx';
import { DownloadDialog } from './download-dialog.tsx';
import { addressName, given, isOfRange, missing, quoted } from './parameters.ts';
import { QuestionForm } from './question-form.tsx';

export function QuestionPage({ params: { id = '' } }: PageProps) {
  const question = useQuery<QuestionWhole>(at(PATHS.question, { id }), {}, { isFresh: true });
  return (
    <div class="page">
      {question.trouble?.status === 404 ? (
        <Empty title="There is no question of this name" isWhole>
          <p>
            <bdi class="mono">{id.slice(0, 200)}</bdi> may be of another version, or of a folder that the daemon was not
            given.
          </p>
          <a class="button" href={linkTo('/questions')}>
            All questions
          </a>
        </Empty>
      ) : (
        <Answer of={question} skeleton={<Skeleton lines={12} height={20} />}>
          {(data) => <Asked key={data.id} of={data} />}
        </Answer>
      )}
    </div>
  );
}

function Asked({ of }: { readonly of: QuestionWhole }) {
  const values = given(of.parameters);
  const lacking = missing(of, values);
  const hasRange = of.parameters.some(isOfRange);
  const asked = {
    ...(hasRange ? rangeParams() : {}),
    ...Object.fromEntries(Object.entries(values).map(([name, list]) => [addressName(name), list])),
  };
  const isAsked = lacking.length === 0;
  const answer = useQuery<AnswerDocument>(isAsked ? at(PATHS.answer, { id: of.id }) : undefined, asked);
  const [front, setFront] = useState(false);
  useKeys([{ keys: 'e', does: 'download the answer', group: 'Question', run: () => setFront(isAsked) }]);
  return (
    <div class="page">
      <header class="stack" style={{ gap: '4px' }}>
        <div class="row small">
          <a href={linkTo('/questions')}>Questions</a>
          <span class="muted">› {of.folder}</span>
        </div>
        <h1>{of.title}</h1>
        <p>{of.question}</p>
        {of.description !== null && (
          <details class="fold prose">
            <summary>How to read it</summary>
            <p class="muted">{of.description}</p>
          </details>
        )}
      </header>
      <div class="asked">
        <Panel title="Asked for">
          <QuestionForm of={of} trouble={answer.trouble} />
        </Panel>
        <div class="stack">
          {isAsked ? (
            <Answered of={of} answer={answer} hasRange={hasRange} onDownload={() => setFront(true)} />
          ) : (
            <Panel title="Answer">
              <Empty title="Something is still to be given">
                <p class="muted">
                  The question needs {lacking.map((names) => names.map(fieldName).join(' or ')).join(', ')}: give it in
                  the form, and ask.
                </p>
              </Empty>
            </Panel>
          )}
          <Statement of={of} command={commandOf(of, { values, lacking, hasRange })} />
        </div>
      </div>
      {front && (
        <DownloadDialog id={of.id} asked={asked} rows={answer.data?.rows.length} onClose={() => setFront(false)} />
      )}
    </div>
  );
}

interface AnsweredProps {
  readonly of: QuestionWhole;
  readonly answer: Query<AnswerDocument>;
  readonly hasRange: boolean;
  readonly onDownload: () => void;
}

function Answered({ of, answer, hasRange, onDownload }: AnsweredProps) {
  const { data } = answer;
  return (
    <Panel
      title="Answer"
      more={
        <>
          <span class="muted" role="status">
            {data === undefined ? '' : plural(data.rows.length, 'row')}
          </span>
          <span class="push row">
            <Button kind="plain" onClick={() => void copy(window.location.href, 'Link')}>
              Copy link
            </Button>
            <Button title="Download the answer (e)" onClick={onDownload}>
              Download
            </Button>
          </span>
        </>
      }
      isFlush
    >
      <div class={data === undefined ? 'panel-body' : undefined}>
        <Answer of={answer} skeleton={<Skeleton lines={14} height={20} />}>
          {({ columns, rows, ...head }) => (
            <>
              {of.chart !== null && rows.length > 0 && (
                <div class="panel-body answer-chart">
                  <QuestionChart of={of.chart} rows={rows} title={of.title} />
                </div>
              )}
              <AnswerTable label={of.title} columns={columns} rows={rows} empty={<NoRows hasRange={hasRange} />} />
              <AnswerFooter of={head} />
            </>
          )}
        </Answer>
      </div>
    </Panel>
  );
}

function NoRows({ hasRange }: { readonly hasRange: boolean }) {
  const wider = PRESETS.find(({ ms }) => ms > range.value.toMs - range.value.fromMs && ms >= MS_PER_DAY);
  return (
    <Empty title="The answer has no rows">
      <p class="muted">Nothing of the record fits what was asked{hasRange ? ' in this time' : ''}.</p>
      {hasRange && wider !== undefined && <Button onClick={() => setPreset(wider)}>Ask of {wider.title}</Button>}
    </Empty>
  );
}

interface CommandParts {
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly lacking: readonly (readonly string[])[];
  readonly hasRange: boolean;
}

/** The command that asks the same, with the same times. */
function commandOf({ id }: QuestionWhole, { values, lacking, hasRange }: CommandParts): string {
  const { from, to } = rangeParams();
  return [
    `keytrail query ${id}`,
    ...(hasRange ? [`--from ${from} --to ${to}`] : []),
    ...lacking.map(([name]) => `--param ${name}=…`),
    ...Object.entries(values).flatMap(([name, list]) => list.map((one) => `--param ${name}=${quoted(one)}`)),
  ].join(' ');
}

function Statement({ of, command }: { readonly of: QuestionWhole; readonly command: string }) {
  return (
    <Panel
      title="The same elsewhere"
      more={
        <span class="push row">
          <Button kind="plain" onClick={() => void copy(command, 'Command')}>
            Copy command
          </Button>
          <Button kind="plain" onClick={() => void copy(of.sql, 'SQL')}>
            Copy SQL
          </Button>
        </span>
      }
    >
      <div class="stack" style={{ gap: '8px' }}>
        <pre class="raw">{command}</pre>
        <details class="fold">
          <summary>SQL, {formatNumber(of.sql.split('\n').length)} lines</summary>
          <pre class="raw">{of.sql}</pre>
        </details>
      </div>
    </Panel>
  );
}
