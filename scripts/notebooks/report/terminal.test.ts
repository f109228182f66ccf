import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import type { RunResult } from '../result';
import { exampleRun, failedNotebook, passedNotebook } from './exampleRun';
import { resolveScreen } from './exampleScreen';
import { terminalReporter } from './terminal';

class Screen extends Writable {
  written = '';
  constructor(
    readonly isTTY?: boolean,
    readonly columns = 80,
  ) {
    super();
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void) {
    this.written += chunk.toString();
    done();
  }
}

const options = { quiet: false, environment: {} };

/** Reports a whole run, one notebook after another. */
function report(stream: Screen, given: Partial<typeof options> = {}, run: RunResult = exampleRun): string {
  const reporter = terminalReporter({ ...options, ...given, stream });
  reporter.onStart({ command: run.command, notebooks: run.notebooks.length, jobs: run.jobs });
  for (const notebook of run.notebooks) {
    reporter.onNotebookStart(notebook.path, 0, notebook.cells.length);
    for (const cell of notebook.cells) {
      reporter.onCellStart(notebook.path, 0, cell);
      reporter.onCellEnd(notebook.path, 0, cell);
    }
    reporter.onNotebookEnd(notebook, 0);
  }
  reporter.onEnd(run);
  return stream.written;
}

const expected = `✓ notebooks/01-convolution.ipynb  2 cells, 0.75 s
✗ notebooks/02-padding,100%.ipynb  3 cells, 1.50 s
  note: the kernel died at start and was started again

    cell 2: output changed (stdout): 0.9312 → 0.9401, relative 9.5e-3, allowed 1e-6

      1 │ // the accuracy
      2 │ const accuracy = measure();
      3 │ console.log(\`accuracy \${accuracy}\`);

    - stored   + this run
    … 3 equal lines
      loss 0.31
    - accuracy 0.9312 of 2,000
    + accuracy 0.9401 of 2,000

    also cell 3, line 2: raised: RangeError: kernel 3×3 is larger than x <1×1> & "odd"

- notebooks/03-pooling.ipynb  not run

2 notebooks in 4.20 s
1 passed, 1 failed, 1 skipped
`;

test('not a terminal: one line per notebook, the first failing cell, the counts; no control characters', () => {
  assert.equal(report(new Screen()), expected);
});

test('a terminal ends with the same text, in colour', () => {
  const written = report(new Screen(true));
  assert.match(written, /\x1b\[31m1 passed, 1 failed, 1 skipped\x1b\[39m\n$/);
  assert.equal(resolveScreen(written).join('\n'), expected);
});

test('a terminal shows one line per worker while notebooks run', () => {
  const stream = new Screen(true, 60);
  const reporter = terminalReporter({ ...options, stream, environment: { NO_COLOR: '1' } });
  reporter.onStart({ command: 'test', notebooks: 3, jobs: 2 });
  reporter.onNotebookStart('a.ipynb', 1, 9);
  reporter.onNotebookStart('b.ipynb', 0, 4);
  reporter.onCellStart('b.ipynb', 0, { number: 2, source: `// long\nconst ${'x'.repeat(80)} = 1;` });
  reporter.onNotebookEnd({ ...passedNotebook, path: 'c.ipynb' }, 2);
  const [done, first, second, counts] = resolveScreen(stream.written);
  assert.equal(done, '✓ c.ipynb  2 cells, 0.75 s');
  assert.match(first, /^ {2}b\.ipynb {2}cell 2\/4 {2}\d\.\d s {2}const x+…$/);
  assert.equal(first.length, 59);
  assert.match(second, /^ {2}a\.ipynb {2}starting {2}\d\.\d s$/);
  assert.equal(counts, '  1 of 3 notebooks done');
  reporter.onEnd({ ...exampleRun, notebooks: [passedNotebook], failed: 0 });
  assert.deepEqual(resolveScreen(stream.written).slice(-2), ['1 passed, 0 failed', '']);
});

test('quiet: only failures and the counts', () => {
  const written = report(new Screen(), { quiet: true });
  assert.match(written, /^✗ notebooks\/02/);
  assert.doesNotMatch(written, /01-convolution|note:|in 4\.20 s/);
  assert.match(written, /\n1 passed, 1 failed, 1 skipped\n$/);
  const passed = { ...exampleRun, notebooks: [passedNotebook], failed: 0 };
  assert.equal(report(new Screen(), { quiet: true }, passed), '1 passed, 0 failed\n');
});

test('NO_COLOR, FORCE_COLOR and a dumb terminal are respected', () => {
  const isPlain = (written: string) => !written.includes('\x1b');
  assert.ok(isPlain(report(new Screen(true), { environment: { TERM: 'dumb' } })));
  assert.ok(!report(new Screen(true), { environment: { NO_COLOR: '1' } }).includes('\x1b[31m'));
  assert.ok(report(new Screen(), { environment: { FORCE_COLOR: '1' } }).includes('\x1b[31m'));
});

test('what a notebook printed cannot move the cursor', () => {
  const failure = {
    kind: 'raised',
    message: '\x1b[2J\x1b[1;1Hgone\x07',
    detail: '\x1b]0;title\x07a\rb',
  } as const;
  const notebook = { ...failedNotebook, failures: [failure], notes: ['\x1b[9A'] };
  const written = report(new Screen(), {}, { ...exampleRun, notebooks: [notebook] });
  assert.doesNotMatch(written, /[\x00-\x09\x0b-\x1f]/);
  assert.match(written, /raised: gone/);
});

test('many failures are counted, not listed', () => {
  const failures = Array.from({ length: 9 }, (_, i) => ({
    kind: 'late exception' as const,
    message: `late ${i}`,
  }));
  const written = report(new Screen(), {}, { ...exampleRun, notebooks: [{ ...failedNotebook, failures }] });
  assert.match(written, /also late exception: late 5\n {4}and 3 more failures\n/);
});

test('update and clean report what they did to the file', () => {
  const written = (command: RunResult['command'], fields: object) =>
    report(
      new Screen(),
      {},
      {
        ...exampleRun,
        command,
        notebooks: [{ ...passedNotebook, ...fields }],
        failed: 0,
      },
    ).split('\n')[0];
  assert.equal(
    written('update', { written: 'updated' }),
    '✓ notebooks/01-convolution.ipynb  updated, 2 cells, 0.75 s',
  );
  assert.equal(
    written('clean', { written: 'unchanged', cells: [] }),
    '✓ notebooks/01-convolution.ipynb  unchanged',
  );
});
