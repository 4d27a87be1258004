/** Every question that can be asked, by what it is about; found by a word of it. */
import type { QuestionDocument, QuestionList } from '../../../../schemas/api/questions.ts';
import { PATHS } from '../../api/paths.ts';
import { useQuery } from '../../api/use-query.ts';
import { TextField } from '../../components/fields.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { Answer, Empty, Skeleton } from '../../components/states.tsx';
import { useRowKeys } from '../../components/use-row-keys.ts';
import { useKeys } from '../../state/keyboard.ts';
import { change, go, value } from '../../state/location.ts';
import { formatNumber } from '../../state/number.ts';
import { linkTo } from '../../state/range.ts';

/** The order in which somebody who investigates wants them, and what each is for. */
const FOLDERS: readonly (readonly [string, string, string])[] = [
  ['attribution', 'Attribution', 'who did what, with which key, from where'],
  ['investigation', 'Investigation', 'one key, one address, one request, followed'],
  ['hygiene', 'Hygiene', 'keys that are old, unused, shared or wide open'],
  ['operations', 'Operations', 'whether the record is complete, and who asked'],
  ['detections', 'Detections', 'what is looked for all the time, asked by hand'],
];

const FIND_ID = 'find-question';

export function QuestionsPage() {
  const answer = useQuery<QuestionList>(PATHS.questions);
  return (
    <div class="page">
      <h1>Questions</h1>
      <Answer of={answer} skeleton={<Skeleton lines={20} height={20} />}>
        {({ questions }) => <Listed of={questions} />}
      </Answer>
    </div>
  );
}

function Listed({ of }: { readonly of: readonly QuestionDocument[] }) {
  const wanted = value('find');
  const found = of.filter((question) => fits(question, wanted));
  const groups = groupsOf(found);
  const order = groups.flatMap(({ questions }) => questions);
  const selected = useRowKeys(order.length, {
    group: 'Questions',
    open: (at) => {
      const question = order[at];
      if (question !== undefined) go(linkTo(`/questions/${question.id}`));
    },
  });
  useKeys([
    {
      keys: 'f',
      does: 'find a question',
      group: 'Questions',
      run: () => document.getElementById(FIND_ID)?.querySelector('input')?.focus(),
    },
  ]);
  return (
    <div class="page">
      <Sentence>
        {formatNumber(of.length)} saved questions can be asked of the record; each says what its answer can be relied on
        for.
      </Sentence>
      <form
        id={FIND_ID}
        class="find"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = order;
          if (first !== undefined && wanted !== '') go(linkTo(`/questions/${first.id}`));
        }}
      >
        <TextField
          label="Find a question"
          value={wanted}
          placeholder="a word of it: address, unused, letters …"
          hint={
            wanted === ''
              ? 'Enter opens the first that is found (f)'
              : `${found.length} of ${of.length} fit; Enter opens the first`
          }
          onInput={(text) => change({ find: text }, { isReplacing: true })}
        />
      </form>
      {found.length === 0 && (
        <Empty title="No question has these words">
          <p class="muted">Take fewer words; or ask in SQL:</p>
          <pre>keytrail sql "…"</pre>
        </Empty>
      )}
      {groups.map(({ folder, title, about, questions }) => (
        <section key={folder} class="stack" style={{ gap: '8px' }} aria-label={title}>
          <div class="row">
            <h2>{title}</h2>
            <span class="muted small">{about}</span>
          </div>
          <ul class="panel question-list">
            {questions.map((question) => (
              <li key={question.id} aria-current={order[selected]?.id === question.id || undefined}>
                <a href={linkTo(`/questions/${question.id}`)}>{question.title}</a>
                <span class="muted">{question.question}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function fits({ id, title, question, tags, description }: QuestionDocument, wanted: string): boolean {
  const text = [id, title, question, ...tags, description ?? ''].join(' ').toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function groupsOf(questions: readonly QuestionDocument[]) {
  const known = FOLDERS.map(([folder]) => folder);
  const own = [...new Set(questions.map(({ folder }) => folder))].filter((folder) => !known.includes(folder));
  const folders = [...FOLDERS, ...own.map((folder) => [folder, folder, 'of your own folder'] as const)];
  return folders
    .map(([folder, title, about]) => ({
      ...{ folder, title, about },
      questions: questions
        .filter((question) => question.folder === folder)
        .toSorted((one, other) => one.title.localeCompare(other.title)),
    }))
    .filter((group) => group.questions.length > 0);
}
