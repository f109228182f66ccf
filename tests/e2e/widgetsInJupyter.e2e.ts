/** Every widget in JupyterLab, in the output of a cell that was run: used with mouse and keys, its numbers lib's. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type * as tf from '@tensorflow/tfjs';
import type { Locator } from 'playwright-core';
import {
  conv2d,
  imageBatch,
  imageFromRows,
  kernelFromRows,
  loadMnist,
  maxPool2d,
  models,
  plainNetwork,
  toNested,
  train,
  useBackend,
} from 'convlab';
import type { NDArray, PlainNetwork } from 'convlab';
import { axeFaults, screenshot } from './browser';
import { testLab } from './jupyter';
import * as use from './widgetUse';

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

/** A picture of 5 × 5 with different sums and maxima. */
const picture = [[1, 2, 0, 5, 1], [0, 3, 4, 1, 2], [2, 1, 0, 3, 3], [5, 0, 1, 6, 2], [1, 7, 2, 0, 4]]; // prettier-ignore
const edges = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]; // prettier-ignore
const IMAGES = [0, 500, 1000];
const CELLS = {
  network: [
    "import * as lab from 'convlab';",
    'const { train: digits, test } = await lab.loadMnist();',
    'const model = lab.models.twoConvLayers({ seed: 4 });',
    'await lab.train(model, digits, { epochs: 1, seed: 4 });',
    `const images = lab.imageBatch(test, ${JSON.stringify(IMAGES)});`,
  ].join('\n'),
  convolution: `lab.convolutionStepper(${JSON.stringify(picture)}, ${JSON.stringify(edges)})`,
  pooling: `lab.poolingStepper(${JSON.stringify(picture)}, { size: 3, stride: 1 })`,
  explorer: 'lab.networkExplorer(lab.plainNetwork(model), images)',
  draw: 'lab.drawDigit(lab.plainNetwork(model), images)',
  volumes: 'lab.networkVolumes(lab.networkOutline(model))',
  lock: "lab.prediction('How many weights has a 3 × 3 kernel?', 9)",
};
const at = (name: keyof typeof CELLS): number => Object.keys(CELLS).indexOf(name);

/** What the notebook trains, trained here: the same weights to the bit. */
let model: tf.Sequential;
let network: PlainNetwork;
let images: NDArray;

before(async () => {
  await useBackend();
  const { train: digits, test } = await loadMnist();
  model = models.twoConvLayers({ seed: 4 });
  await train(model, digits, { epochs: 1, seed: 4 });
  network = plainNetwork(model);
  images = imageBatch(test, IMAGES);
});

for (const theme of ['light', 'dark'] as const) {
  // One test: the page is closed with it.
  test(`every widget of a notebook, with mouse and keys, ${theme}`, async () => {
    const notebook = await lab.open(lab.write(`all-${theme}`, Object.values(CELLS)), { theme });
    await notebook.runAll();
    assert.deepEqual(await notebook.errors(), []);
    for (const [name, use] of Object.entries(USES)) {
      const cell = await notebook.cell(at(name as keyof typeof USES));
      const place = widget(cell);
      await place.scrollIntoViewIfNeeded();
      await use(place);
      assert.deepEqual(await axeFaults(notebook.page, '[data-test-cell] [data-convlab-widget]'), [], name);
      await screenshot(place, `jupyterlab-${name}-${theme}`);
    }
    assert.equal((await notebook.cells()).length, Object.keys(CELLS).length, 'no key made or removed a cell');
    await notebook.close();
  });
}

/** Uses a widget, and compares its numbers. */
const USES: Readonly<Record<Exclude<keyof typeof CELLS, 'network'>, (place: Locator) => Promise<void>>> = {
  async convolution(place) {
    const y = conv2d(imageFromRows(picture), kernelFromRows(edges)).data;
    assert.deepEqual(await use.walkBack(place, use.windowOf(place), 9), Array.from(y));
    for (const key of ['ArrowDown', 'ArrowRight']) await use.windowOf(place).press(key);
    assert.equal(await use.numberIn(place), y[4]);
    await use.drag(place, use.windowOf(place), [[2, 2], [2, 3], [3, 3]], 5); // prettier-ignore
    assert.equal(await use.numberIn(place), y[8]);
    await place.getByRole('spinbutton', { name: 'kernel, row 0, column 0' }).fill('4');
    await use.slide(place, 'stride s', 2);
    const edited = [[4, 0, 1], ...edges.slice(1)];
    const changed = conv2d(imageFromRows(picture), kernelFromRows(edited), { stride: 2 }).data;
    assert.deepEqual(await use.walkBack(place, use.windowOf(place), 4), Array.from(changed));
  },
  async pooling(place) {
    const x = imageFromRows(picture);
    const y = maxPool2d(x, { size: 3, stride: 1 }).data;
    assert.deepEqual(await use.walkBack(place, use.windowOf(place), 9), Array.from(y));
    await use.drag(place, use.output(place), [[1, 2]], 3);
    assert.equal(await use.numberIn(place), y[5]);
    await use.slide(place, 'stride s', 2);
    const apart = maxPool2d(x, { size: 3, stride: 2 }).data;
    assert.deepEqual(await use.walkBack(place, use.windowOf(place), 4), Array.from(apart));
  },
  async explorer(place) {
    const conv1 = network.layers[1];
    assert.ok(conv1.does === 'convolution');
    const image = { shape: [1, 28, 28, 1], data: images.data.slice(784, 2 * 784) };
    const options = { padding: conv1.geometry.padding };
    const y = toNested(conv2d(image, conv1.kernel, conv1.bias, options)) as number[][][][];
    await place.getByRole('radio', { name: 'image 1' }).check();
    const output = place.getByRole('slider');
    await output.focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await output.press(key);
    assert.equal(await use.numberIn(place), y[0][1][2][0]);
    const box = await output.boundingBox();
    assert.ok(box);
    const side = box.width / y[0][0].length;
    await output.click({ position: { x: 10.5 * side, y: 13.5 * side } });
    assert.equal(await use.numberIn(place), y[0][13][10][0]);
    await use.layerOf(place, 'output').check();
    await place.getByRole('slider').focus();
    await place.getByRole('slider').press('Home');
    assert.ok(Number.isFinite(await use.numberIn(place)));
  },
  async draw(place) {
    await use.equalsPrediction(place, model);
    const example = await use.answered(place);
    await use.drawThrough(place, use.TWO);
    await use.equalsPrediction(place, model);
    assert.notDeepEqual(await use.answered(place), example);
    await place.getByRole('button', { name: 'Clear' }).click();
    const sheet = place.locator('.sheet');
    await sheet.focus();
    for (const key of ['ArrowUp', 'ArrowUp', ' ', ...Array<string>(8).fill('ArrowDown'), ' ']) {
      await sheet.press(key);
    }
    await use.equalsPrediction(place, model);
  },
  async volumes(place) {
    const details = place.locator('.details');
    await place.getByRole('option', { name: /pad1 conv1/ }).click();
    assert.match((await details.textContent()) ?? '', /\(5 · 5 · 1 \+ 1\) · 10 = 260/);
    for (const key of ['ArrowRight', 'ArrowRight']) await place.page().keyboard.press(key);
    assert.match((await details.textContent()) ?? '', /\(5 · 5 · 10 \+ 1\) · 20 = 5,020/);
  },
  async lock(place) {
    const answer = place.getByRole('textbox');
    await answer.click();
    await answer.pressSequentially('12');
    await answer.press('Enter');
    assert.match((await place.getByRole('status').textContent()) ?? '', /^You said 12; the answer is 9\./);
  },
};

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
  assert.match((await lock.getByRole('status').textContent()) ?? '', /You said 4; the answer is 3/);
  await reveal.waitFor();
  await page.getByText('the second', { exact: true }).waitFor();
  await said.waitFor();
  assert.equal(await page.locator('.jp-Placeholder').count(), 0);
  await screenshot(page, 'lock-open-jupyterlab');
  await notebook.close();
});
