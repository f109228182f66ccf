/** Drawings in the form of MNIST's digits, by hand, and the test digits themselves, which must stay what they are. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { rowsOf } from '../rows';
import { loadMnist } from '../data';
import { mnistForm } from './mnistForm';

/** A sheet of `size` pixels with ink in the rectangle. */
function rectangle(size: number, [top, left, height, width]: readonly number[], value = 1): NDArray {
  const ink = zeros([size, size]);
  for (let i = top; i < top + height; i++) ink.data.fill(value, i * size + left, i * size + left + width);
  return ink;
}

/** Where there is ink: [first row, last row, first column, last column]. */
function extent(form: NDArray): number[] {
  const rows = rowsOf(form);
  const inked = (values: readonly number[]): boolean => values.some((value) => value > 0);
  const down = rows.map(inked);
  const across = rows[0].map((_, j) => inked(rows.map((row) => row[j])));
  return [down.indexOf(true), down.lastIndexOf(true), across.indexOf(true), across.lastIndexOf(true)];
}

describe('a drawing in the form of MNIST', () => {
  test('an upright bar becomes 20 pixels tall, its proportions kept, its middle at 14, 14', () => {
    // 100 × 10 pixels: a fifth of each, 20 × 2. Rows 4.5 … 23.5 about 14: their centre of mass 9.5 is put at 14 (4.5
    // rounds up to 5), so rows 5 … 24; columns 13.5 rounds to 14, so 14 and 15.
    const form = mnistForm(rectangle(280, [150, 20, 100, 10]));
    assert.deepEqual(form.shape, [1, 28, 28, 1]);
    assert.deepEqual(extent(form), [5, 24, 14, 15]);
    assert.equal(form.data.reduce((sum, value) => sum + value, 0), 40); // prettier-ignore
  });

  test('place and size of a drawing do not matter', () => {
    const large = mnistForm(rectangle(280, [0, 0, 200, 120]));
    assert.deepEqual(mnistForm(rectangle(280, [77, 131, 100, 60])).data, large.data);
    assert.deepEqual(extent(large), [5, 24, 9, 20]);
  });

  test('a pixel that ink covers in part is grey', () => {
    // Two rows of 30 pixels, the lower one half as long: the longer side becomes 20 pixels of 1.5 each, and the height
    // 2 / 1.5 rounds to one row, which is the mean of both.
    const ink = rectangle(40, [10, 5, 1, 30]);
    ink.data.fill(1, 11 * 40 + 5, 11 * 40 + 5 + 15);
    const row = rowsOf(mnistForm(ink)).find((values) => values.some((value) => value > 0)) ?? [];
    const inked = row.filter((value) => value > 0).map((value) => Math.round(value * 255));
    assert.deepEqual(inked, [...Array<number>(10).fill(255), ...Array<number>(10).fill(128)]);
  });

  test('what is heavy on one side is moved so that its centre of mass is in the middle', () => {
    // A filled square of 10 × 10 and a thin line of 10 pixels to the right of its upper edge, 20 pixels wide in all.
    const ink = rectangle(60, [20, 20, 10, 10]);
    ink.data.fill(1, 20 * 60 + 30, 20 * 60 + 40);
    // The columns' mean is (100 · 4.5 + 10 · 14.5) / 110 = 5.41 and the rows' (100 · 4.5) / 110 = 4.09: offsets 8 (not
    // 9: the box of 20 must end within 28) and 10.
    assert.deepEqual(extent(mnistForm(ink)), [10, 19, 8, 27]);
  });

  test('no ink gives zeros', () => {
    assert.ok(mnistForm(zeros([280, 280])).data.every((value) => value === 0));
  });

  test('what is already in that form stays as it is, up to a pixel of shift', async () => {
    const { test: digits } = await loadMnist();
    let same = 0;
    for (let n = 0; n < 200; n++) {
      const image = Float64Array.from(digits.images.subarray(n * 784, (n + 1) * 784));
      const form = mnistForm({ shape: [28, 28], data: image });
      const [top, bottom, left, right] = extent({ shape: [1, 28, 28, 1], data: image });
      const size = [bottom - top, right - left];
      const [top2, bottom2, left2, right2] = extent(form);
      assert.ok(Math.abs(top - top2) <= 2 && Math.abs(left - left2) <= 2, `digit ${n}`);
      if (Math.max(...size) === 19) {
        assert.deepEqual([bottom2 - top2, right2 - left2], size, `digit ${n}`);
        same += form.data.every((value, at) => value === image[at]) ? 1 : 0;
      }
    }
    assert.ok(same > 100, String(same));
  });
});
