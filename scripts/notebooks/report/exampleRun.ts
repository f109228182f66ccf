/** A small run for the tests of the reports: one notebook passed, one failed in two cells, one not run. */
import { blankNotebook } from '../blank';
import type { CellResult, Failure, NotebookResult, Output, RunResult } from '../result';
import { RESULT_VERSION } from '../result';

const svg = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120" width="300"><rect width="300" height="120" fill="${colour}"/></svg>`;

const figure = (colour: string): Output => ({
  output_type: 'display_data',
  data: { 'image/svg+xml': svg(colour), 'text/plain': 'A rectangle' },
  metadata: {},
});

const stdout = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });

export function exampleCell(number: number, fields: Partial<CellResult> = {}): CellResult {
  return {
    number,
    position: number,
    source: `const x${number} = ${number};`,
    tags: [],
    executionCount: number,
    seconds: number / 8,
    outputs: [],
    storedOutputs: [],
    compared: true,
    failures: [],
    ...fields,
  };
}

export const changed: Failure = {
  kind: 'output changed',
  message: '0.9312 → 0.9401, relative 9.5e-3, allowed 1e-6',
  cell: 2,
  mimeType: 'stdout',
  diff: [
    { kind: 'cut', text: '… 3 equal lines' },
    { kind: 'same', text: 'loss 0.31' },
    { kind: 'stored', text: 'accuracy 0.9312 of 2,000' },
    { kind: 'fresh', text: 'accuracy 0.9401 of 2,000' },
  ],
};

export const raised: Failure = {
  kind: 'raised',
  message: 'RangeError: kernel 3×3 is larger than x <1×1> & "odd"',
  cell: 3,
  line: 2,
  detail: '\x1b[31mRangeError: kernel 3×3 is larger\x1b[0m\n    at conv2d (/lib/conv2d.ts:3:5)\x07\x00',
};

const mebibyte = 2 ** 20;

export const failedNotebook: NotebookResult = {
  path: 'notebooks/02-padding,100%.ipynb',
  verdict: 'failed',
  failures: [changed, raised],
  cells: [
    exampleCell(1, {
      outputs: [stdout('1/2\r2/2 done\n'), figure('teal')],
      storedOutputs: [figure('teal')],
      peakMemoryBytes: 150 * mebibyte,
    }),
    exampleCell(2, {
      source: '// the accuracy\nconst accuracy = measure();\nconsole.log(`accuracy ${accuracy}`);',
      outputs: [stdout('loss 0.31\naccuracy 0.9401 of 2,000\n'), figure('orange')],
      storedOutputs: [stdout('loss 0.31\naccuracy 0.9312 of 2,000\n'), figure('navy')],
      failures: [changed],
      tensorsBefore: 3,
      tensorsAfter: 5,
      peakMemoryBytes: 190 * mebibyte,
    }),
    exampleCell(3, {
      source: 'const big = kernel(3);\nconv2d(x, big);',
      failures: [raised],
      outputs: [{ output_type: 'stream', name: 'stderr', text: 'RangeError: kernel 3×3' }],
      peakMemoryBytes: 190 * mebibyte,
    }),
    exampleCell(4, { skipped: 'after a failure', seconds: 0, tags: ['slow'] }),
  ],
  notes: ['the kernel died at start and was started again'],
  seconds: 1.5,
  startSeconds: 2,
  peakMemoryBytes: 190 * mebibyte,
  kernel: 'tslab',
};

export const passedNotebook: NotebookResult = {
  ...failedNotebook,
  path: 'notebooks/01-convolution.ipynb',
  verdict: 'passed',
  failures: [],
  notes: [],
  seconds: 0.75,
  cells: [
    exampleCell(1, {
      outputs: [
        {
          output_type: 'display_data',
          data: {
            'text/html': '<b>bold</b><script>document.title = "hacked"</script>',
            'text/plain': 'bold',
          },
          metadata: {},
        },
        { output_type: 'execute_result', data: { 'text/plain': '<b>3</b>' }, metadata: {} },
      ],
    }),
    exampleCell(2),
  ],
};

export const exampleRun: RunResult = {
  version: RESULT_VERSION,
  command: 'test',
  started: '2026-11-20T11:34:15.123Z',
  seconds: 4.2,
  jobs: 2,
  notebooks: [passedNotebook, failedNotebook, blankNotebook('notebooks/03-pooling.ipynb')],
  passed: 1,
  failed: 1,
  runnerMemoryBytes: 90 * mebibyte,
  node: 'v22.1.0',
};
