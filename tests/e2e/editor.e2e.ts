/** Cells as a person writes and runs them: help while typing, mistakes, interrupts, a restart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenshot } from './browser';
import { testLab, type NotebookPage } from './jupyter';

const lab = testLab();

const IMPORTS = `import { conv2d, imageFromRows, kernelFromRows, loadMnist, models, train } from 'convlab';
const image = imageFromRows([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
const kernel = kernelFromRows([[1, 0], [0, 1]]);`;

/** A notebook whose first cell has imported what the others use. */
async function open(name: string, cells: readonly string[]): Promise<NotebookPage> {
  const notebook = await lab.open(lab.write(name, [IMPORTS, ...cells]));
  await notebook.run(0);
  return notebook;
}

test('Tab completes conv2d', async () => {
  const notebook = await open('completion', ['conv']);
  const cell = await notebook.cell(1);
  await cell.locator('.cm-content').click();
  await notebook.page.keyboard.press('End');
  const list = notebook.page.locator('.jp-Completer:not(.lm-mod-hidden)');
  // JupyterLab waits a second for an answer, which a busy machine may not give: a person presses the key again.
  for (let tries = 0; tries < 10 && !(await list.isVisible()); tries++) {
    await notebook.page.keyboard.press('Tab');
    await list.waitFor({ timeout: 5000 }).catch(() => undefined);
  }
  assert.match((await list.textContent()) ?? '', /conv2d/);
  await screenshot(notebook.page, 'completion');
  await list.getByText('conv2d', { exact: true }).click();
  await cell
    .locator('.cm-content')
    .filter({ hasText: /^conv2d$/ })
    .waitFor();
  await notebook.close();
});

test('Shift-Tab on conv2d shows its types and its doc comment', async () => {
  const notebook = await open('help', ['conv2d(image, kernel)']);
  const cell = await notebook.cell(1);
  await cell.locator('.cm-content').click();
  await notebook.page.keyboard.press('Home');
  await notebook.page.keyboard.press('ArrowRight');
  await notebook.page.keyboard.press('Shift+Tab');
  const help = notebook.page.locator('.jp-Tooltip');
  await help.waitFor();
  const text = (await help.textContent()) ?? '';
  assert.match(text, /conv2d\(x: NDArray, kernel: NDArray/);
  assert.match(text, /Slides every filter of `?kernel`? over the images/);
  await screenshot(notebook.page, 'help');
  await notebook.close();
});

test('a thrown error shows its message and the line of the cell', async () => {
  const notebook = await open('thrown', [
    'function half(size: number) {\n  if (size % 2 !== 0) throw new RangeError(`size ${size} is odd`);\n  return size / 2;\n}\nhalf(3);',
  ]);
  await notebook.run(1);
  assert.deepEqual(await notebook.errors(), ['cell 1: RangeError: size 3 is odd']);
  const cell = await notebook.cell(1);
  const shown = (await cell.locator('.jp-OutputArea').textContent()) ?? '';
  assert.match(shown, /throw new RangeError/);
  assert.doesNotMatch(shown, /node_modules|scripts\/kernel/);
  await screenshot(notebook.page, 'thrown-error');
  await notebook.close();
});

test('a type error is found before anything runs, and says what was expected', async () => {
  const notebook = await open('type-error', [
    "console.log('ran');\nconv2d(image, kernel, undefined, { strid: 2 });",
  ]);
  await notebook.run(1);
  const [error] = await notebook.errors();
  assert.match(error, /Did you mean to write 'stride'\?/);
  const { outputs } = (await notebook.cells())[1];
  assert.ok(!outputs.some(({ text }) => text?.includes('ran')));
  await screenshot(notebook.page, 'type-error');
  await notebook.close();
});

test('an interrupt stops a training, and the kernel goes on', async () => {
  const notebook = await open('interrupt', [
    `const { train: digits } = await loadMnist();
const model = models.twoConvLayers();`,
    `await train(model, digits, { epochs: 500, onEpoch: ({ epoch }) => console.log('epoch', epoch) });`,
    "console.log('still here:', model.countParams());",
  ]);
  await notebook.run(1);
  await notebook.start(2);
  const cell = await notebook.cell(2);
  await cell.locator('.jp-OutputArea').filter({ hasText: 'epoch 1' }).waitFor();
  await notebook.menu('Kernel', /^Interrupt Kernel$/);
  await notebook.idle();
  await screenshot(notebook.page, 'interrupted-training');
  await notebook.run(3);
  const { outputs } = (await notebook.cells())[3];
  const said = outputs.map(({ text }) => text).join('');
  assert.match(
    said,
    /^The training of the network twoConvLayers was stopped after \d+ of 500 epochs.*; the network keeps what it has learned\.\nstill here: 30840\n$/,
  );
  await notebook.close();
});

test('an endless loop is interrupted too', async () => {
  const notebook = await open('loop', ["console.log('looping');\nwhile (true) {}", "console.log('after');"]);
  await notebook.start(1);
  const cell = await notebook.cell(1);
  await cell.locator('.jp-OutputArea').filter({ hasText: 'looping' }).waitFor();
  await notebook.menu('Kernel', /^Interrupt Kernel$/);
  await notebook.idle();
  await notebook.run(2);
  assert.equal((await notebook.cells())[2].outputs[0].text, 'after\n');
  await notebook.close();
});

test('restart and run all: everything is forgotten, then computed again', async () => {
  const notebook = await open('restart', [
    'const runs = ((globalThis as any).runs ?? 0) + 1;\n(globalThis as any).runs = runs;\nconsole.log(`run ${runs}`);',
  ]);
  await notebook.run(1);
  await notebook.run(1);
  assert.equal((await notebook.cells())[1].outputs[0].text, 'run 2\n');
  await notebook.restartAndRunAll();
  const [first, second] = await notebook.cells();
  assert.deepEqual([first.executionCount, second.executionCount], [1, 2]);
  assert.equal(second.outputs[0].text, 'run 1\n');
  await notebook.close();
});
