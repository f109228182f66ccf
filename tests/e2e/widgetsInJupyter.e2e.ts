/** Widgets in JupyterLab: drawn there, in its theme, not disturbed by its keys; locks that open what is folded below. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { axeFaults, screenshot } from './browser';
import type { NotebookPage } from './jupyter';
import { testLab } from './jupyter';

/** An element of a widget, in its shadow root. */
interface InShadow {
  getRootNode(): { readonly activeElement: unknown };
}

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
    '1 + 1',
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

describe('in JupyterLab', () => {
  let notebook: NotebookPage;

  test('a lock opens its own code and the folded cells directly below it', async () => {
    notebook = await lab.open(writeNotebook());
    await notebook.runAll();
    assert.deepEqual(await notebook.errors(), []);
    const { page } = notebook;
    const lock = widget(await notebook.cell(0));
    // JupyterLab has unfolded the outputs of the cells that were run; the lock keeps them out of sight.
    const reveal = page.getByText('the first reveal', { exact: true });
    assert.equal(await reveal.isVisible(), false);
    assert.ok(
      await page.getByText('2', { exact: true }).isVisible(),
      'a cell that is not folded is not hidden',
    );
    await screenshot(page, 'lock-closed-jupyterlab');
    await lock.getByRole('textbox').fill('4');
    await lock.getByRole('textbox').press('Enter');
    assert.match((await lock.getByRole('status').textContent()) ?? '', /You said 4; it is 3/);
    await reveal.waitFor();
    await page.getByText('the second', { exact: true }).waitFor();
    assert.equal(await page.locator('.jp-Placeholder').count(), 0);
    await screenshot(page, 'lock-open-jupyterlab');
  });

  test("JupyterLab's keys leave a widget alone", async () => {
    const { page } = notebook;
    const stepper = widget(await notebook.cell(4));
    const before = (await notebook.cells()).length;
    const number = stepper.getByRole('spinbutton').first();
    await number.click();
    await page.keyboard.type('dd');
    await page.keyboard.type('abx');
    await number.fill('5');
    const window = stepper.getByRole('slider', { name: /^Window/ });
    await window.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.equal(await stepper.locator('.explained b').getAttribute('data-value'), String(5 * 9 + 2 * 9 - 9));
    assert.equal((await notebook.cells()).length, before);
    assert.ok(
      await window.evaluate((node) => (node as unknown as InShadow).getRootNode().activeElement === node),
    );
  });

  test('a widget follows the theme', async () => {
    const stepper = widget(await notebook.cell(4));
    assert.equal(await stepper.locator('.widget.dark').count(), 0);
    await notebook.command('apputils:change-theme', { theme: 'JupyterLab Dark' });
    await stepper.locator('.widget.dark').waitFor();
    await screenshot(notebook.page, 'widgets-jupyterlab-dark');
    assert.deepEqual(await axeFaults(notebook.page, '[data-convlab-widget]'), []);
    await notebook.save();
    await notebook.close();
  });

  test('of a notebook that is not trusted one sees the still picture, and the answer folded', async () => {
    const untrusted = await lab.open('notebooks/widgets.ipynb', { trusted: false });
    const lock = await untrusted.cell(0);
    assert.equal(await lock.getByText('3', { exact: true }).isVisible(), false);
    await lock.getByText('The answer').click();
    assert.ok(await lock.getByText('3', { exact: true }).isVisible());
    const picture = (await untrusted.cell(4)).getByRole('img', { name: /^Convolution, to walk through/ });
    assert.ok(((await picture.boundingBox())?.width ?? 0) > 200);
    await screenshot(untrusted.page, 'widgets-jupyterlab-untrusted');
    await untrusted.close();
  });
});
