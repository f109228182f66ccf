/** notebooks:update and notebooks:clean on copies of fixture notebooks. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { sourceHash } from '../../scripts/notebooks/compare';
import { readNotebook } from '../../scripts/notebooks/notebook/notebook';
import { DEFAULT_COMPARE } from '../../scripts/notebooks/result';
import { silent } from '../../scripts/notebooks/run/asJob';
import { kernelCommand } from '../../scripts/notebooks/run/kernelspec';
import { runNotebooks } from '../../scripts/notebooks/run/run';
import { runner, workspace } from './runner';

interface Notebook {
  readonly cells: {
    readonly source: string[];
    readonly outputs?: unknown[];
    readonly execution_count?: number | null;
    readonly metadata: { readonly convlab?: { readonly source?: string } };
  }[];
}

test('update stores, a second update changes no byte, a test then passes, clean removes everything again', async () => {
  const place = workspace(
    'fails/output-changed.ipynb',
    'passes/durations-are-sanitized.ipynb',
    'fails/cell-throws.ipynb',
  );
  const files = ['output-changed.ipynb', 'durations-are-sanitized.ipynb', 'cell-throws.ipynb'];
  const read = () => files.map((name) => readFileSync(place.path(name), 'utf8'));
  const original = read();

  const first = await runner(['update', place.folder]);
  assert.equal(first.code, 1, 'cell-throws fails');
  const updated = read();
  assert.equal(updated[2], original[2], 'a notebook that fails is left as it was');
  const changed = JSON.parse(updated[0]) as Notebook;
  assert.deepEqual(changed.cells[1].outputs, [
    { name: 'stdout', output_type: 'stream', text: ['accuracy 0.97\n'] },
  ]);
  assert.equal(changed.cells[1].metadata.convlab?.source, sourceHash(changed.cells[1].source.join('')));
  // The same digits in the same lines: only the runner's own part differs.
  const lines = (text: string) => text.split('\n');
  const foreign = lines(original[0]).filter((line) => !/accuracy|"metadata": \{\}/.test(line));
  assert.deepEqual(
    foreign.filter((line) => !lines(updated[0]).includes(line)),
    [],
  );
  assert.match(updated[1], /accuracy 0\.97 after 4321 ms/, 'a changed duration is not a reason to write');
  assert.deepEqual(readdirSync(place.folder).sort(), [...files].sort(), 'nothing else is left in the folder');

  const passing = files.slice(0, 2).map(place.path);
  const second = await runner(['update', ...passing]);
  assert.equal(second.code, 0);
  assert.deepEqual(read(), updated);
  assert.equal((await runner(['test', ...passing])).code, 0);

  const clean = await runner(['clean', place.folder]);
  assert.equal(clean.code, 0);
  for (const text of read()) {
    for (const cell of (JSON.parse(text) as Notebook).cells) {
      assert.ok(cell.outputs === undefined || cell.outputs.length === 0);
      assert.ok(cell.execution_count === undefined || cell.execution_count === null);
      assert.deepEqual(cell.metadata, {});
    }
  }
  const cleaned = read();
  assert.equal((await runner(['clean', place.folder])).code, 0);
  assert.deepEqual(read(), cleaned, 'cleaning twice changes nothing');
  place.remove();
});

test('an update goes through a symbolic link, keeps the mode, and says when it cannot write', async () => {
  const place = workspace('fails/output-changed.ipynb', 'other/prints.ipynb');
  symlinkSync('output-changed.ipynb', place.path('link.ipynb'));
  chmodSync(place.path('output-changed.ipynb'), 0o640);
  // Changes the file while the runner runs it.
  const edited = readFileSync(place.path('prints.ipynb'), 'utf8').replace(
    `console.log('one')`,
    `require('fs').appendFileSync('prints.ipynb', '\\\\n'); console.log('one')`,
  );
  writeFileSync(place.path('prints.ipynb'), edited);
  const { code, stdout } = await runner(['update', place.path('link.ipynb'), place.path('prints.ipynb')]);
  assert.equal(code, 1);
  assert.match(stdout, /not written: the file was changed while it ran/);
  assert.equal(readFileSync(place.path('prints.ipynb'), 'utf8'), `${edited}\n`);
  assert.ok(lstatSync(place.path('link.ipynb')).isSymbolicLink());
  assert.match(readFileSync(place.path('output-changed.ipynb'), 'utf8'), /accuracy 0\.97/);
  assert.equal(statSync(place.path('output-changed.ipynb')).mode & 0o777, 0o640);
  place.remove();
});

test('a notebook during whose run lib was built is not stored', async () => {
  const place = workspace('other/prints.ipynb');
  const notebook = readNotebook(place.path('prints.ipynb'));
  let builds = 0;
  const stored: string[] = [];
  const run = (build: () => string) =>
    runNotebooks(
      [{ path: notebook.path, notebook }],
      {
        ...{ jobs: 1, failFast: false, repeat: 1, retries: 0, startupSeconds: 60 },
        limits: { timeoutSeconds: 60, memoryBytes: 2 ** 32, outputBytes: 2 ** 20 },
        compare: () => 'none',
        compareOptions: DEFAULT_COMPARE,
        command: () => kernelCommand(),
        build,
        onPassed: (_, result) => {
          stored.push(result.path);
          return result;
        },
      },
      silent,
    );
  const [changed] = await run(() => `build ${builds++}`);
  assert.deepEqual(changed.failures, [
    {
      kind: 'not written',
      message:
        'lib was built while the notebook ran, so its outputs may come from two builds; run the update again',
    },
  ]);
  assert.deepEqual([changed.verdict, stored], ['failed', []]);
  const [same] = await run(() => 'one build');
  assert.deepEqual([same.verdict, stored], ['passed', [notebook.path]]);
  place.remove();
});
