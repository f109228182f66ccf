/** Widgets in JupyterLab: drawn there, in its theme, not disturbed by its keys; locks that open what is folded below. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { axeFaults, screenshot } from './browser';
import { testLab } from './jupyter';

const lab = testLab();

const folded = { jupyter: { source_hidden: true, outputs_hidden: true } };
const LOCK = [
  '// Predict: the code opens with your answer.',
  "import { convolutionStepper, matrix, prediction, show } from 'convlab';",
  "prediction('How many places has a window of 3 on 5 pixels?', 5 - 3 + 1)",
].join('\n');
const STEPPER = 'convolutionStepper([[0, 9, 0], [0, 9, 9], [0, 0, 9]], [[1, 2], [0, -1]])';

/** A lock whose code is hidden, two folded cells, one that is not, and a stepper. */
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
  writeFileSync(file, JSON.stringify(notebook));
  return path;
}

const widget = (cell: Locator): Locator => cell.locator('[data-convlab-widget]');

test('in JupyterLab: locks, keys, themes, and what is seen of a notebook that is not trusted', async (t) => {
  const notebook = await lab.open(writeNotebook());
  const { page } = notebook;
  await notebook.runAll();
  assert.deepEqual(await notebook.errors(), []);

  await t.test('a lock opens its own code and the folded cells directly below it', async () => {
    const lock = widget(await notebook.cell(0));
    // JupyterLab has unfolded the outputs of the cells that were run; the lock keeps them out of sight.
    const reveal = page.getByText('the first reveal', { exact: true });
    assert.equal(await reveal.isVisible(), false);
    const plain = page.getByText('never folded', { exact: true });
    assert.ok(await plain.isVisible(), 'a cell that is not folded is not hidden');
    await screenshot(page, 'lock-closed-jupyterlab');
    await lock.getByRole('textbox').fill('4');
    await lock.getByRole('textbox').press('Enter');
    assert.match((await lock.getByRole('status').textContent()) ?? '', /You said 4; it is 3/);
    await reveal.waitFor();
    await page.getByText('the second', { exact: true }).waitFor();
    assert.equal(await page.locator('.jp-Placeholder').count(), 0);
    await screenshot(page, 'lock-open-jupyterlab');
  });

  await t.test("JupyterLab's keys leave a widget alone", async () => {
    const stepper = widget(await notebook.cell(4));
    const before = (await notebook.cells()).length;
    const number = stepper.getByRole('spinbutton').first();
    await number.click();
    await page.keyboard.type('ddabx');
    await number.fill('5');
    const window = stepper.getByRole('slider', { name: /^Window/ });
    await window.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const sum = 5 * 9 + 2 * 9 - 9;
    assert.equal(await stepper.locator('.explained b').getAttribute('data-value'), String(sum));
    await stepper.getByRole('slider', { name: 'padding p' }).press('ArrowRight');
    assert.equal(await stepper.getByRole('slider', { name: 'padding p' }).inputValue(), '1');
    assert.equal((await notebook.cells()).length, before);
  });

  await t.test('a widget follows the theme', async () => {
    const stepper = widget(await notebook.cell(4));
    assert.equal(await stepper.locator('.widget.dark').count(), 0);
    await notebook.command('apputils:change-theme', { theme: 'JupyterLab Dark' });
    await stepper.locator('.widget.dark').waitFor();
    await screenshot(page, 'widgets-jupyterlab-dark');
    assert.deepEqual(await axeFaults(page, '[data-convlab-widget]'), []);
  });

  await notebook.save();
  await notebook.close();

  await t.test('not trusted: the still picture, and the answer folded', async () => {
    const untrusted = await lab.open('notebooks/widgets.ipynb', { trusted: false });
    const lock = await untrusted.cell(0);
    const answer = lock.locator('details p');
    assert.equal(await answer.isVisible(), false);
    await lock.getByText('The answer').click();
    assert.equal(await answer.textContent(), '3');
    assert.ok(await answer.isVisible());
    const picture = (await untrusted.cell(4)).getByRole('img', { name: /^Convolution, to walk through/ });
    assert.ok(((await picture.boundingBox())?.width ?? 0) > 200);
    await screenshot(untrusted.page, 'widgets-jupyterlab-untrusted');
    await untrusted.close();
  });
});
