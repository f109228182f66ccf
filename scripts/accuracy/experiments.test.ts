import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { augmenter, type Dataset } from 'convlab';
import { experiments, trainOptions } from './experiments';

test('the last epochs of a recipe may see the images as they are', async () => {
  const images = Float32Array.from({ length: 2 * 784 }, (_, i) => (i % 5) / 5);
  const data: Dataset = {
    images,
    labels: Uint8Array.of(0, 1),
    size: 2,
    imageShape: [28, 28, 1],
    classes: 10,
  };
  const changes = { shift: 2, rotate: 10 };
  const recipe = { name: '', epochs: 4, batchSize: 2, learningRate: 1e-3, augment: changes };
  const changed = (epoch: number): Float32Array => augmenter(changes)(data, epoch, 7);

  const { augment } = trainOptions({ ...recipe, unchangedEpochs: 2 });
  assert.ok(augment?.ahead);
  const seen: Float32Array[] = [];
  for await (const epoch of augment.ahead(data, 7, 1, 4)) seen.push(epoch.slice());
  assert.deepEqual(seen, [changed(1), changed(2), images, images]);
  for (const [i, epoch] of seen.entries()) assert.deepEqual(await augment(data, i + 1, 7), epoch);

  const resumed: Float32Array[] = [];
  for await (const epoch of augment.ahead(data, 7, 4, 4)) resumed.push(epoch.slice());
  assert.deepEqual(resumed, [images]);
  assert.deepEqual(await trainOptions(recipe).augment?.(data, 4, 7), changed(4));
});

test('notebook 12 and README describe the recipe of the two convolutions as it is', () => {
  const { recipe } = experiments.find(({ name }) => name === 'twoConvLayers-augmented') ?? {};
  const { epochs, weightDecay, labelSmoothing, unchangedEpochs } = recipe ?? {};
  assert.equal(unchangedEpochs, 10);
  const read = (path: string): string =>
    readFileSync(join(__dirname, '../..', path), 'utf8').replace(/\s+/g, ' ');
  const notebook = read('notebooks/12-as-good-as-it-gets.ipynb');
  assert.ok(notebook.includes(`for ${epochs} epochs, of which the last ten see the images as they are`));
  assert.ok(notebook.includes(`label smoothing ${labelSmoothing} (`));
  assert.ok(
    notebook.includes(
      `weight decay ${weightDecay} (each step multiplies all kernels by 1 − ${weightDecay} ·`,
    ),
  );
  const sentence = `with a weight decay of ${weightDecay}, and shows the images unchanged in its last ten epochs`;
  assert.ok(read('README.md').includes(sentence));
});
