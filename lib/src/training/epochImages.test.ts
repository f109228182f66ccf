import assert from 'node:assert/strict';
import { test } from 'node:test';
import { augmenter } from '../data/augment';
import type { Dataset } from '../data/dataset';
import { linear } from '../models';
import { random } from '../random';
import { train } from './train';
import type { TrainOptions } from './options';

const size = 2500;
const generator = random(3);
const labels = Uint8Array.from({ length: size }, () => generator.below(10));
/** A bright bar whose height shows the class. */
const images = new Float32Array(size * 784);
labels.forEach((label, n) => images.fill(1, n * 784 + 56 * label, n * 784 + 56 * label + 28));
const data: Dataset = {
  images,
  labels,
  size,
  imageShape: [28, 28, 1],
  classes: 10,
};

async function weightsAfter(o: TrainOptions): Promise<Float32Array[]> {
  const model = linear({ seed: 1 });
  try {
    await train(model, data, { epochs: 3, batchSize: 100, engine: 'simd', ...o });
    return model.getWeights().map((weight) => weight.dataSync() as Float32Array);
  } finally {
    model.dispose();
  }
}

test('the images made beside the training are those that the augmenter gives when it is called', async () => {
  const augment = augmenter({ shift: 2, rotate: 10, elastic: 0.5 });
  const called: TrainOptions['augment'] = (dataset, epoch, seed) => augment(dataset, epoch, seed);
  const expected = await weightsAfter({ augment: called, seed: 4 });
  assert.deepEqual(await weightsAfter({ augment, seed: 4 }), expected);
  assert.notDeepEqual(await weightsAfter({ augment, seed: 5 }), expected);
});

test('a training that ends early asks for no more of them', async () => {
  const plain = augmenter({ shift: 2 });
  let ended = false;
  const augment = Object.assign(plain, {
    ahead: (...given: Parameters<typeof plain.ahead>) => {
      assert.deepEqual(given.slice(1), [1, 1, 3]);
      return (async function* () {
        try {
          for (let epoch = 1; epoch <= 3; epoch++) yield await Promise.resolve(data.images);
        } finally {
          ended = true;
        }
      })();
    },
  });
  const stop = new AbortController();
  await weightsAfter({ augment, signal: stop.signal, onEpoch: () => stop.abort() });
  assert.ok(ended);
});
