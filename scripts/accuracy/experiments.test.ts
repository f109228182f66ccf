import assert from 'node:assert/strict';
import { test } from 'node:test';
import { augmenter, type Dataset } from 'convlab';
import { trainOptions } from './experiments';

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
