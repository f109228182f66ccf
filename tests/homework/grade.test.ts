/** What honest submissions are told. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { checksum, type NbgraderMetadata } from '../../scripts/homework/assignment/nbgrader';
import type { SandboxName, SubmissionGrade } from '../../scripts/homework/grade/job';
import { chooseSandbox } from '../../scripts/homework/sandbox/choose';
import {
  folder,
  graded,
  honest,
  notebookText,
  submissionCells,
  written,
  type Answers,
  type Cell,
} from './assignment';

after(() => rmSync(folder, { recursive: true, force: true }));

let sandbox: SandboxName | undefined;

async function gradeOf(
  answers: Answers,
  more: readonly Cell[] = [],
  seed?: number,
): Promise<SubmissionGrade> {
  sandbox ??= (await chooseSandbox()).name;
  return graded(written(notebookText([...submissionCells(answers), ...more])), sandbox, { seed });
}

test('right, partly right, wrong and not written', async () => {
  const { questions, problems, answers } = await gradeOf({
    total: 'function total(list: number[]): number {\n  throw new Error("not written yet");\n}',
    slide:
      'function slide(x: number[], kernel: number[]): number[] {\n  return x.slice(kernel.length - 1).map((_, i) => kernel.reduce((sum, k, u) => sum + scale * k * x[i + kernel.length - 1 - u], 0));\n}',
    sizes: 'const sizes = { first: 24, second: 13 };',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    questions.map(({ id, state, points, max, right, cases }) => [id, state, points, max, right, cases]),
    [
      ['total-tests', 'not written', 0, 10, 0, 3],
      ['slide-tests', 'wrong', 0, 10, 0, 3],
      ['sizes-tests', 'partly', 5, 10, 1, 2],
      ['words', 'manual', 0, 5, 0, 0],
    ],
  );
  assert.equal(questions[1].hint, 'The kernel is flipped.');
  assert.match(
    questions[1].message,
    /^With the input \[1, 2, 3\] and \[1, 10\], the result .* The kernel is flipped\./,
  );
  assert.equal(answers.words, honest.words);
});

test('the same file gets the same inputs, another file or another seed gets others', async () => {
  const wrong = { total: 'function total(list: number[]): number {\n  throw new Error(`${list}`);\n}' };
  const other = { total: `${wrong.total}\n` };
  const inputs = ({ questions }: SubmissionGrade) => questions[1].message;
  const [first, again, changed, seeded] = [
    await gradeOf(wrong),
    await gradeOf(wrong),
    await gradeOf(other),
    await gradeOf(wrong, [], 8),
  ];
  assert.deepEqual(first, again);
  assert.notEqual(inputs(first), inputs(changed));
  assert.notEqual(inputs(first), inputs(seeded));
});

test('cells that are not the student’s to write: changed or taken out, they are graded as handed out, and it is said', async () => {
  sandbox ??= (await chooseSandbox()).name;
  const cells = submissionCells().flatMap((cell): Cell[] => {
    switch (cell.metadata.nbgrader?.grade_id) {
      case 'given':
        return [{ ...cell, source: cell.source.replace('scale = 2', 'scale = 1') }];
      case 'total-tests':
        return [{ ...cell, source: `${cell.source.replaceAll('\n', '\r\n')}\r\n` }];
      case 'slide-tests':
        return [{ ...cell, metadata: { nbgrader: { ...cell.metadata.nbgrader, points: 100 } } }];
      case 'sizes-tests':
        return [];
      case 'words':
        return [{ ...cell, metadata: { nbgrader: { ...cell.metadata.nbgrader, points: 50 } } }];
      default:
        return [cell];
    }
  });
  const { questions, notes, problems } = await graded(written(notebookText(cells)), sandbox);
  assert.deepEqual(
    questions.map(({ points, max }) => [points, max]),
    [[10, 10], [10, 10], [10, 10], [0, 5]], // prettier-ignore
  );
  const otherPoints = 'The points or the role of this cell were changed; those of the assignment count.';
  assert.deepEqual(notes, {
    given: 'This cell was changed; it was graded as it was handed out.',
    'slide-tests': otherPoints,
    'sizes-tests': 'This cell was taken out; it was graded as it was handed out.',
    words: otherPoints,
  });
  assert.deepEqual(problems, [
    'given: This cell was changed; it was graded as it was handed out.',
    `slide-tests, words: ${otherPoints}`,
    'sizes-tests: This cell was taken out; it was graded as it was handed out.',
  ]);
});

test('a cell that is as an earlier version of the assignment had it, by its checksum, is not called changed', async () => {
  sandbox ??= (await chooseSandbox()).name;
  const earlier = (source: string) =>
    submissionCells().map((cell) => {
      if (cell.metadata.nbgrader?.grade_id !== 'given') return cell;
      const { nbgrader } = cell.metadata;
      const sum = checksum({ type: 'code', source: '// An earlier version.' }, nbgrader as NbgraderMetadata);
      return { ...cell, source, metadata: { nbgrader: { ...nbgrader, checksum: sum } } };
    });
  const [as, other] = ['// An earlier version.', '// An earlier version, changed.'].map(async (source) => {
    const { notes } = await graded(written(notebookText(earlier(source))), sandbox ?? 'node');
    return Object.keys(notes);
  });
  assert.deepEqual([await as, await other], [[], ['given']]);
});

test('a helper in a cell of one’s own is told about', async () => {
  const own: Cell = {
    cell_type: 'code',
    metadata: {},
    source: 'const plus = (a: number, b: number) => a + b;',
  };
  const { questions } = await gradeOf(
    { total: 'function total(list: number[]) { return list.reduce(plus, 0); }' },
    [own],
  );
  assert.match(questions[0].message, /`plus` is in a cell of your own, which is not graded/);
});

test('a cell that throws takes nothing from what it has declared', async () => {
  const { questions } = await gradeOf({ total: `${honest.total}\ncheck('h1.1', total);\nundefinedName();` });
  assert.equal(questions[0].state, 'passed');
});

test('a grading that is stopped says so, and leaves no process', async () => {
  const stopping = new AbortController();
  const file = written(notebookText(submissionCells({ slide: 'function slide() { for (;;); }' })));
  const grading = graded(file, sandbox ?? 'node', { signal: stopping.signal });
  setTimeout(() => stopping.abort(), 500);
  await assert.rejects(grading, { name: 'AbortError' });
});
