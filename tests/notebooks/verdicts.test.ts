/**
 * The fixture notebooks: each fails, or passes, for the reason in its name. One run of the real runner with the real
 * kernel over both folders.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FailureKind } from '../../scripts/notebooks/result';
import { FIXTURES, results, workspace } from './runner';

/** Kind, number of the cell, line in it (null if there is none), and a pattern for the message. */
type Expected = readonly [FailureKind, number | null, number | null, RegExp?];

const FAILS: Readonly<Record<string, Expected>> = {
  'awaited-promise-rejects': ['raised', 1, 4, /^Error: no digits$/],
  'cell-throws': ['raised', 2, 7, /^RangeError: kernel size 4 is even$/],
  'child-process-fails-after-the-end': ['rejected later', 1, null, /^Error: Command failed/],
  'exception-after-the-end': ['late exception', 2, 2, /^TypeError: too late$/],
  'exits-with-0': ['kernel died', 2, null, /exit code 0/],
  'figure-changed': ['output changed', 1, null],
  'floods-errors': ['output flood', 1, null, /100 kB/],
  'floods-output': ['output flood', 1, null, /100 kB/],
  'grows-beyond-memory-limit': ['out of memory', 1, null, /the limit is 500 MB/],
  'hangs-asynchronously': ['timeout', 1, null, /after 1 s/],
  'hangs-synchronously': ['timeout', 2, null, /after 5 s/],
  'imports-nothing': ['type error', 1, 1, /no-such-package/],
  'keeps-the-kernel-busy': ['timeout', null, null, /code that cell 1 started/],
  'kernel-is-killed': ['kernel died', 1, null, /SIGKILL/],
  'leaks-tensors': [
    'over budget',
    null,
    null,
    /^10 tensors are left, most by cell 2 \(10\), the budget is 0$/,
  ],
  'module-cell-has-type-error': ['type error', 1, 2, /not assignable/],
  'not-a-notebook': ['not a notebook', null, null, /nbformat/],
  'output-changed': ['output changed', 1, null, /0\.98 → 0\.97/],
  'output-missing': ['output missing', 1, null, /loud/],
  'output-new': ['output new', 1, null, /unexpected/],
  'over-memory-budget': ['over budget', null, null, /the budget is 50 MB/],
  'over-time-budget': ['over budget', 1, null, /the budget is 0\.1 s/],
  'promise-rejected-at-once': ['rejected later', 1, 2, /^Error: nobody listens$/],
  'promise-rejected-later': ['rejected later', 1, 3, /^Error: file is gone$/],
  'raises-exception-raises-nothing': ['did not raise', 1, null],
  'stale-output': ['stale output', 2, null, /cell 1 above was edited/],
  'syntax-error': ['syntax error', 1, 2],
  'throws-no-error': ['raised', 1, null, /only a string/],
  'type-error': ['type error', 2, 2, /not assignable/],
  'worker-fails-after-the-end': ['late exception', 1, null, /^Error: too late$/],
};

const names = (folder: string) =>
  readdirSync(join(FIXTURES, folder))
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => basename(name, '.ipynb'));

describe('the fixture notebooks', () => {
  let run: Awaited<ReturnType<typeof results>>;
  const reports = workspace();
  before(async () => {
    run = await results([
      'test',
      join(FIXTURES, 'fails'),
      join(FIXTURES, 'passes'),
      '--report',
      reports.folder,
    ]);
  });
  after(reports.remove);

  test('every notebook that must fail is listed here', () => {
    assert.deepEqual(names('fails'), Object.keys(FAILS));
  });

  for (const [name, [kind, cell, line, message]] of Object.entries(FAILS)) {
    test(`${name}: ${kind}${cell === null ? '' : ` in cell ${cell}`}`, () => {
      const { verdict, failures } = run.of(name);
      assert.equal(verdict, 'failed');
      const [first] = failures;
      assert.deepEqual(
        [first.kind, first.cell ?? null, first.line ?? null],
        [kind, cell, line],
        first.message,
      );
      if (message) assert.match(first.message, message);
      // One cause, one failure: nothing else is reported.
      assert.deepEqual(failures.slice(1), []);
    });
  }

  for (const name of names('passes')) {
    test(`${name}: passes`, () => {
      const { verdict, failures } = run.of(name);
      assert.deepEqual(failures, []);
      assert.equal(verdict, 'passed');
    });
  }

  test('exit code 1, and nothing but JSON on standard output', () => {
    assert.equal(run.code, 1);
    assert.equal(run.run.failed, names('fails').length);
    assert.equal(run.run.passed, names('passes').length);
    assert.match(run.stderr, /^\d+ passed, \d+ failed$/m);
    assert.doesNotMatch(run.stderr, /native text/);
  });

  test('cells after a failure are not run, cells after an expected failure are', () => {
    assert.deepEqual(
      run.of('cell-throws').cells.map(({ skipped }) => skipped),
      [undefined, undefined, 'after a failure'],
    );
    const { cells } = run.of('runs-on-after-expected-failure');
    assert.deepEqual(
      cells.map(({ executionCount }) => executionCount),
      [1, 2, 3, 4],
    );
    // Its stored output was compared, so it was printed.
    assert.equal(cells[1].compared, true);
  });

  test('the output before the failure is kept, for the report', () => {
    assert.match(readFileSync(join(reports.folder, 'report.html'), 'utf8'), />\s*looping\s*</);
    assert.ok(existsSync(join(reports.folder, 'junit.xml')));
    assert.deepEqual(JSON.parse(readFileSync(join(reports.folder, 'results.json'), 'utf8')), run.run);
  });

  test('tagged and empty cells are skipped, with that reason', () => {
    const { cells } = run.of('skips-tagged-cells');
    assert.deepEqual(
      cells.map(({ skipped }) => skipped),
      ['tag', 'tag', 'tag', 'tag', 'empty', undefined],
    );
  });

  test('a diff shows the stored and the fresh line', () => {
    const { diff } = run.of('output-changed').failures[0];
    assert.deepEqual(
      diff?.filter(({ kind }) => kind !== 'same'),
      [
        { kind: 'stored', text: 'accuracy 0.98' },
        { kind: 'fresh', text: 'accuracy 0.97' },
      ],
    );
  });

  test('a failure shows the lines of the cell, without internals and absolute paths', () => {
    const { detail } = run.of('cell-throws').failures[0];
    assert.match(
      detail ?? '',
      /^RangeError: kernel size 4 is even\n[^]*▸ 4 │ [^]*▸ 7 │ check[^]*\ncheck, called in line 7$/,
    );
    assert.doesNotMatch(detail ?? '', /node_modules|node:|scripts|evalmachine/);
  });

  test('time, memory and tensors are measured for each cell', () => {
    const { cells, peakMemoryBytes = 0, seconds } = run.of('stays-within-budgets');
    assert.deepEqual([cells[1].tensorsBefore, cells[1].tensorsAfter], [0, 1]);
    assert.ok(cells[0].seconds > 0 && cells[0].seconds <= seconds);
    // Node with TensorFlow.js needs more than 60 MB, and the whole run less than the budget.
    assert.ok(peakMemoryBytes > 60e6 && peakMemoryBytes < 3 * 2 ** 30, String(peakMemoryBytes));
    assert.ok((cells[1].peakMemoryBytes ?? 0) >= (cells[0].peakMemoryBytes ?? Infinity));
  });
});
