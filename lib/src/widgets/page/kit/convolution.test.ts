/** What the stepper computes: the parts of a convolution add up to the whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NDArray } from '../../../ndarray';
import { ndarray } from '../../../ndarray';
import { conv2d } from '../../../ops/conv2d';
import { planWindows } from '../../../shape';
import { convolve, resizeKernel } from './convolution';

const values = (...shape: number[]): NDArray =>
  ndarray({
    shape,
    data: Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * 7) % 11) - 5),
  });
const x = values(1, 6, 5, 3);
const kernel = values(3, 2, 3, 2);
const bias = ndarray([10, -1]);
const options = { strides: 2, padding: 1, dilations: 2 };
const { y, byChannel, pixels } = convolve(x, kernel, bias, planWindows('', [6, 5], [3, 2], options));

test('the map is that of conv2d', () => {
  assert.deepEqual(y, conv2d(x, kernel, bias, options));
});

test('the channels and the bias add up to the map', () => {
  assert.equal(byChannel.length, 3);
  y.data.forEach((value, at) => {
    const sum = byChannel.reduce((sum, map) => sum + map.data[at], bias.data[at % 2]);
    assert.equal(sum, value);
  });
});

test('the products of a place add up to its number', () => {
  const [taps, filters] = [3 * 2 * 3, 2];
  y.data.forEach((value, at) => {
    const [place, f] = [Math.floor(at / filters), at % filters];
    let sum = bias.data[f];
    for (let tap = 0; tap < taps; tap++)
      sum += pixels.data[place * taps + tap] * kernel.data[tap * filters + f];
    assert.equal(sum, value);
  });
});

test('a kernel made larger gets zeros, and has its numbers back when it is made smaller', () => {
  const larger = resizeKernel(kernel, [4, 4]);
  assert.deepEqual(larger.shape, [4, 4, 3, 2]);
  assert.equal(
    larger.data.filter((value) => value !== 0).length,
    kernel.data.filter((value) => value !== 0).length,
  );
  assert.deepEqual(resizeKernel(larger, [3, 2]), kernel);
});
