import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadQuestions, parseQuestion } from '../../src/ask/loader.ts';
import { canonicalType, tokenize, usedParameters } from '../../src/ask/sql-text.ts';
import { UserError } from '../../src/core/errors.ts';
import { temporaryDirectory } from '../support/store.ts';
import { QUERIES } from './fixture.ts';

const HEADER = ['title: A title', 'question: What is it?', 'columns: {a: what it is}'];
const file = (header: readonly string[], sql = 'SELECT 1 AS a'): string => `/*\n${header.join('\n')}\n*/\n${sql}\n`;
const CHOICE = ['params: {a: {type: String, default: x}, b: {type: String, default: x}}'];
const CHOOSING = 'SELECT {a:String} AS a, {b:String} AS b';
const parsed = (text: string) => parseQuestion(text, '/questions/attribution/some-question.sql', '/questions');

function got(text: string): string {
  try {
    parsed(text);
  } catch (error) {
    if (error instanceof UserError && error.code === 'QUESTION_INVALID') return error.explanation.got ?? '';
    throw error;
  }
  throw new Error('it is a question');
}

describe('a question', () => {
  it('is its front matter and one statement; its file names it', () => {
    const question = parsed(file([...HEADER, 'params: {n: {type: UInt8, default: 3}}'], 'SELECT {n:UInt8} AS a;'));
    expect(question).toMatchObject({
      id: 'some-question',
      folder: 'attribution',
      title: 'A title',
      sql: 'SELECT {n:UInt8} AS a',
      columns: { a: { description: 'what it is' } },
      params: { n: { type: 'UInt8', default: 3 } },
    });
  });

  it('may name parameters of which one must be given', () => {
    expect(parsed(file([...HEADER, ...CHOICE, 'one_of: [a, b]'], CHOOSING)).one_of).toEqual(['a', 'b']);
  });

  it.each([
    ['no front matter', 'SELECT 1', 'SELECT 1'],
    ['a line comment in its place', '-- title: x\nSELECT 1', '-- title'],
    ['YAML that does not parse', file(['title: "']), ''],
    ['an unknown field', file([...HEADER, 'parms: {}']), 'parms'],
    ['an unknown field of a parameter', file([...HEADER, 'params: {n: {type: String, dfault: 1}}']), 'dfault'],
    ['a missing title', file(HEADER.slice(1)), 'title'],
    ['a question that asks nothing', file(['title: t', 'question: Tell me', 'columns: {a: b}']), 'question'],
    ['no columns', file(['title: t', 'question: What?', 'columns: {}']), 'columns'],
    ['a field given twice', file([...HEADER, 'title: again']), 'unique'],
    ['two statements', file(HEADER, 'SELECT 1; SELECT 2'), 'more than one'],
    ['two statements, the second behind a comment', file(HEADER, 'SELECT 1 -- ;\n; SELECT 2'), 'more than one'],
    ['no statement', file(HEADER, ''), 'no statement'],
    ['a statement that is no SELECT', file(HEADER, 'DROP TABLE x'), 'DROP'],
    ['a string without an end', file(HEADER, "SELECT 'a"), 'no end'],
    ['an undeclared parameter', file(HEADER, 'SELECT {n:UInt8}'), 'n'],
    ['an unused parameter', file([...HEADER, 'params: {n: {type: UInt8}}']), 'n'],
    [
      'a parameter that stands only in a string',
      file([...HEADER, 'params: {n: {type: UInt8}}'], "SELECT '{n:UInt8}'"),
      'n',
    ],
    ['a parameter of two types', file([...HEADER, 'params: {n: {type: UInt8}}'], 'SELECT {n:UInt16}'), 'UInt8'],
    [
      'a parameter of a type that has no text',
      file([...HEADER, 'params: {n: {type: JSON}}'], 'SELECT {n:JSON}'),
      'JSON',
    ],
    [
      'a default that is not of the type',
      file([...HEADER, 'params: {n: {type: UInt8, default: 300}}'], 'SELECT {n:UInt8}'),
      '300',
    ],
    [
      'a moment of asking that is no time',
      file([...HEADER, 'params: {now: {type: String}}'], 'SELECT {now:String}'),
      'now',
    ],
    ['a choice among one', file([...HEADER, ...CHOICE, 'one_of: [a]'], CHOOSING), 'one_of'],
    ['a choice of an undeclared parameter', file([...HEADER, ...CHOICE, 'one_of: [a, c]'], CHOOSING), 'one_of: c'],
    ['a choice of one parameter twice', file([...HEADER, ...CHOICE, 'one_of: [a, a]'], CHOOSING), 'one_of: a twice'],
    [
      'a choice of a parameter that must be given',
      file([...HEADER, 'params: {a: {type: String}, b: {type: String, default: x}}', 'one_of: [a, b]'], CHOOSING),
      'one_of: a, which has no default',
    ],
  ])('with %s is refused', (_, text, expected) => {
    expect(got(text)).toContain(expected);
  });

  it('tells where, what was got, what was expected and what to do', () => {
    expect(() => parsed('SELECT 1')).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('some-question.sql'),
        explanation: { got: 'SELECT 1', expected: expect.any(String), next: expect.any(String) },
      }),
    );
  });
});

describe('parameters in SQL', () => {
  it.each([
    ['SELECT {a:String}', ['a String']],
    ['SELECT \'{a:String}\', "{b:String}", `{c:String}`', []],
    ["SELECT 'it''s {a:String}', 'x\\' {b:String}', {c:UInt8}", ['c UInt8']],
    ['-- {a:String}\n# {b:String}\n/* {c:String} */ SELECT {d:Date}', ['d Date']],
    ["SELECT {from:DateTime64( 3,'UTC' )}", ["from DateTime64(3, 'UTC')"]],
    ['SELECT { a : Array( Nullable(String) ) }', ['a Array(Nullable(String))']],
    ["SELECT {'k': 1, 'v': 2}", []],
    ['SELECT $tag$ {a:String} $tag$, {b:String}', ['b String']],
    ['SELECT ‘{a:String}’, {b:String}', ['b String']],
    ['SELECT 1--{a:String}', []],
  ])('%s', (sql, expected) => {
    expect(usedParameters(sql).map(({ name, type }) => `${name} ${type}`)).toEqual(expected);
  });

  it('are never seen in what a string holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const literal = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
        expect(usedParameters(`SELECT ${literal}, {a:String}`)).toEqual([{ name: 'a', type: 'String' }]);
      }),
    );
  });

  it('a doubled quote is inside the string or the name', () => {
    expect(tokenize(`'it''s' "a""b"`).map((token) => token.text)).toEqual(["'it''s'", '"a""b"']);
  });

  it('types differ only where they differ', () => {
    expect(canonicalType("DateTime64(3,'UTC')")).toBe(canonicalType(" DateTime64( 3 , 'UTC' ) "));
    expect(canonicalType('Array(String)')).not.toBe(canonicalType('Array(UInt8)'));
  });
});

describe('folders', () => {
  it('the questions of the project load, each under its folder', async () => {
    const questions = await loadQuestions([QUERIES]);
    const files = (await readdir(QUERIES, { recursive: true })).filter((file) => file.endsWith('.sql'));
    expect(files).toContain('attribution/key-usage.sql');
    expect(questions.map(({ folder, id }) => `${folder}/${id}`)).toEqual(files.map((file) => file.slice(0, -4)).sort());
  });

  it("a person's own folder is added, and a second question of one name is refused", async () => {
    const own = await temporaryDirectory();
    await writeFile(path.join(own, 'mine.sql'), file(HEADER));
    expect((await loadQuestions([QUERIES, own])).map((question) => question.id)).toContain('mine');
    await mkdir(path.join(own, 'deeper'));
    await writeFile(path.join(own, 'deeper', 'key-usage.sql'), file(HEADER));
    await expect(loadQuestions([QUERIES, own])).rejects.toMatchObject({ code: 'QUESTION_DUPLICATE' });
  });

  it('a folder that is not there is an error and not an empty list', async () => {
    await expect(loadQuestions(['/no/such/folder'])).rejects.toMatchObject({ code: 'QUESTIONS_UNREADABLE' });
  });

  it('a file name that is no id is refused', async () => {
    const own = await temporaryDirectory();
    await writeFile(path.join(own, 'My Question.sql'), file(HEADER));
    await expect(loadQuestions([own])).rejects.toMatchObject({ code: 'QUESTION_INVALID' });
  });
});
