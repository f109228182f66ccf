/**
 * The widgets of whole networks on a plain page: their numbers are those of `model.predict`, to 1e-5, and of `ops`.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import {
  conv2d,
  drawDigit,
  imageBatch,
  loadMnist,
  models,
  networkExplorer,
  networkOutline,
  networkVolumes,
  plainNetwork,
  toNested,
  useBackend,
} from 'convlab';
import type { NDArray, PlainNetwork } from 'convlab';
import { axeFaults, screenshot, testBrowser } from './browser';
import {
  answered,
  drawThrough,
  equalsPrediction,
  htmlOf,
  layerOf,
  nothingToPress,
  numberIn,
  swipe,
  TOLERANCE,
  TWO,
} from './widgetUse';

const browser = testBrowser();

let model: tf.Sequential;
let network: PlainNetwork;
let digits: NDArray;

before(async () => {
  await useBackend();
  // Untrained, but with biases: what is computed is the same.
  model = models.twoConvLayers({ seed: 4 });
  const shifted = model.getWeights().map((weight) => weight.add(0.01));
  model.setWeights(shifted);
  tf.dispose(shifted);
  network = plainNetwork(model);
  const { test: images } = await loadMnist();
  digits = imageBatch(images, [0, 500, 1000]);
});

describe('draw a digit', () => {
  test('with the mouse: the answers are those of model.predict on the same pixels', async () => {
    const page = await browser.page(htmlOf(drawDigit(network, digits)));
    await equalsPrediction(page, model); // the example
    const example = await answered(page);
    await drawThrough(page, TWO);
    await equalsPrediction(page, model);
    assert.notDeepEqual(await answered(page), example);
    await screenshot(page, 'draw-a-digit-light');
    // Moved by whole pixels, the picture still has bytes.
    await page.getByRole('slider', { name: 'moved right' }).fill('5');
    await equalsPrediction(page, model);
    await page.getByRole('slider', { name: 'turned' }).fill('40');
    assert.match((await page.locator('[aria-live]').textContent()) ?? '', /^The network answers \d: /);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.deepEqual(await answered(page), example);
    assert.ok(await page.getByRole('button', { name: 'Clear' }).isDisabled());
  });

  test('with the keys', async () => {
    const page = await browser.page(htmlOf(drawDigit(network, digits)), { theme: 'dark' });
    const sheet = page.locator('.sheet');
    await sheet.focus();
    for (let i = 0; i < 8; i++) await sheet.press('ArrowUp');
    await sheet.press(' ');
    for (let i = 0; i < 16; i++) await sheet.press('ArrowDown');
    await screenshot(page, 'draw-a-digit-dark-keys');
    await sheet.press(' ');
    await sheet.press('ArrowLeft');
    await equalsPrediction(page, model);
    // A straight line: 20 pixels tall, narrow, in the middle.
    const rows = await page.locator('.seen canvas').evaluate((canvas) => {
      const picture = canvas as unknown as {
        getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } };
      };
      const { data } = picture.getContext('2d').getImageData(0, 0, 28, 28);
      return Array.from({ length: 28 }, (_, i) =>
        Array.from({ length: 28 }, (_, j) => data[4 * (i * 28 + j)]),
      );
    });
    const inked = rows.map((row) => row.filter((byte) => byte > 0).length);
    assert.equal(inked.filter((count) => count > 0).length, 20);
    assert.ok(Math.max(...inked) <= 4, String(inked));
    await sheet.press('Backspace');
    assert.ok(await page.getByRole('button', { name: 'Undo' }).isDisabled());
  });

  test('with a finger, which draws and does not scroll the page', async () => {
    const page = await browser.page(htmlOf(drawDigit(network, digits)), { touch: true, height: 500 });
    const example = await answered(page);
    await swipe(page, page.locator('.sheet'), TWO);
    assert.notDeepEqual(await answered(page), example);
    await equalsPrediction(page, model);
    assert.equal(await page.evaluate('scrollY'), 0);
    await screenshot(page, 'draw-a-digit-finger');
    await page.getByRole('button', { name: 'Undo' }).tap();
    // The page hears of a tap a moment after the finger has left. One stroke was drawn: nothing is left to undo.
    await page.getByRole('button', { name: 'Undo', disabled: true }).waitFor();
    assert.deepEqual(await answered(page), example);
    await page.close();
  });

  test('is a table, a sheet and sliders for those who cannot see it; axe finds no fault', async () => {
    const page = await browser.page(htmlOf(drawDigit(network, digits)), { width: 500 });
    await drawThrough(page, TWO);
    assert.equal(await page.getByRole('rowheader').count(), 10);
    assert.equal(await page.getByRole('slider').count(), 3);
    assert.deepEqual(await axeFaults(page), []);
    await screenshot(page, 'draw-a-digit-narrow');
    const scrolls = await page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    );
    assert.equal(scrolls, false);
  });
});

test('on a phone everything of the drawn digit stays in its card', async () => {
  // Beside a cell's number there is less than the screen.
  const page = await browser.page(
    `<div style="padding: 0 20px">${htmlOf(drawDigit(network, digits))}</div>`,
    { width: 360 },
  );
  const card = await page.locator('.widget').boundingBox();
  assert.ok(card);
  for (const part of await page.locator('.sheet, .moves, .bars, .maps').all()) {
    const box = await part.boundingBox();
    assert.ok(box && box.x + box.width <= card.x + card.width - 16, JSON.stringify({ box, card }));
  }
  await drawThrough(page, TWO);
  await equalsPrediction(page, model);
  await screenshot(page.locator('.widget'), 'draw-a-digit-360');
  await page.close();
});

test('on paper are pictures and numbers, and nothing to press', async () => {
  const page = await browser.page(
    htmlOf(drawDigit(network, digits)) + htmlOf(networkExplorer(network, digits)),
    { theme: 'dark' },
  );
  await page.locator('.sums').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  await nothingToPress(page);
  assert.equal(await page.getByText('Draw a digit here').isVisible(), false, 'an empty sheet');
  assert.ok(await page.getByRole('img', { name: 'The 28 × 28 pixels' }).isVisible());
  assert.ok(await page.locator('.sums').first().isVisible());
  await screenshot(page, 'networks-print');
  await page.close();
});

describe('network explorer', () => {
  test('a number of a convolution, by mouse and by keys, is that of ops', async () => {
    const page = await browser.page(htmlOf(networkExplorer(network, digits)));
    const conv1 = network.layers[1];
    assert.ok(conv1.does === 'convolution');
    const padding = [[1, 1], [1, 1]] as const; // prettier-ignore
    const image = { shape: [1, 28, 28, 1], data: digits.data.slice(0, 784) };
    const expected = toNested(conv2d(image, conv1.kernel, conv1.bias, { padding })) as number[][][][];
    const output = page.getByRole('slider');
    await output.focus();
    assert.equal(await numberIn(page), expected[0][0][0][0]);
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await output.press(key);
    assert.equal(await numberIn(page), expected[0][2][1][0]);
    await page.getByRole('radio', { name: 'channel 3' }).check();
    assert.equal(await numberIn(page), expected[0][2][1][3]);
    const box = await output.boundingBox();
    assert.ok(box);
    const over = (row: number, column: number): [number, number] => [
      box.x + ((column + 0.5) * box.width) / 26,
      box.y + ((row + 0.5) * box.height) / 26,
    ];
    await page.mouse.move(...over(13, 10));
    assert.equal(await numberIn(page), expected[0][13][10][3]);
    await screenshot(page, 'network-explorer-conv1-light');
    await page.mouse.move(2, 2);
    assert.equal(await numberIn(page), expected[0][2][1][3], 'what was pointed at in passing is left again');
    await page.mouse.click(...over(20, 5));
    await page.mouse.move(2, 2);
    assert.equal(await numberIn(page), expected[0][20][5][3]);
  });

  test('the products of all input channels add up to the number', async () => {
    const page = await browser.page(htmlOf(networkExplorer(network, digits)), { theme: 'dark' });
    await layerOf(page, 'conv2').check();
    const sums = page.locator('.sum');
    assert.equal(await sums.count(), 10);
    await sums.nth(4).click();
    assert.equal(await sums.nth(4).getAttribute('aria-pressed'), 'true');
    assert.match((await page.locator('.explained').textContent()) ?? '', /input channel 4:/);
    await screenshot(page, 'network-explorer-conv2-dark');
    assert.deepEqual(await axeFaults(page), []);
  });

  test('the last layer gives what model.predict gives, for each image', async () => {
    const page = await browser.page(htmlOf(networkExplorer(network, digits)));
    await layerOf(page, 'output').check();
    const output = page.getByRole('slider');
    for (const n of [0, 1, 2]) {
      await page.getByRole('radio', { name: `image ${n}` }).check();
      const expected = tf.tidy(() => {
        const image = tf.tensor(
          Float32Array.from(digits.data.subarray(n * 784, (n + 1) * 784)),
          [1, 28, 28, 1],
        );
        return (model.predict(image) as tf.Tensor).dataSync();
      });
      await output.focus();
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowUp'])
        await output.press(key);
      for (let unit = 0; unit < 5; unit++) {
        assert.ok(Math.abs((await numberIn(page)) - expected[unit]) < TOLERANCE);
        await output.press('ArrowRight');
      }
    }
    await screenshot(page, 'network-explorer-output-light');
  });

  test('every layer can be looked into, with tables beside each other in a notebook’s column', async () => {
    const page = await browser.page(htmlOf(networkExplorer(network, digits)), { width: 760 });
    for (const { name } of network.layers) {
      await layerOf(page, name).check();
      assert.ok(Number.isFinite(await numberIn(page)), name);
      const tops = await page
        .locator('.tables figure')
        .evaluateAll((figures) =>
          figures.map((figure) => (figure as unknown as { offsetTop: number }).offsetTop),
        );
      assert.equal(new Set(tops).size, 1, name);
    }
    await layerOf(page, 'dense1').check();
    await screenshot(page, 'network-explorer-dense1-narrow');
    assert.deepEqual(await axeFaults(page), []);
  });
});

describe('network volumes', () => {
  test('blocks are chosen with the mouse and with keys; parameters are written as their product', async () => {
    const page = await browser.page(htmlOf(networkVolumes(networkOutline(model))));
    const blocks = page.getByRole('option');
    assert.equal(await blocks.count(), 8);
    const details = page.locator('.details');
    assert.match((await details.textContent()) ?? '', /\(500 \+ 1\) · 50 = 25,050/);
    await page.getByRole('option', { name: /pad1 conv1/ }).click();
    assert.match(
      (await details.textContent()) ?? '',
      /26 × 26 × 10 = 6,760 numbers.*\(5 · 5 · 1 \+ 1\) · 10 = 260/,
    );
    for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    assert.match((await details.textContent()) ?? '', /\(5 · 5 · 10 \+ 1\) · 20 = 5,020/);
    await screenshot(page, 'network-volumes-light');
    assert.deepEqual(await axeFaults(page), []);
  });

  test('on a phone it goes on in further rows', async () => {
    const page = await browser.page(htmlOf(networkVolumes(networkOutline(model))), { width: 360 });
    const rows = new Set<number>();
    for (const block of await page.getByRole('option').all()) {
      const box = await block.locator('.ground').boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
      rows.add(Math.round(box.y));
    }
    assert.ok(rows.size > 1, `${rows.size} row`);
    await page.getByRole('option', { name: /dense1/ }).focus();
    await page.keyboard.press('ArrowLeft');
    assert.match((await page.locator('.details').textContent()) ?? '', /^500 numbers/);
    await screenshot(page, 'network-volumes-360');
  });

  test('without scripts it is a picture', async () => {
    const page = await browser.page(htmlOf(networkVolumes(networkOutline(model))), {
      scripts: false,
      theme: 'dark',
    });
    await screenshot(page, 'network-volumes-still-dark');
    assert.match(
      (await page.getByRole('img').getAttribute('alt')) ?? '',
      /^Network of 11 layers, 28 × 28 × 1 to 10, 30,840 parameters/,
    );
  });
});
