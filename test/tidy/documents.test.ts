import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadQuestions } from '../../src/ask/loader.ts';
import { COVERED } from './commands.ts';
import { filesOf, ROOT, read } from './source.ts';

const DOCUMENTS = filesOf('*.md', 'docs/**/*.md', 'deploy/**/*.md', 'examples/**/*.md');

/** The commands of a document: the lines of its ```sh fences, continued lines joined, without comments and prompts. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap((fence) =>
    (fence[1] ?? '')
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.replace(/\s+#\s.*$/, '').trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
}

describe('documents', () => {
  const commands = DOCUMENTS.flatMap((file) => commandsOf(read(file)).map((command) => ({ file, command })));

  test('every command in them is run by a test', () => {
    expect(commands.filter(({ command }) => !(command in COVERED))).toEqual([]);
  });

  test('the list of covered commands names tests that exist, and nothing that no document says', () => {
    const said = new Set(commands.map(({ command }) => command));
    expect(Object.keys(COVERED).filter((command) => !said.has(command))).toEqual([]);
    const tests = Object.values(COVERED).flatMap((coverage) => coverage.test ?? []);
    expect(tests.filter((file) => !existsSync(`${ROOT}${file}`))).toEqual([]);
    expect(Object.entries(COVERED).filter(([, one]) => !one.test && !one.with)).toEqual([]);
  });

  test('every link to a file of the project leads to one', () => {
    const broken = DOCUMENTS.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map((match) => posix.join(posix.dirname(file), match[1] ?? ''))
        .filter((target) => !existsSync(`${ROOT}${target}`))
        .map((target) => `${file} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('commands are found in fences, and only there', () => {
    const text =
      'npm run no\n```sh\n# a comment\nnpm ci && npm test\nkeytrail query a \\\n  --from -7d   # and why\n```\n```\nno\n```\n';
    expect(commandsOf(text)).toEqual(['npm ci && npm test', 'keytrail query a --from -7d']);
  });
});

test('the architecture names every room, and every file that lies directly in the source folder', () => {
  const page = read('docs/architecture.md');
  const rooms = new Set(filesOf('src/*/**').map((file) => file.split('/').slice(0, 2).join('/')));
  expect([...rooms].filter((room) => !page.includes(`\`${room}\``))).toEqual([]);
});

test('the page of the questions lists every one with what it asks', async () => {
  const listed = [...read('docs/questions.md').matchAll(/^\| `([a-z-]+)` \| (.+\?) \|$/gm)].map(([, id, asks]) => [
    id,
    asks,
  ]);
  const questions = await loadQuestions([`${ROOT}queries`]);
  const asked = questions.filter(({ folder }) => folder !== 'detections');
  expect(listed.sort()).toEqual(asked.map(({ id, question }) => [id, question]).sort());
  const found = questions.filter(({ folder }) => folder === 'detections').map(({ id }) => id);
  expect(found.filter((id) => !read('docs/detections.md').includes(`\`${id}\``))).toEqual([]);
});

test('the changelog says what is coming', () => {
  const unreleased = /^## \[Unreleased\]\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(read('CHANGELOG.md'))?.[1] ?? '';
  expect(unreleased).toMatch(/^### (?:Added|Changed|Deprecated|Removed|Fixed|Security)$/m);
  expect(unreleased.match(/^- \S/gm)?.length).toBeGreaterThan(0);
});
