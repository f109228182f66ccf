/**
 * Takes the README's picture of JupyterLab: a figure of notebook 1 that can be used, as it is stored. After a change of
 * the figures, look at `report/e2e/screenshots/readme.png` and copy it to `notebooks/images/jupyterlab.png`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conv2d, imageFromRows, kernelFromRows } from 'convlab';
import { screenshot } from './browser';
import { testLab } from './jupyter';
import { numberIn, windowOf } from './widgetUse';

const lab = testLab();

test('the stored convolution stepper of notebook 1 walks without a run, and is the README’s picture', async () => {
  const notebook = await lab.open('notebooks/01-convolution.ipynb', { width: 1100, height: 900 });
  const { page } = notebook;
  await notebook.command('application:toggle-left-area');
  const index = (await notebook.cells()).findIndex(({ source }) => source.startsWith('convolutionStepper('));
  assert.ok(index > 0);
  const stepper = (await notebook.cell(index)).locator('[data-convlab-widget]');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await windowOf(stepper).press(key);
  const four = [[0, 9, 0, 9, 0], [0, 9, 0, 9, 0], [0, 9, 9, 9, 0], [0, 0, 0, 9, 0], [0, 0, 0, 9, 0]]; // prettier-ignore
  const leftRight = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]; // prettier-ignore
  assert.equal(await numberIn(stepper), conv2d(imageFromRows(four), kernelFromRows(leftRight)).data[7]);
  // Without the ring around what has the keys, and with what stands above.
  await stepper.evaluate((element) => {
    const { document } = globalThis as unknown as { document: { activeElement: { blur(): void } | null } };
    document.activeElement?.blur();
    (element as unknown as { scrollIntoView(o: { block: string }): void }).scrollIntoView({ block: 'end' });
  });
  await screenshot(page, 'readme');
  await notebook.close();
});
