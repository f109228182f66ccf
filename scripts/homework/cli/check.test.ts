/** `homework -- check` on students' versions of the template: right, empty, with a forbidden name, with a broken cell. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { UsageError } from '../../commandLine';
import type { CellJson, NotebookJson } from '../assignment/source';
import { readSource } from '../assignment/source';
import { templateNotebook } from '../new/template';
import { notebookText, studentVersion } from '../release/studentVersion';
import { check } from './check';

// In the project, so that the kernel finds convlab from there.
const report = join(__dirname, '..', '..', '..', 'report');
mkdirSync(report, { recursive: true });
const folder = mkdtempSync(join(report, 'check-'));
after(() => rmSync(folder, { recursive: true }));

const source = join(folder, 'source.ipynb');
writeFileSync(source, notebookText(templateNotebook('Assignment 9')));
const released = studentVersion(readSource(source), new Map([['test-mean', ['median']]]));

const mean = (body: string): string => `function mean(values: number[]): number {\n  ${body}\n}`;
const right = mean('return values.reduce((a, b) => a + b) / values.length;');

/** Writes what a student hands in: other text in some cells, by id, and cells of their own, at the end or where `change` puts them. */
function handedIn(
  answers: Readonly<Record<string, string>>,
  own: readonly string[] = [],
  change: (cells: readonly CellJson[], own: readonly CellJson[]) => readonly CellJson[] = (all, more) => [
    ...all,
    ...more,
  ],
): string {
  const cells = released.cells.map((cell): CellJson => {
    const answer = answers[String(cell.id)];
    return answer === undefined ? cell : { ...cell, source: answer };
  });
  const added = own.map((text, i) => ({
    cell_type: 'code',
    execution_count: null,
    id: `own-${i}`,
    metadata: {},
    outputs: [],
    source: text,
  }));
  const file = join(folder, 'mine.ipynb');
  const notebook: NotebookJson = { ...released, cells: change(cells, added) };
  writeFileSync(file, notebookText(notebook));
  return file;
}

/** The exit code, and what is printed meanwhile. */
async function checked(file: string): Promise<{ code: number; text: string }> {
  const logging = mock.method(console, 'log', () => undefined);
  try {
    const code = await check([file]);
    return { code, text: logging.mock.calls.map((call) => String(call.arguments[0])).join('\n') };
  } finally {
    logging.mock.restore();
  }
}

test('right answers pass', async () => {
  const { code, text } = await checked(handedIn({ mean: right }));
  assert.match(text, /^✓ test-mean\n {4}✓ /);
  assert.match(
    text,
    /– test-sizes\n {4}Not written yet\.\n[^]*mine\.ipynb: 1 of 1 pass; 1 says nothing of right or wrong\.$/,
  );
  assert.equal(code, 0);
});

test('the version that is handed out does not pass', async () => {
  const { code, text } = await checked(handedIn({}));
  assert.match(text, /^✗ test-mean\n.*\n? *Not written yet\./);
  assert.equal(code, 1);
});

test('a wrong answer is measured, and a broken cell does not stop the ones below', async () => {
  const wrong = mean('return values.reduce((a, b) => a + b);');
  const { code, text } = await checked(handedIn({ mean: wrong }, ["throw new Error('mine');"]));
  assert.match(text, /✗ test-mean\n[^]*the input \[1, 2, 6\].*3/);
  assert.match(text, /– test-sizes/);
  assert.match(text, /✗ cell 6\n {4}line 1: .*mine/);
  assert.match(text, /: 0 of 2 pass; 1 says nothing of right or wrong\.$/);
  assert.equal(code, 1);
});

test('a solution that imports a forbidden name does not pass, although its answers are right', async () => {
  const forbidden = `import { median } from 'convlab';\nconst middle = median;\n${right}`;
  const { code, text } = await checked(handedIn({ mean: forbidden }));
  assert.match(text, /✗ test-mean\n {4}Line 1 uses `median`, which this question asks you to do without\./);
  assert.equal(code, 1);
});

const onTop = (cells: readonly CellJson[], own: readonly CellJson[]) => [...own, ...cells];

test('a helper in a cell of one’s own does not pass, since it is not graded', async () => {
  const helped = mean('return total(values) / values.length;');
  const total = 'const total = (values: number[]) => values.reduce((a, b) => a + b);';
  const { code, text } = await checked(handedIn({ mean: helped }, [total], onTop));
  assert.match(text, /✗ test-mean\n {4}`total` is from cell 1, a cell of your own, which is not graded: /);
  assert.equal(code, 1);
});

test('nor does a solution in another cell than that of the assignment', async () => {
  const isBelow = (cells: readonly CellJson[], own: readonly CellJson[]) =>
    cells.flatMap((cell) => (cell.id === 'mean' ? [cell, ...own] : [cell]));
  const { code, text } = await checked(handedIn({}, [right], isBelow));
  assert.match(text, /✗ test-mean\n {4}`mean` is from cell 3, a cell of your own/);
  assert.equal(code, 1);
});

test('nor does a helper in a namespace, or an answer that a cell of one’s own changes', async () => {
  const helped = mean('return H.total(values) / values.length;');
  const total = '(values: number[]) => values.reduce((a, b) => a + b);';
  const space = await checked(
    handedIn({ mean: helped }, [`namespace H {\n  export const total = ${total}\n}`], onTop),
  );
  assert.match(space.text, /✗ test-mean\n {4}`H` is from cell 1, a cell of your own, which is not graded: /);
  const below = (cells: readonly CellJson[], own: readonly CellJson[]) =>
    cells.flatMap((cell) => (cell.id === 'mean' ? [cell, ...own] : [cell]));
  const empty =
    'let parts = { mean: (values: number[]) => 0 };\nconst mean = (values: number[]) => parts.mean(values);';
  for (const change of [
    `parts = { mean: ${total.slice(0, -1)} / values.length };`,
    `parts.mean = ${total.slice(0, -1)} / values.length;`,
  ]) {
    const changed = await checked(handedIn({ mean: empty }, [change], below));
    assert.match(
      changed.text,
      /✗ test-mean\n {4}`parts` is changed in cell 3, a cell of your own, which is not graded: make the change in the cell of the solution/,
    );
  }
});

test('cells of one’s own for trying things out, and what the teacher has left without a grade_id, are no matter', async () => {
  const own = ["import { checkExamples, median } from 'convlab';\nconst tried = median([1, 2]);"];
  const given: CellJson = {
    cell_type: 'code',
    execution_count: null,
    id: 'given',
    metadata: { homework: { given: true } },
    outputs: [],
    source: 'const total = (values: number[]) => values.reduce((a, b) => a + b);',
  };
  const helped = mean('return total(values) / values.length;');
  const file = handedIn({ mean: helped }, own, (cells, more) => [
    given,
    ...cells.slice(0, 3),
    ...more,
    ...cells.slice(3),
  ]);
  const { code, text } = await checked(file);
  assert.match(text, /^✓ test-mean\n/);
  assert.equal(code, 0);
});

test('a word in a solution that only labels something is none of the names that the student’s own cells declare', async () => {
  const own = 'const [sum, count, outer, median, total, half] = [1, 2, 3, 4, 5, 6];';
  const labels = mean(`const { sum: a, count: n } = { sum: 0, count: values.length };
  let t = a;
  outer: for (const value of values) {
    t += value;
    if (n < 0) break outer;
    if (t < 0) continue outer;
  }
  const pair: [total: number, half: number] = [t, t / 2];
  return pair[0] / n;`);
  const { code, text } = await checked(handedIn({ mean: labels }, [own], onTop));
  assert.match(text, /^✓ test-mean\n/);
  assert.equal(code, 0);
});

test('an answer that has lost its grade_id, and one that is there twice, are told', async () => {
  const without = (cells: readonly CellJson[]) =>
    cells.flatMap((cell) => {
      if (cell.id === 'words') return [{ ...cell, metadata: {} }];
      return cell.id === 'test-mean'
        ? [cell, { ...cells[3], id: 'copy', source: mean('return 0;') }]
        : [cell];
    });
  const { code, text } = await checked(handedIn({ mean: right }, [], without));
  assert.match(text, /✗ mean\n {4}There are 2 cells with this grade_id, and only the last one is graded/);
  assert.match(text, /✗ words\n {4}This cell is gone, or has lost its grade_id/);
  assert.equal(code, 1);
});

test('what is no assignment is refused', async () => {
  const plain = join(folder, 'plain.ipynb');
  const prose = released.cells.filter(({ cell_type: type }) => type === 'markdown');
  writeFileSync(plain, notebookText({ ...templateNotebook('Prose'), cells: prose }));
  await assert.rejects(checked(plain), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /plain\.ipynb has no checks: is it an assignment\?/);
    return true;
  });
  writeFileSync(plain, '{');
  await assert.rejects(checked(plain), UsageError);
  await assert.rejects(checked(join(folder, 'missing.ipynb')), UsageError);
  await assert.rejects(check([]), UsageError);
});
