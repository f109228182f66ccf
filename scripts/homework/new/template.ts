/** The source notebook that `new` writes: one question of each kind, to be replaced. It passes `release` as it stands. */
import type { NbgraderMetadata } from '../assignment/nbgrader';
import type { CellJson, NotebookJson } from '../assignment/source';

const handingIn =
  'Write helper functions into the same cell as the function that needs them. Cells that you add yourself are for trying things out: they are not graded. Before you hand in, run `npm run homework -- check` with the name of your copy of this notebook.';

/** @param title the first heading: `Assignment 5` */
export function templateNotebook(title: string): NotebookJson {
  return {
    cells: [
      text(
        'title',
        `# ${title}\n\nWhat it is about, and on which notebooks it rests. 20 points.\n\n${handingIn}`,
      ),
      code('imports', "import { check, checkExamples } from 'convlab';", { locked: true }),
      text(
        'mean-text',
        '## 1. A function\n\nWrite the mean of a list of numbers. (8 points. Do not use `median`.)',
      ),
      code('mean', solutionOfMean, { solution: true }),
      code('test-mean', testsOfMean, { grade: true, locked: true, points: 8 }),
      text(
        'sizes-text',
        '## 2. Values\n\nA convolution of 3 × 3 goes over 28 × 28 pixels. How many rows come out without padding, and how many with a padding of 1? (2 points for each.)',
      ),
      code('sizes', solutionOfSizes, { solution: true }),
      code('test-sizes', testsOfSizes, { grade: true, locked: true, points: 4 }),
      text(
        'words-text',
        '## 3. Words\n\nWhy does a mean of many noisy measurements have less noise than each of them? (8 points)',
      ),
      {
        ...text('words', words),
        metadata: { nbgrader: nbgrader('words', { grade: true, solution: true, points: 8 }) },
      },
    ],
    metadata: {
      convlab: { budget: { tensors: 0 }, memoryLimit: '2GB', timeout: 120 },
      kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
      language_info: {
        codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
        file_extension: '.ts',
        mimetype: 'text/typescript',
        name: 'typescript',
        version: '5.0.4',
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

const solutionOfMean = `function mean(values: number[]): number {
  // BEGIN SOLUTION
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
  // END SOLUTION
}`;

const testsOfMean = `checkExamples(mean, [
  [[[1, 2, 6]], 3],
  [[[-4, 4]], 0],
]);
// BEGIN HIDDEN TESTS
import { hiddenTests } from 'convlab';
hiddenTests(mean, {
  // The lists of arguments to call it with: some fixed, some drawn. The solution above is right.
  cases: (random) => [
    [[1, 2, 6]],
    [[7]],
    ...[3, 5, 8].map((length): [number[]] => [Array.from({ length }, () => random.below(100) - 50)]),
  ],
  // Wrong answers that people give, and what to tell them.
  mistakes: [
    { hint: 'That is the sum: divide by how many there are.', wrong: (values) => values.reduce((a, b) => a + b) },
    { hint: 'The first number is left out.', wrong: (values) => values.slice(1).reduce((a, b) => a + b, 0) / values.length },
  ],
  // More wrong answers, which the tests must catch.
  wrong: [() => 3, (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]],
  forbidden: ['median'],
});
// END HIDDEN TESTS`;

const solutionOfSizes = `const rows: { without: number | undefined; padded: number | undefined } = {
  // BEGIN SOLUTION
  // STUB: without: undefined,
  // STUB: padded: undefined,
  without: 26,
  padded: 28,
  // END SOLUTION
};`;

const testsOfSizes = `const isWritten = rows.without !== undefined && rows.padded !== undefined;
console.log(isWritten ? 'Both are there.' : 'Not written yet.');
// BEGIN HIDDEN TESTS
hiddenTests(rows, {
  mistakes: [
    { hint: 'The window must stay inside: 28 − 3 + 1.', wrong: { without: 28 } },
    { hint: 'The padding is on both sides.', wrong: { padded: 27 } },
  ],
});
// END HIDDEN TESTS`;

const words = `// BEGIN SOLUTION
The noise of different measurements points in different directions and partly cancels in the sum: the mean of n independent measurements spreads by a factor of √n less than one of them.

(4 points for the cancelling, 4 for the √n or another reason why more measurements help.)
// END SOLUTION`;

function text(id: string, source: string): CellJson {
  return { cell_type: 'markdown', id, metadata: {}, source: lines(source) };
}

function code(id: string, source: string, marks: Partial<NbgraderMetadata>): CellJson {
  const metadata = { nbgrader: nbgrader(id, marks) };
  return { cell_type: 'code', execution_count: null, id, metadata, outputs: [], source: lines(source) };
}

function nbgrader(id: string, { points, ...marks }: Partial<NbgraderMetadata>): NbgraderMetadata {
  return {
    grade: false,
    grade_id: id,
    locked: false,
    ...(points !== undefined && { points }),
    schema_version: 3,
    solution: false,
    task: false,
    ...marks,
  };
}

function lines(source: string): string[] {
  return source.split(/(?<=\n)/);
}
