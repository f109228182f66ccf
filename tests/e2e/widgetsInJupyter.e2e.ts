/** Prediction locks in JupyterLab: they open what is folded below them, and nothing else does. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { screenshot } from './browser';
import { testLab } from './jupyter';

const lab = testLab();

const folded = { jupyter: { source_hidden: true, outputs_hidden: true } };
const LOCK = [
  '// Predict: the code opens with your answer.',
  "import { convolutionStepper, matrix, prediction, show } from 'convlab';",
  "prediction('How many places has a window of 3 on 5 pixels?', 5 - 3 + 1)",
].join('\n');
const STEPPER = 'convolutionStepper([[0, 9, 0], [0, 9, 9], [0, 0, 9]], [[1, 2], [0, -1]])';

const prose = {
  cell_type: 'markdown',
  id: 'prose',
  metadata: {},
  source: 'There are three places.\n\n## The next section\n\nIt is about strides.',
};

/** A lock whose code is hidden, two folded cells, prose about them, a cell that is not folded, and a stepper. */
function writeNotebook(): string {
  const path = lab.write('widgets', [
    LOCK,
    "console.log('the first reveal');",
    "console.log('the second');",
    "console.log('never folded');",
    STEPPER,
  ]);
  const file = join(lab.root, path);
  const notebook = JSON.parse(readFileSync(file, 'utf8')) as { cells: { metadata: object }[] };
  notebook.cells[0].metadata = { jupyter: { source_hidden: true } };
  notebook.cells[1].metadata = notebook.cells[2].metadata = folded;
  notebook.cells.splice(3, 0, prose);
  writeFileSync(file, JSON.stringify(notebook));
  return path;
}

const widget = (cell: Locator): Locator => cell.locator('[data-convlab-widget]');

test('a lock opens its own code and the folded cells directly below it', async () => {
  const notebook = await lab.open(writeNotebook());
  const { page } = notebook;
  await notebook.runAll();
  assert.deepEqual(await notebook.errors(), []);
  const lock = widget(await notebook.cell(0));
  // JupyterLab has unfolded the outputs of the cells that were run; the lock keeps them out of sight.
  const reveal = page.getByText('the first reveal', { exact: true });
  assert.equal(await reveal.isVisible(), false);
  const plain = page.getByText('never folded', { exact: true });
  assert.ok(await plain.isVisible(), 'a cell that is not folded is not hidden');
  const said = page.locator('p', { hasText: 'There are three places.' });
  assert.equal(await said.isVisible(), false);
  assert.ok(
    await page.locator('p', { hasText: 'It is about strides.' }).isVisible(),
    'what follows a heading is seen',
  );
  await screenshot(page, 'lock-closed-jupyterlab');
  await lock.getByRole('textbox').fill('4');
  await lock.getByRole('textbox').press('Enter');
  assert.match((await lock.getByRole('status').textContent()) ?? '', /You said 4; it is 3/);
  await reveal.waitFor();
  await page.getByText('the second', { exact: true }).waitFor();
  await said.waitFor();
  assert.equal(await page.locator('.jp-Placeholder').count(), 0);
  await screenshot(page, 'lock-open-jupyterlab');
  await notebook.close();
});
