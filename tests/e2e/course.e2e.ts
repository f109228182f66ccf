/** Each notebook of the course, opened in JupyterLab and run to its end through the menu. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
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
  test(`${name}: runs to its end, without an error, and every figure is drawn`, async () => {
    const notebook = await lab.open(`notebooks/${name}`);
    await notebook.runAll();
    assert.deepEqual(await notebook.errors(), []);
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
    assert.deepEqual(await notebook.figuresNotDrawn(), []);
    await screenshot(notebook.page, name.replace('.ipynb', ''));
    await notebook.close();
  });
}
