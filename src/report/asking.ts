/** Asks the questions of reports side by side, each of them once, however many sections and owners want its answer. */
import PQueue from 'p-queue';
import type { Question } from '../../schemas/questions.ts';
import type { AnswerColumn, Cell } from '../ask/answer.ts';
import { type GivenParameters, runQuestion } from '../ask/runner.ts';
import { UserError } from '../core/errors.ts';
import { REPORT_QUESTIONS_AT_ONCE, REPORT_SECTION_ROWS_MAX, REPORT_SPLIT_ROWS_MAX } from '../core/limits.ts';
import type { Store } from '../store/store.ts';

export interface Answered {
  readonly columns: readonly AnswerColumn[];
  /** The first of them, as many as a document holds. */
  readonly rows: readonly (readonly Cell[])[];
  readonly total: number;
}

/** The answers for each owner that has rows. */
interface Parted {
  readonly columns: readonly AnswerColumn[];
  readonly rows: ReadonlyMap<string, readonly (readonly Cell[])[]>;
}

export class Asking {
  readonly #store: Store;
  readonly #queue = new PQueue({ concurrency: REPORT_QUESTIONS_AT_ONCE });
  readonly #answers = new Map<string, Promise<Answered>>();
  /** Finding them out costs as much as planning the question. */
  readonly #columns = new Map<string, readonly AnswerColumn[]>();
  readonly #parted = new Map<string, Promise<Parted | undefined>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param asOf the moment of asking */
  answer(question: Question, given: GivenParameters, asOf: Date): Promise<Answered> {
    return remembered(this.#answers, keyOf(question, given, asOf), () =>
      this.#ask(question, given, asOf, REPORT_SECTION_ROWS_MAX),
    );
  }

  /**
   * The rows of one owner, out of an answer for all of them. Where that is too much to be held, the question is asked
   * for the one.
   *
   * @param given without an owner
   */
  async answerOf(owner: string, question: Question, given: GivenParameters, asOf: Date): Promise<Answered> {
    const parted = await this.#parts(question, given, asOf);
    if (parted === undefined) return this.#ask(question, { ...given, owner }, asOf, REPORT_SECTION_ROWS_MAX);
    const rows = parted.rows.get(owner) ?? [];
    return { columns: parted.columns, rows: rows.slice(0, REPORT_SECTION_ROWS_MAX), total: rows.length };
  }

  /** The owners that an answer for all of them names; none where it is too much to be held. */
  async ownersIn(question: Question, given: GivenParameters, asOf: Date): Promise<readonly string[]> {
    const parted = await this.#parts(question, given, asOf);
    return [...(parted?.rows.keys() ?? [])].filter((owner) => owner !== '');
  }

  #parts(question: Question, given: GivenParameters, asOf: Date): Promise<Parted | undefined> {
    return remembered(this.#parted, keyOf(question, given, asOf), async () => {
      try {
        const answered = await this.#ask(question, given, asOf, REPORT_SPLIT_ROWS_MAX);
        return answered.total > REPORT_SPLIT_ROWS_MAX ? undefined : parted(answered);
      } catch (cause) {
        // Too long or too costly for all of them; it may be neither for one.
        if (cause instanceof UserError) return undefined;
        throw cause;
      }
    });
  }

  #ask(question: Question, given: GivenParameters, asOf: Date, rowsMax: number): Promise<Answered> {
    return this.#queue.add(async () => {
      const columns = this.#columns.get(question.id);
      const answer = await runQuestion(this.#store, question, given, { now: asOf, columns });
      this.#columns.set(question.id, answer.columns);
      const rows: (readonly Cell[])[] = [];
      let total = 0;
      for await (const row of answer.rows) if (++total <= rowsMax) rows.push(row);
      return { columns: answer.columns, rows, total };
    });
  }
}

function parted({ columns, rows }: Answered): Parted {
  const at = columns.findIndex(({ name }) => name === 'owner');
  const byOwner = new Map<string, (readonly Cell[])[]>();
  for (const row of rows) {
    const owner = String(row[at] ?? '');
    const others = byOwner.get(owner);
    if (others === undefined) byOwner.set(owner, [row]);
    else others.push(row);
  }
  return { columns, rows: byOwner };
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

function keyOf({ id }: Question, given: GivenParameters, asOf: Date): string {
  const values = Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([id, values, asOf.getTime()]);
}
