/** A small assignment, and submissions of it, for tests: honest in one question, and whatever the test needs in others. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gradeSubmission } from '../../scripts/homework/grade/grade';
import {
  defaultLimits,
  type Limits,
  type SandboxName,
  type SubmissionGrade,
} from '../../scripts/homework/grade/job';

/** Stands in the solutions: must never come out. */
export const SECRET = 'the-teachers-solution';

export interface Cell {
  readonly cell_type: 'code' | 'markdown';
  readonly metadata: { readonly nbgrader?: Readonly<Record<string, unknown>> };
  readonly source: string;
}

const nbgrader = (grade_id: string, role: object): Cell['metadata'] => ({
  nbgrader: {
    schema_version: 3,
    grade_id,
    grade: false,
    solution: false,
    locked: false,
    task: false,
    ...role,
  },
});
export const solution = (id: string, source: string): Cell => ({
  cell_type: 'code',
  metadata: nbgrader(id, { solution: true }),
  source,
});
export const tests = (id: string, visible: string, hidden: string): Cell => ({
  cell_type: 'code',
  metadata: nbgrader(id, { grade: true, locked: true, points: 10 }),
  source: `${visible}\n// BEGIN HIDDEN TESTS\n${hidden}\n// END HIDDEN TESTS`,
});
export const solved = (head: string, body: string): string =>
  `${head} {\n  // BEGIN SOLUTION\n  // ${SECRET}\n  ${body}\n  // END SOLUTION\n}`;

/** The source notebook: a sum, a convolution that has to be written in loops, two numbers, and a text. */
const cells: readonly Cell[] = [
  { cell_type: 'markdown', metadata: {}, source: '# A small assignment' },
  {
    cell_type: 'code',
    metadata: nbgrader('given', { locked: true }),
    source: `import { check, conv2d, ndarray, rowsOf, zeros } from 'convlab';\nconst scale = 2;`,
  },
  solution(
    'total',
    solved('function total(list: number[]): number', 'return list.reduce((a, b) => a + b, 0);'),
  ),
  tests(
    'total-tests',
    `check('visible', total([1, 2]));`,
    `import { hiddenTests } from 'convlab';
hiddenTests(total, {
  cases: (random) => [[[1, 2, 3]], [[]], [Array.from({ length: 5 }, () => random.uniform())]],
  mistakes: [{ hint: 'That is the mean.', wrong: (list) => list.reduce((a, b) => a + b, 0) / list.length }],
});`,
  ),
  solution(
    'slide',
    solved(
      'function slide(x: number[], kernel: number[]): number[]',
      'return x.slice(kernel.length - 1).map((_, i) => kernel.reduce((sum, k, u) => sum + scale * k * x[i + u], 0));',
    ),
  ),
  tests(
    'slide-tests',
    `check('visible', slide([1, 2], [1]));`,
    `hiddenTests(slide, {
  forbidden: ['conv2d', 'Math.sumPrecise'],
  axes: ['columns'],
  cases: (random) => [[[1, 2, 3], [1, 10]], ...[5, 7].map((n) => [Array.from({ length: n }, () => random.normal()), [1, random.normal(), 3]] as [number[], number[]])],
  mistakes: [{ hint: 'The kernel is flipped.', wrong: (x, kernel) => x.slice(kernel.length - 1).map((_, i) => kernel.reduce((sum, k, u) => sum + 2 * k * x[i + kernel.length - 1 - u], 0)) }],
});`,
  ),
  solution(
    'sizes',
    `const sizes: Record<string, number | undefined> = {\n  // BEGIN SOLUTION\n  // STUB: first: undefined,\n  // STUB: second: undefined,\n  first: 24, // ${SECRET}\n  second: 12,\n  // END SOLUTION\n};`,
  ),
  tests(
    'sizes-tests',
    `check('visible', sizes);`,
    `hiddenTests(sizes, { wrong: [{ first: 26 }, { second: 13 }] });`,
  ),
  {
    cell_type: 'markdown',
    metadata: nbgrader('words', { grade: true, solution: true, points: 5 }),
    source: '',
  },
];

export function notebookText(all: readonly unknown[]): string {
  const kernelspec = { name: 'tslab', display_name: 'TypeScript', language: 'typescript' };
  const full = all.map((cell) => {
    const isCode = (cell as Cell | null)?.cell_type === 'code';
    return typeof cell === 'object'
      ? { ...(isCode && { outputs: [], execution_count: null }), ...cell }
      : cell;
  });
  return JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: { kernelspec }, cells: full });
}

export const folder = mkdtempSync(join(tmpdir(), 'convlab-attacks-'));
export const assignment = join(folder, 'small.ipynb');
writeFileSync(assignment, notebookText(cells));

export const honest = {
  total:
    'function total(list: number[]): number {\n  let sum = 0;\n  for (const x of list) sum += x;\n  return sum;\n}',
  slide:
    'function slide(x: number[], kernel: number[]): number[] {\n  const y = [];\n  for (let i = 0; i + kernel.length <= x.length; i++) {\n    let sum = 0;\n    for (let u = 0; u < kernel.length; u++) sum += scale * kernel[u] * x[i + u];\n    y.push(sum);\n  }\n  return y;\n}',
  sizes: 'const sizes = { first: 24, second: 12 };',
  words: 'Because it is so.',
} as const;

export type Answers = Partial<Record<keyof typeof honest, string>>;

/** The cells of a submission: honest but for `answers`. */
export function submissionCells(answers: Answers = {}): Cell[] {
  return cells.map((cell): Cell => {
    const id = cell.metadata.nbgrader?.grade_id as keyof typeof honest | undefined;
    if (id === undefined || !Object.hasOwn(honest, id)) {
      return { ...cell, source: cell.source.replace(/\/\/ BEGIN HIDDEN[^]*END HIDDEN TESTS/, '') };
    }
    return { ...cell, source: answers[id] ?? honest[id] };
  });
}

let count = 0;

export function written(content: string | Uint8Array): string {
  const file = join(folder, `submission-${++count}.ipynb`);
  writeFileSync(file, content);
  return file;
}

/** Time enough on a busy machine, little of all else. */
export const limits: Limits = {
  ...defaultLimits,
  questionSeconds: 20,
  totalSeconds: 60,
  memoryMegabytes: 128,
  answerBytes: 300_000,
  outputBytes: 100_000,
};

export function graded(
  submission: string,
  sandbox: SandboxName,
  options: { student?: string; seed?: number; signal?: AbortSignal; limits?: Limits } = {},
): Promise<SubmissionGrade> {
  const { student = 'student', seed = 7, signal } = options;
  const job = { assignment, submission, student, seed, sandbox, limits: options.limits ?? limits };
  return gradeSubmission(job, signal);
}
