/** A network goes into a widget's JSON in three bytes a weight, and comes back as exact as single precision. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import type { PlainNetwork } from '../plainNetwork';
import { random } from '../random';
import { packNetwork, unpackNetwork } from './packedNetwork';
import { fromJson, toJson } from './tensors';

function dense(kernel: NDArray): PlainNetwork {
  const [inputs, outputs] = kernel.shape;
  const layer = { name: 'dense1', kind: 'Dense', outputShape: [outputs], parameters: kernel.data.length };
  return { inputShape: [inputs], layers: [{ ...layer, does: 'dense', kernel, activation: 'relu' }] };
}

function throughJson(network: PlainNetwork): NDArray {
  const packed = fromJson(toJson(packNetwork(network))) as ReturnType<typeof packNetwork>;
  const [layer] = unpackNetwork(packed).layers;
  assert.ok(layer.does === 'dense' && !('packed' in layer));
  assert.equal(layer.activation, 'relu');
  return layer.kernel;
}

const draw = random(1);
const large = ndarray({ shape: [100, 20], data: Float32Array.from({ length: 2000 }, () => draw.normal()) });

test('a weight is off by less than an 8,000,000th of the largest', () => {
  const back = throughJson(dense(large));
  assert.deepEqual(back.shape, [100, 20]);
  const largest = Math.max(...large.data.map(Math.abs));
  assert.ok(back.data.every((weight, i) => Math.abs(weight - large.data[i]) < largest / 8_000_000));
  assert.ok(back.data.some((weight, i) => weight !== large.data[i]));
});

test('whole numbers, the largest number of steps and its negative come back to the bit', () => {
  const data = Float64Array.from(
    { length: 2000 },
    (_, i) => [2 ** 23 - 1, 1 - 2 ** 23, 0, 1, -7, 256, -65_536][i % 7],
  );
  assert.deepEqual(throughJson(dense(ndarray({ shape: [100, 20], data }))).data, data);
});

test('a small kernel comes back to the bit', () => {
  const small = ndarray({ shape: [10, 20], data: large.data.slice(0, 200) });
  assert.deepEqual(throughJson(dense(small)), small);
});

test('weights that cannot be counted in steps stay as they are', () => {
  for (const value of [0, NaN, Infinity]) {
    const data = new Float64Array(2000).fill(value);
    assert.deepEqual(throughJson(dense(ndarray({ shape: [100, 20], data }))).data, data);
  }
});

test('three bytes for a weight, before base64', () => {
  assert.ok(toJson(packNetwork(dense(large))).length < 0.8 * toJson(dense(large)).length);
});
