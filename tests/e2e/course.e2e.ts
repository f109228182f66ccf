/**
 * Each notebook of the course, opened in JupyterLab, run to its end through the menu, and saved: what is saved agrees
 * with what is stored, and differs from it only in outputs.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../scripts/lab/environment';
import { screenshot } from './browser';
import { testLab } from './jupyter';

const lab = testLab();

const notebooks = readdirSync(join(ROOT, 'notebooks'))
  .filter((name) => name.endsWith('.ipynb'))
  .sort();

for (const name of notebooks) {
  test(`${name}: runs to its end without an error, draws every figure, and is saved as it is stored`, async (t) => {
    const path = `notebooks/${name}`;
    const began = performance.now();
    const notebook = await lab.open(path);
    t.diagnostic(`opened in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    await notebook.runAll();
    assert.deepEqual(
      await notebook.errors(),
      warningsIn(join(ROOT, path)),
      'errors, and warnings not stored',
    );
    const cells = await notebook.cells();
    const notRun = cells.filter(
      ({ type, source, executionCount }) =>
        type === 'code' && source.trim() !== '' && executionCount === null,
    );
    assert.deepEqual(
      notRun.map(({ index }) => index),
      [],
      'cells that were not run',
    );
    // What stands below a prediction is out of sight until it is answered.
    for (const { index } of cells.filter(({ source }) => /^prediction\(/m.test(source))) {
      await (await notebook.cell(index)).getByRole('button', { name: 'Show me' }).click();
    }
    assert.deepEqual(await notebook.figuresNotDrawn(), []);
    await screenshot(notebook.page, name.replace('.ipynb', ''));
    await notebook.save();
    if (cells.some(({ folded }) => folded)) {
      await notebook.unfold();
      assert.deepEqual(await notebook.figuresNotDrawn(), []);
    }
    await notebook.close();

    const [stored, saved] = [join(ROOT, path), join(lab.root, path)];
    assert.equal(withoutOutputs(saved), withoutOutputs(stored));
    notebooksTest(saved, '--against', stored);
    // The outputs of the others were compared; these are run again, with widgets, figures and a training.
    if (/^(00|01|08)-/.test(name)) notebooksTest(saved);
    assert.ok(statSync(saved).size < 1_500_000, 'a notebook with outputs is under 1.5 MB');
  });
}

/** What the stored cells say on stderr, as `NotebookPage.errors` tells it: warnings that a notebook is about. */
function warningsIn(file: string): string[] {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
    cells: { outputs?: { name?: string; text?: string[] }[] }[];
  };
  return cells.flatMap(({ outputs = [] }, index) =>
    outputs.flatMap(({ name, text = [] }) => (name === 'stderr' ? [`cell ${index}: ${text.join('')}`] : [])),
  );
}

/** `npm run notebooks:test` passes. */
function notebooksTest(...args: readonly string[]): void {
  const command = ['-r', './scripts/typescript.js', 'scripts/notebooks/main.ts', 'test', ...args];
  const run = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stdout + run.stderr);
}

/**
 * A notebook's text, parsed and written again so that white space does not count, but the order of keys does. What is
 * folded away does not count either: running a cell and answering a question unfold it.
 */
function withoutOutputs(file: string): string {
  return JSON.stringify(
    JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => {
      if (key === 'outputs' || key === 'execution_count') return [];
      if (['outputs_hidden', 'source_hidden', 'collapsed'].includes(key)) return undefined;
      return key === 'jupyter' && Object.keys(value as object).length === 0 ? undefined : value;
    }),
    undefined,
    1,
  );
}
