/** The steppers and the prediction lock on a plain page, used with mouse and with keys; numbers compared with `ops`. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  avgPool2d,
  conv2d,
  convolutionStepper,
  imageFromRows,
  kernelFromRows,
  maxPool2d,
  ndarray,
  outputSize,
  poolingStepper,
  prediction,
} from 'convlab';
import type { NDArray } from 'convlab';
import { axeFaults, screenshot, testBrowser } from './browser';
import {
  drag,
  htmlOf,
  nothingToPress,
  numberIn,
  output,
  slide,
  sliderOf,
  swipe,
  walkBack,
  windowOf,
} from './widgetUse';

const browser = testBrowser();

const four = [
  [0, 9, 0, 9, 0],
  [0, 9, 0, 9, 0],
  [0, 9, 9, 9, 0],
  [0, 0, 0, 9, 0],
  [0, 0, 0, 9, 0],
];
const edges = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]; // prettier-ignore
const [x, kernel] = [imageFromRows(four), kernelFromRows(edges)];

/** Of an element of the page. */
interface Sized {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

describe('the convolution stepper', () => {
  const html = htmlOf(convolutionStepper(four, edges, { title: 'A small 4' }));

  test('walks with the keys: each number is that of conv2d', async () => {
    const page = await browser.page(html);
    const y = conv2d(x, kernel);
    assert.deepEqual(await walkBack(page, windowOf(page), 9), Array.from(y.data));
    await windowOf(page).press('ArrowDown');
    await windowOf(page).press('ArrowRight');
    assert.equal(await numberIn(page), y.data[4]);
    await windowOf(page).press('ArrowUp');
    await windowOf(page).press('ArrowLeft');
    await windowOf(page).press('ArrowLeft');
    assert.equal(await numberIn(page), y.data[0]);
    await sliderOf(page, 'Place').press('End');
    assert.equal(await numberIn(page), y.data[8]);
    await page.close();
  });

  test('walks with the mouse: the window is dragged, and a number of the output pressed', async () => {
    const page = await browser.page(html);
    const y = conv2d(x, kernel);
    await drag(page, windowOf(page), [[1, 1], [1, 2], [3, 2]], 5); // prettier-ignore
    assert.equal(await numberIn(page), y.data[7]);
    await drag(page, windowOf(page), [[3, 2], [4, 4]], 5); // prettier-ignore
    assert.equal(await numberIn(page), y.data[8], 'a corner is as far as the window gets');
    await drag(page, output(page), [[1, 0]], 3);
    assert.equal(await numberIn(page), y.data[3]);
    await page.close();
  });

  test('walks with a finger: the window is dragged, and the page stays where it is', async () => {
    const page = await browser.page(html, { touch: true, height: 300 });
    const y = conv2d(x, kernel);
    await swipe(page, windowOf(page), [[0.3, 0.3], [0.5, 0.5], [0.5, 0.7]]); // prettier-ignore
    assert.equal(await numberIn(page), y.data[7]);
    await swipe(page, output(page), [[0.1, 0.5]]);
    assert.equal(await numberIn(page), y.data[3]);
    assert.equal(await page.evaluate('scrollY'), 0);
    await page.close();
  });

  test('plays to the end, and pauses where it is told', async () => {
    const page = await browser.page(html, { reducedMotion: false });
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText('3 of 9').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const stopped = await sliderOf(page, 'Place').inputValue();
    await page.waitForTimeout(1000);
    assert.equal(await sliderOf(page, 'Place').inputValue(), stopped);
    await page.getByRole('button', { name: 'Play' }).press('Enter');
    await page.getByText('9 of 9').waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.close();
  });

  test('writes out every product', async () => {
    const page = await browser.page(html);
    await windowOf(page).press('End');
    const terms = await page.locator('.term').allTextContents();
    assert.deepEqual(
      terms,
      four
        .slice(2)
        .flatMap((row, u) =>
          row.slice(2).map((pixel, v) => `${pixel}\u00a0× ${edges[u][v] < 0 ? '(−1)' : edges[u][v]}`),
        ),
    );
    await page.close();
  });

  for (const [size, stride, padding, dilation] of [
    [3, 2, 1, 1],
    [5, 1, 2, 1],
    [2, 3, 2, 2],
    [1, 4, 0, 1],
  ] as const) {
    // prettier-ignore
    test(`kernel size ${size}, stride ${stride}, padding ${padding}, dilation ${dilation}`, async () => {
      const page = await browser.page(html);
      await slide(page, 'padding p', padding);
      await slide(page, 'kernel size k', size);
      await slide(page, 'stride s', stride);
      await slide(page, 'dilation d', dilation);
      // What is new in a larger kernel is zero.
      const resized = edges.map((row) => row.slice(0, size)).slice(0, size);
      while (resized.length < size) resized.push([]);
      for (const row of resized) while (row.length < size) row.push(0);
      const y = conv2d(x, kernelFromRows(resized), { stride, padding, dilation });
      const n = outputSize(5, { kernel: size, stride, padding, dilation });
      assert.match((await page.locator('.formula').textContent()) ?? '', new RegExp(`= ${n}$`));
      assert.deepEqual(await walkBack(page, windowOf(page), n * n), Array.from(y.data));
      await page.close();
    });
  }

  test('a geometry that does not fit turns red and says why', async () => {
    const page = await browser.page(htmlOf(convolutionStepper([...four, four[0]], edges)));
    const status = page.getByRole('status');
    assert.equal(await status.textContent(), '');
    await slide(page, 'stride s', 2);
    assert.throws(
      () => outputSize(6, { kernel: 3, stride: 2, rounding: 'exact' }),
      (error: Error) => {
        assert.match(error.message, /leaves 1 of 6 pixels over/);
        return true;
      },
    );
    assert.match(
      (await status.textContent()) ?? '',
      /\(6 \+ 0 − 3\) \/ 2 \+ 1 = 2\.5, expected a whole number; .* leaves 1 of 6 pixels over/,
    );
    await screenshot(page, 'convolution-stepper-does-not-fit');
    await slide(page, 'kernel size k', 7);
    assert.match(
      (await status.textContent()) ?? '',
      /the window \(height\) spans 7 pixels, the input has 6.* no output/,
    );
    assert.equal(await page.locator('.explained b').count(), 0);
    assert.ok(await page.getByRole('button', { name: 'Play' }).isDisabled());
    await screenshot(page, 'convolution-stepper-too-large');
    await page.getByRole('button', { name: 'Reset' }).click();
    assert.equal(await status.textContent(), '');
    assert.equal(await numberIn(page), conv2d(imageFromRows([...four, four[0]]), kernel).data[0]);
    await page.close();
  });

  test('the numbers of the kernel can be changed', async () => {
    const page = await browser.page(html);
    const first = page.getByRole('spinbutton', { name: 'kernel, row 0, column 1' });
    await first.fill('−2,5');
    const edited = [[-1, -2.5, 1], edges[1], edges[2]];
    assert.equal(await numberIn(page), conv2d(x, kernelFromRows(edited)).data[0]);
    await first.press('ArrowUp');
    edited[0] = [-1, -1.5, 1];
    assert.equal(await first.inputValue(), '−1.5');
    await windowOf(page).press('End');
    assert.equal(await numberIn(page), conv2d(x, kernelFromRows(edited)).data[8]);
    await first.fill('none');
    assert.equal(await first.getAttribute('aria-invalid'), 'true');
    assert.equal(
      await numberIn(page),
      conv2d(x, kernelFromRows(edited)).data[8],
      'what is no number changes nothing',
    );
    await windowOf(page).focus();
    assert.equal(await first.inputValue(), '−1.5');
    await page.close();
  });

  test('channels and filters: the one in front is written out, and all of them add up', async () => {
    const draw = (...shape: number[]): NDArray =>
      ndarray({
        shape,
        data: Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * 7) % 10) - 4),
      });
    const [image, filters, bias] = [draw(1, 5, 5, 3), draw(3, 3, 3, 2), ndarray([1, -2])];
    const page = await browser.page(htmlOf(convolutionStepper(image, filters, { bias, padding: 1 })));
    const y = conv2d(image, filters, bias, { padding: 1 });
    await page.getByRole('group', { name: 'filter' }).getByRole('radio', { name: '1' }).press('Space');
    await page.getByRole('group', { name: 'channel' }).getByRole('radio', { name: '2' }).click();
    await windowOf(page).press('ArrowRight');
    assert.equal(await numberIn(page), y.data[3]);
    const pixel = image.data[2]; // row 0, column 0, channel 2: under the kernel's row 1, column 0
    const weight = filters.data[(3 * 3 + 2) * 2 + 1];
    const written = (value: number): string => String(value).replace('-', '−');
    assert.equal(
      await page.locator('.term').nth(3).textContent(),
      `${written(pixel)}\u00a0× ${weight < 0 ? `(${written(weight)})` : weight}`,
    );
    await screenshot(page, 'convolution-stepper-channels');
    await page.close();
  });
});

describe('the pooling stepper', () => {
  const html = htmlOf(poolingStepper(four, { size: 3, stride: 1 }));

  for (const [kind, pool] of [
    ['max', maxPool2d],
    ['average', avgPool2d],
  ] as const) {
    // prettier-ignore
    test(`${kind}: each number is that of ops, with stride and padding too`, async () => {
      const page = await browser.page(html);
      await page.getByRole('radio', { name: kind }).check();
      const bare = pool(x, { size: 3, stride: 1 });
      assert.deepEqual(await walkBack(page, windowOf(page), 9), Array.from(bare.data));
      await slide(page, 'window size k', 2);
      await slide(page, 'stride s', 2);
      await slide(page, 'padding p', 1);
      const padded = pool(x, { size: 2, stride: 2, padding: 1 });
      assert.deepEqual(await walkBack(page, windowOf(page), padded.data.length), Array.from(padded.data));
      await page.close();
    });
  }

  test('a window that lies in the padding altogether has no output', async () => {
    const page = await browser.page(html);
    await slide(page, 'padding p', 3);
    assert.match((await page.getByRole('status').textContent()) ?? '', /without a pixel/);
    await page.close();
  });
});

describe('the prediction lock', () => {
  const below = '<details><summary>Below</summary><p>the reveal</p></details>';
  const number = htmlOf(prediction('How many weights?', 1234, { unit: 'weights' }));
  const choice = htmlOf(prediction('Which?', 'that', { choices: ['this', 'that', 'both'] }));

  test('a number: what is below opens with the answer, which says how far off it was', async () => {
    const page = await browser.page(`<div>${number}</div>${below}`);
    assert.equal(await page.getByText('1,234').isVisible(), false);
    await page.getByRole('button', { name: 'That is my answer' }).click();
    assert.match((await page.getByRole('status').textContent()) ?? '', /Enter a number first/);
    assert.equal(await page.getByText('the reveal').isVisible(), false);
    await page.getByRole('textbox', { name: 'How many weights?' }).fill('1,000');
    await page.getByRole('textbox').press('Enter');
    assert.equal(
      await page.getByRole('status').textContent(),
      'You said 1,000; the answer is 1,234 weights. Yours is too low by 234 weights.',
    );
    assert.ok(await page.getByText('the reveal').isVisible());
    assert.ok(await page.getByRole('textbox').isDisabled());
    await page.close();
  });

  test('a share is answered as people write it', async () => {
    const share = htmlOf(prediction('What is the sigmoid of 2?', 0.8808, { digits: 2 }));
    for (const text of ['0,88', '88%', '.88']) {
      const page = await browser.page(share);
      await page.getByRole('textbox').fill(text);
      await page.getByRole('textbox').press('Enter');
      assert.equal(await page.getByRole('status').textContent(), 'Right: 0.88.', text);
      await page.close();
    }
  });

  test('a choice, with the keys alone', async () => {
    const page = await browser.page(`${choice}${below}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await page.getByRole('status').textContent(), 'Right: that.');
    assert.ok(await page.getByText('the reveal').isVisible());
    await page.close();
  });

  test('who gives up is shown the answer', async () => {
    const page = await browser.page(`${choice}${below}`);
    await page.getByRole('button', { name: 'Show me' }).click();
    assert.equal(await page.getByRole('status').textContent(), 'The answer is that.');
    assert.ok(await page.getByText('the reveal').isVisible());
    await page.close();
  });

  test('without scripts the answer stands in a folded block', async () => {
    const page = await browser.page(number, { scripts: false });
    assert.equal(await page.getByText('1,234 weights').isVisible(), false);
    await page.getByText('The answer').click();
    assert.ok(await page.getByText('1,234 weights').isVisible());
    await page.close();
  });
});

test('several widgets on a page, also the same one twice, do not disturb one another', async () => {
  const one = htmlOf(convolutionStepper(four, edges));
  const page = await browser.page(
    one + htmlOf(poolingStepper(four)) + one + htmlOf(convolutionStepper(four, [[2]])),
  );
  const widgets = page.locator('[data-convlab-widget]');
  const sums = async (): Promise<number[]> =>
    Promise.all([0, 1, 2, 3].map((at) => numberIn(widgets.nth(at))));
  assert.deepEqual(await sums(), [9, 9, 9, 0]);
  await widgets.nth(2).getByRole('button', { name: 'One place forward' }).click();
  assert.deepEqual(await sums(), [9, 9, 0, 0]);
  await page.close();
});

test('on paper are tables, settings and questions, and nothing to press', async () => {
  const page = await browser.page(
    [
      convolutionStepper(four, edges, { padding: 1 }),
      poolingStepper(four),
      prediction('How many places?', 9),
      prediction('Which is best?', 'this', { choices: ['this', 'that'] }),
    ]
      .map(htmlOf)
      .join(''),
    { theme: 'dark', height: 1300 },
  );
  await page.getByRole('button', { name: 'Show me' }).first().click();
  await page.emulateMedia({ media: 'print' });
  await nothingToPress(page);
  const seen = (text: string): Promise<boolean> =>
    page.locator('.widget').getByText(text, { exact: true }).first().isVisible();
  for (const text of ['kernel size k', 'max', 'Predict. How many places?', 'The answer is 9.', 'that'])
    assert.ok(await seen(text), text);
  assert.equal(await seen('average'), false, 'what is not chosen');
  assert.ok(await page.getByRole('spinbutton').first().isVisible(), 'the numbers of the kernel');
  await screenshot(page, 'widgets-print');
  await page.close();
});

test('without scripts a stepper is its picture', async () => {
  const page = await browser.page(htmlOf(convolutionStepper(four, edges)), { scripts: false });
  const picture = page.getByRole('img', {
    name: 'Convolution, to walk through: x 5 × 5, kernel 3 × 3, y 3 × 3',
  });
  assert.ok(((await picture.boundingBox())?.width ?? 0) > 300);
  await screenshot(page, 'convolution-stepper-still');
  await page.close();
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe-core finds no serious fault, ${theme}`, async () => {
    const page = await browser.page(
      [
        convolutionStepper(four, edges, { title: 'A small 4', padding: 1, bias: ndarray([2]) }),
        poolingStepper(four, { title: 'Pooled' }),
        prediction('How many places?', 9),
        prediction('Which is best?', 'this', { choices: ['this', 'that'] }),
      ]
        .map(htmlOf)
        .join(''),
      { theme, height: 1500 },
    );
    assert.deepEqual(await axeFaults(page), []);
    await page.getByRole('button', { name: 'Show me' }).first().click();
    await slide(page, 'kernel size k', 7);
    await slide(page, 'dilation d', 3);
    assert.deepEqual(await axeFaults(page), [], 'answered, and with a window that does not fit');
    await screenshot(page, `widgets-${theme}`);
    await page.close();
  });
}

// The products of a larger kernel are scrolled on a phone.
for (const [width, kernel] of [
  [360, 3],
  [600, 7],
  [1100, 7],
]) {
  test(`nothing is cut off in a column of ${width} pixels`, async () => {
    const digit = Array.from({ length: 28 }, (_, i) =>
      Array.from({ length: 28 }, (_, j) => Number((i + j) % 5 === 0)),
    );
    const page = await browser.page(htmlOf(convolutionStepper(digit, edges)), { width });
    await slide(page, 'kernel size k', kernel);
    const input = await page.locator('.cells').first().boundingBox();
    assert.ok(Number(input?.width) >= 28 * 4, `the input is ${input?.width} pixels wide`);
    const parts = page.locator('.tables, .explained, .player, .sliders');
    for (const part of await parts.all()) {
      const [needed, given] = await part.evaluate((element: Sized) => [
        element.scrollWidth,
        element.clientWidth,
      ]);
      assert.ok(needed <= given + 1, `${needed} of ${given} pixels`);
    }
    await screenshot(page, `convolution-stepper-${width}`);
    await page.close();
  });
}
