/**
 * The networks of the course give the same on every backend of TensorFlow.js, and in the engine: outputs, gradients, and
 * weights after ten steps. A new network joins by being exported from `models`.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { Sequential } from '@tensorflow/tfjs';
import { useBackend, type BackendName } from '../backend/backend';
import { take } from '../data/contents';
import type { Dataset } from '../data/dataset';
import { loadMnist } from '../data/mnist';
import { upTo } from '../lists';
import { predict } from './evaluate';
import { courseNetworks, lackOf, largestDifference, weightsOf } from './testdata';
import { train } from './train';

interface Observed {
  readonly outputs: Float32Array;
  readonly gradients: readonly Float32Array[];
  /** After ten steps, and how far from the first ones the farthest is. */
  readonly weights: readonly Float32Array[];
  readonly moved: number;
}

let digits: Dataset;

/** What the network gives with TensorFlow.js on the backend in use, or in the engine. */
async function observe(build: (typeof courseNetworks)[number], engine: 'tfjs' | 'simd'): Promise<Observed> {
  const model = withoutDropout(build({ seed: 3 }));
  try {
    const start = weightsOf(model);
    const outputs = await predict(model, digits.images, { engine });
    const options = { epochs: 1, engine, seed: 2, quiet: true } as const;
    // A step of gradient descent with the rate 1 subtracts the gradient.
    await train(model, take(digits, [0, 1]), { ...options, optimizer: 'sgd', learningRate: 1 });
    const gradients = weightsOf(model).map((after, k) => start[k].map((value, i) => value - after[i]));
    setWeights(model, start);
    const { steps } = await train(model, digits, {
      ...options,
      batchSize: 2,
      optimizer: 'momentum',
      learningRate: 0.01,
    });
    assert.equal(steps, 10);
    const weights = weightsOf(model);
    return { outputs, gradients, weights, moved: largestDifference(weights, start) };
  } finally {
    model.dispose();
  }
}

/** Every engine draws masks of its own, so that none are compared. */
function withoutDropout(model: Sequential): Sequential {
  for (const layer of model.layers) if (layer.getClassName() === 'Dropout') Object.assign(layer, { rate: 0 });
  return model;
}

function setWeights(model: Sequential, values: readonly Float32Array[]): void {
  const current = model.getWeights();
  model.setWeights(current.map((weight, k) => tf.tensor(values[k], weight.shape)));
}

function assertAlike(found: Observed, expected: Observed): void {
  const near = (what: string, off: number, tolerance: number): void =>
    assert.ok(off <= tolerance, `${what} are off by ${off}, expected at most ${tolerance}`);
  near('outputs', largestDifference([found.outputs], [expected.outputs]), 1e-5);
  const steepest = largestDifference(
    expected.gradients,
    expected.gradients.map((values) => values.map(() => 0)),
  );
  near('gradients', largestDifference(found.gradients, expected.gradients), 1e-5 * Math.max(1, steepest));
  assert.ok(expected.moved > 1e-3, `ten steps have moved no weight by more than ${expected.moved}`);
  near('weights', largestDifference(found.weights, expected.weights), 1e-4 * Math.max(1, expected.moved));
}

before(async () => {
  digits = take((await loadMnist()).train, upTo(20));
});

for (const build of courseNetworks) {
  describe(`${build.name} is on plain JavaScript what it is`, () => {
    let expected: Observed;
    before(async () => {
      await useBackend('cpu');
      expected = await observe(build, 'tfjs');
    });

    for (const name of ['wasm', 'tensorflow'] as const satisfies readonly BackendName[]) {
      test(`on the backend ${name}`, async (t) => {
        const lack = await lackOf(name);
        if (lack !== undefined) return t.skip(lack);
        assertAlike(await observe(build, 'tfjs'), expected);
      });
    }

    test('in the engine', async () => assertAlike(await observe(build, 'simd'), expected));
  });
}
