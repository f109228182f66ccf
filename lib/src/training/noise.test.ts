import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { drawsUnseeded, noises } from './noise';
import { largestDifference, spots, weightsOf } from './testdata';
import { train } from './train';

const draw = (name: string, config: object, shape: number[], seed: number): Float32Array =>
  tf.tidy(() => Float32Array.from(noises[name](tf.ones(shape), { ...config }, seed).dataSync()));

test('dropout keeps its share, scaled, and a different one for another seed', () => {
  const values = draw('Dropout', { rate: 0.25 }, [100, 100], 1);
  const kept = values.filter((value) => value !== 0);
  assert.ok(Math.abs(kept.length / values.length - 0.75) < 0.02, `${kept.length}`);
  assert.ok(kept.every((value) => Math.abs(value - 4 / 3) < 1e-6));
  assert.deepEqual(draw('Dropout', { rate: 0.25 }, [100, 100], 1), values);
  assert.notDeepEqual(draw('Dropout', { rate: 0.25 }, [100, 100], 2), values);
});

test('dropout with a noise shape drops whole maps', () => {
  const values = draw('Dropout', { rate: 0.5, noiseShape: [null, 1, 1, null] }, [8, 5, 5, 4], 3);
  const sums = new Map<number, number>();
  values.forEach((value, i) => {
    const map = Math.floor(i / 100) * 4 + (i % 4);
    sums.set(map, (sums.get(map) ?? 0) + value);
  });
  assert.deepEqual(new Set(sums.values()), new Set([0, 50]));
});

test('Gaussian noise and dropout have the documented mean and deviation', () => {
  const cases: readonly (readonly [name: string, config: object, mean: number, deviation: number])[] = [
    ['GaussianNoise', { stddev: 0.3 }, 1, 0.3],
    ['GaussianDropout', { rate: 0.2 }, 1, 0.5],
  ];
  for (const [name, config, mean, deviation] of cases) {
    const values = draw(name, config, [200, 200], 5);
    const found = values.reduce((sum, value) => sum + value / values.length, 0);
    const variance = values.reduce((sum, value) => sum + (value - found) ** 2 / values.length, 0);
    assert.ok(Math.abs(found - mean) < 0.01, `${name}: mean ${found}`);
    assert.ok(Math.abs(Math.sqrt(variance) - deviation) < 0.01, `${name}: deviation ${Math.sqrt(variance)}`);
  }
});

test('random numbers hidden in a layer are detected', () => {
  const config = (layer: tf.layers.Layer): object => ({
    className: layer.getClassName(),
    ...layer.getConfig(),
  });
  const { layers } = tf;
  assert.ok(drawsUnseeded(config(layers.alphaDropout({ rate: 0.1 }))));
  assert.ok(drawsUnseeded(config(layers.gru({ units: 2, recurrentDropout: 0.1 }))));
  assert.ok(!drawsUnseeded(config(layers.gru({ units: 2 }))));
  assert.ok(drawsUnseeded(config(layers.timeDistributed({ layer: layers.dropout({ rate: 0.1 }) }))));
  assert.ok(!drawsUnseeded(config(layers.timeDistributed({ layer: layers.dense({ units: 2 }) }))));
});

test('with noise, equal seeds give equal weights, and different seeds different ones', async () => {
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.gaussianNoise({ stddev: 0.5, inputShape: [8, 8, 1] }),
      layers.conv2d({ filters: 2, kernelSize: 3 }),
      layers.gaussianDropout({ rate: 0.3 }),
      layers.dropout({ rate: 0.3, noiseShape: [null as never, 1, 1, 2] }),
      layers.flatten(),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  const start = model.getWeights().map((weight) => weight.clone());
  const trained = async (seed: number): Promise<Float32Array[]> => {
    model.setWeights(start);
    await train(model, spots(20), { epochs: 2, engine: 'tfjs', seed });
    return weightsOf(model);
  };
  const [first, again, other] = [await trained(1), await trained(1), await trained(2)];
  assert.equal(largestDifference(first, again), 0);
  assert.ok(largestDifference(first, other) > 1e-4);
});
