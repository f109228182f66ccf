/** Where a window goes, and why it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputSize, planWindows } from '../../../shape';
import type { Geometry } from './window';
import { fit, formula, pixelUnder, placeByKey, placeNear, reach } from './window';

const geometry = (o: Partial<Geometry>): Geometry => ({
  ...{ image: [8, 8], size: [3, 3], stride: 1, padding: 0, dilation: 1 },
  ...o,
});

test('a window that fits has no problem', () => {
  const { windows, problem } = fit(geometry({ padding: 1 }));
  assert.equal(problem, undefined);
  assert.equal(windows?.rows.output, outputSize(8, { kernel: 3, padding: 1 }));
});

test('a last step that does not fit is said in the words of outputSize, and there is an output', () => {
  const { windows, problem } = fit(geometry({ stride: 2 }));
  assert.equal(windows?.rows.output, 3);
  assert.throws(() => outputSize(8, { kernel: 3, stride: 2, rounding: 'exact' }), {
    message: `outputSize: ${problem}`,
  });
  assert.match(problem ?? '', /^\(8 \+ 0 − 3\) \/ 2 \+ 1 = 3\.5, expected a whole number/);
});

test('a window larger than the image has no output', () => {
  const { windows, problem } = fit(geometry({ size: [7, 7], dilation: 2 }));
  assert.equal(windows, undefined);
  assert.equal(problem, 'the window (height) spans 13 pixels, the input has 8');
});

test('what no window reads lies behind what is reached', () => {
  const { windows } = fit(geometry({ stride: 2 }));
  assert.equal(windows && reach(windows.rows), 7);
});

test('the formula has the numbers of its axis, and the span of a dilated kernel', () => {
  const o = geometry({ image: [8, 28], stride: 2, padding: 1, dilation: 2 });
  assert.equal(formula(o, 0), '⌊(8 + 2·1 − 5) / 2⌋ + 1');
  assert.equal(formula(o, 1), '⌊(28 + 2·1 − 5) / 2⌋ + 1');
});

test('the pixel under a number of the window', () => {
  const windows = planWindows('', [8, 8], 3, { strides: 2, padding: 1, dilations: 2 });
  assert.deepEqual(pixelUnder(windows, [0, 1], [0, 2]), { row: -1, column: 5, isInside: false });
  assert.deepEqual(pixelUnder(windows, [1, 1], [1, 0]), { row: 3, column: 1, isInside: true });
});

test('keys walk within the output, and others are left to the page', () => {
  const windows = planWindows('', [4, 5], 3, {}); // 2 × 3 places
  const walk = (place: number, ...keys: string[]): (number | undefined)[] =>
    keys.map((key) => placeByKey(windows, place, key));
  const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
  assert.deepEqual(walk(0, ...arrows), [0, 1, 0, 3]);
  assert.deepEqual(walk(5, ...arrows), [4, 5, 2, 5]);
  assert.deepEqual(walk(1, 'Home', 'End', 'Tab', 'toString'), [0, 5, undefined, undefined]);
});

test('the place nearest to a cell has its middle there, as far as the window goes', () => {
  const windows = planWindows('', [8, 8], 3, { strides: 2, padding: 1 }); // 4 × 4 places, middles at 1, 3, 5, 7
  assert.equal(placeNear(windows, 1, 1), 0);
  assert.equal(placeNear(windows, 5, 3), 2 * 4 + 1);
  assert.equal(placeNear(windows, 9, 9), 15);
  assert.equal(placeNear(windows, 0, 6), 3);
});
