/** Where a window goes, and why it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputSize, planWindows } from '../../../shape';
import type { Geometry } from './window';
import { fit, formula, pixelUnder, reach } from './window';

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
