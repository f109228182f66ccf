import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeOf } from 'convlab';
import { nameOf, networkOf } from './network';

test('a network has the convolutions, poolings and parameters that its shape says', () => {
  const model = networkOf([[2, 3], [4]], 1);
  const sizes = model.layers.map(({ outputShape }) => (outputShape as number[]).slice(1).join('×'));
  // Convolution, pooling where a stage ends, normalisation, ReLU.
  assert.deepEqual(sizes.slice(0, 3), ['26×26×2', '26×26×2', '26×26×2']);
  assert.deepEqual(sizes.slice(3, 7), ['24×24×3', '12×12×3', '12×12×3', '12×12×3']);
  assert.deepEqual(sizes.slice(7), ['10×10×4', '10×10×4', '10×10×4', '4', '10']);
  const parameters = model.trainableWeights.map(({ shape }) => sizeOf(shape as number[]));
  // Kernels and, of each map, scale and shift; then the dense layer.
  assert.deepEqual(parameters, [3 * 3 * 2, 2, 2, 3 * 3 * 2 * 3, 3, 3, 3 * 3 * 3 * 4, 4, 4, 4 * 10, 10]);
  model.dispose();
});

test('the seed decides the weights, and nothing else does', () => {
  const weights = (seed: number): number[] => {
    const model = networkOf([[2]], seed);
    const values = [...model.getWeights()[0].dataSync()];
    model.dispose();
    return values;
  };
  assert.deepEqual(weights(3), weights(3));
  assert.notDeepEqual(weights(3), weights(4));
});

test('the name of a shape', () => {
  assert.equal(nameOf([[8, 12], [16, 20], [20]]), '8, 12 | 16, 20 | 20');
});
