import assert from 'node:assert/strict';
import fs, {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import * as models from '../models';
import { predict } from './evaluate';
import { loadModel, saveModel } from './savedModel';
import {
  normalizedBase,
  normalizedConvnet,
  scatter,
  smallConvnet,
  spots,
  weightsOf,
  withForgetfulLayer,
  withOwnLayer,
} from './testdata';
import { train } from './train';

before(() => useBackend());

const temporary = mkdtempSync(join(tmpdir(), 'convlab-saved-model-'));
after(() => rmSync(temporary, { recursive: true }));
const data = spots(40);

/** Kind, name and weights of each layer, those of nested models after it. */
function outline({ layers }: tf.Sequential): unknown[] {
  return layers.map((layer) => [
    layer.name,
    layer.getClassName(),
    layer instanceof tf.Sequential ? outline(layer) : weightsOf(layer),
  ]);
}

test('a loaded model has the layers and the weights that were saved, bit for bit', async () => {
  for (const [i, model] of [normalizedConvnet(), models.kerasConvnet(), models.twoConvLayers()].entries()) {
    const folder = join(temporary, 'deep', `model-${i}`);
    await saveModel(model, folder);
    const loaded = await loadModel(folder);
    assert.deepEqual(weightsOf(loaded), weightsOf(model));
    assert.deepEqual(
      loaded.layers.map((layer) => [layer.name, layer.getClassName(), layer.outputShape]),
      model.layers.map((layer) => [layer.name, layer.getClassName(), layer.outputShape]),
    );
  }
});

test('a loaded network predicts the same, and continues training from the same weights', async () => {
  const folder = join(temporary, 'trained');
  const model = smallConvnet();
  await train(model, data, { epochs: 1 });
  await saveModel(model, folder);
  const loaded = await loadModel(folder);
  assert.deepEqual(await predict(loaded, data.images), await predict(model, data.images));
  await train(model, data, { epochs: 1, optimizer: 'sgd' });
  await train(loaded, data, { epochs: 1, optimizer: 'sgd' });
  assert.deepEqual(weightsOf(loaded), weightsOf(model));
});

test('layers of the same name come back, each with its own weights', async () => {
  const { layers } = tf;
  const twice = tf.sequential({
    layers: [
      layers.conv2d({ name: 'c', filters: 1, kernelSize: 3, inputShape: [8, 8, 1] }),
      layers.conv2d({ name: 'c', filters: 1, kernelSize: 3 }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'output', units: 3 }),
    ],
  });
  const blocks = tf.sequential({
    layers: [
      normalizedBase('first'),
      normalizedBase('second'),
      normalizedBase('third'),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'output', units: 3 }),
    ],
  });
  blocks.layers[1].trainable = false;
  for (const model of [twice, blocks]) {
    scatter(model);
    const folder = join(temporary, 'same-names');
    const { numTensors } = tf.memory();
    await saveModel(model, folder);
    assert.equal(tf.memory().numTensors, numTensors);
    const loaded = await loadModel(folder);
    assert.deepEqual(outline(loaded), outline(model));
    const images = spots(4, 1, model === twice ? 1 : 3).images;
    assert.deepEqual(await predict(loaded, images), await predict(model, images));
  }
});

test('weights with a constraint come back bit for bit, too', async () => {
  const { constraints, layers } = tf;
  const folder = join(temporary, 'constrained');
  for (const kernelConstraint of [
    constraints.minMaxNorm({ minValue: 0.2, maxValue: 0.5, rate: 0.5 }),
    constraints.maxNorm({ maxValue: 0.4 }),
    constraints.unitNorm({ axis: 0 }),
  ]) {
    const model = tf.sequential({
      layers: [layers.flatten({ inputShape: [8, 8, 1] }), layers.dense({ units: 3, kernelConstraint })],
    });
    scatter(model);
    await saveModel(model, folder);
    const loaded = await loadModel(folder);
    assert.deepEqual(weightsOf(loaded), weightsOf(model));
    assert.deepEqual(loaded.layers[1].getConfig(), model.layers[1].getConfig());
  }
});

test('what TensorFlow.js leaves out or misspells is saved: depthMultiplier, gelu_new', async () => {
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.separableConv2d({ filters: 2, kernelSize: 3, depthMultiplier: 2, inputShape: [8, 8, 1] }),
      layers.flatten(),
      layers.dense({ units: 3, activation: 'gelu_new' }),
    ],
  });
  const folder = join(temporary, 'completed');
  await saveModel(model, folder);
  const loaded = await loadModel(folder);
  assert.deepEqual(weightsOf(loaded), weightsOf(model));
  assert.deepEqual(await predict(loaded, data.images), await predict(model, data.images));
  await saveModel(loaded, folder);
  assert.deepEqual(weightsOf(await loadModel(folder)), weightsOf(model));
});

test('a model within the model that is frozen stays frozen', async () => {
  const build = (): tf.Sequential =>
    tf.sequential({
      layers: [
        tf.sequential({ layers: [normalizedBase('inner'), tf.layers.reLU()] }),
        normalizedBase('outer'),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    });
  const nested = (model: tf.Sequential, ...place: number[]): tf.Sequential =>
    place.reduce((within, i) => within.layers[i] as tf.Sequential, model);
  const folder = join(temporary, 'frozen');
  for (const places of [[[0]], [[0, 0], [1]], [[]], []]) {
    const model = build();
    scatter(model);
    for (const place of places) nested(model, ...place).trainable = false;
    model.predict(tf.ones([1, 8, 8, 3])); // TensorFlow.js gives `model.weights` another order
    await saveModel(model, folder);
    const loaded = await loadModel(folder);
    assert.deepEqual(outline(loaded), outline(model));
    for (const place of [[], [0], [0, 0], [1]]) {
      assert.equal(nested(loaded, ...place).trainable, nested(model, ...place).trainable, String(place));
    }
    assert.equal(loaded.trainableWeights.length, model.trainableWeights.length);
  }
});

test('a folder that holds no word of frozen models loads as before', async () => {
  const folder = join(temporary, 'earlier');
  const model = tf.sequential({ layers: [normalizedBase('base'), tf.layers.flatten()] });
  scatter(model);
  await saveModel(model, folder);
  assert.ok(!readFileSync(join(folder, 'model.json'), 'utf8').includes('convlab'));
  assert.deepEqual(outline(await loadModel(folder)), outline(model));
});

test('TensorFlow.js reads the files by itself, over HTTP as in a browser', async () => {
  const folder = join(temporary, 'served');
  const model = smallConvnet(5);
  await saveModel(model, folder);
  const server = createServer((request, response) => response.end(readFileSync(join(folder, request.url!))));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    const { port } = server.address() as AddressInfo;
    const loaded = await tf.loadLayersModel(`http://127.0.0.1:${port}/model.json`);
    assert.deepEqual(weightsOf(loaded as tf.Sequential), weightsOf(model));
  } finally {
    server.close();
  }
});

test('saving again leaves two files: the new model.json and the new weights', async () => {
  const folder = join(temporary, 'twice');
  await saveModel(smallConvnet(1), folder);
  writeFileSync(join(folder, 'notes.bin'), 'not ours');
  await saveModel(smallConvnet(2), folder);
  assert.deepEqual(weightsOf(await loadModel(folder)), weightsOf(smallConvnet(2)));
  const weights = readdirSync(folder).filter((name) => name.startsWith('weights-'));
  assert.equal(weights.length, 1);
  assert.deepEqual(readdirSync(folder).sort(), ['model.json', 'notes.bin', ...weights].sort());
});

test('of several saves at once the last one stays, each with the weights of the moment of its call', async () => {
  const folder = join(temporary, 'at-once');
  const model = smallConvnet(1);
  for (let round = 0; round < 5; round++) {
    const saves = [2, 3, 4].map((seed) => {
      model.setWeights(smallConvnet(seed).getWeights());
      return saveModel(model, seed === 3 ? join(folder, '..', 'at-once') : folder);
    });
    model.setWeights(smallConvnet(5).getWeights());
    await Promise.all(saves);
    assert.deepEqual(weightsOf(await loadModel(folder)), weightsOf(smallConvnet(4)));
    assert.equal(readdirSync(folder).length, 2);
  }
});

test('a save that fails does not hold up the next one, which waits for the one before', async () => {
  const folder = join(temporary, 'after-failing');
  const { rename } = fs.promises;
  let renames = 0;
  const failing = mock.method(fs.promises, 'rename', (from: string, to: string) =>
    ++renames === 1 ? Promise.reject(new Error('the disk is full')) : rename(from, to),
  );
  try {
    const saves = [1, 2, 3].map((seed) => saveModel(smallConvnet(seed), folder));
    const statuses = (await Promise.allSettled(saves)).map(({ status }) => status);
    assert.deepEqual(statuses, ['rejected', 'fulfilled', 'fulfilled']);
  } finally {
    failing.mock.restore();
  }
  assert.deepEqual(weightsOf(await loadModel(folder)), weightsOf(smallConvnet(3)));
  assert.equal(readdirSync(folder).length, 2);
});

test('a save that fails at its last step leaves the previous network', async () => {
  const folder = join(temporary, 'failing');
  await saveModel(smallConvnet(1), folder);
  const before = readdirSync(folder);
  const { rename } = fs.promises;
  const failing = mock.method(fs.promises, 'rename', (from: string, to: string) =>
    to.endsWith('model.json') ? Promise.reject(new Error('the disk is full')) : rename(from, to),
  );
  try {
    await assert.rejects(
      saveModel(smallConvnet(2), folder),
      /^Error: saveModel: folder is .*\(the disk is full\)$/,
    );
  } finally {
    failing.mock.restore();
  }
  assert.deepEqual(weightsOf(await loadModel(folder)), weightsOf(smallConvnet(1)));
  // The new weights stay beside the old ones until the next save, but no partial file.
  assert.ok(
    readdirSync(folder).every((name) => before.includes(name) || /^weights-[0-9a-f]{12}\.bin$/.test(name)),
  );
});

test('a network that could not be loaded again is refused, and the one that is there stays', async () => {
  const model = withForgetfulLayer();
  const folder = join(temporary, 'refused');
  await saveModel(smallConvnet(7), folder);
  const before = readdirSync(folder);
  await assert.rejects(saveModel(model, folder), {
    message:
      'saveModel: layer forgetful could not be loaded again, so nothing is written: Shape mismatch: [1] vs. [2]; ' +
      'expected a getConfig() that tells all of the layer',
  });
  assert.deepEqual(readdirSync(folder), before);
  assert.deepEqual(weightsOf(await loadModel(folder)), weightsOf(smallConvnet(7)));
});

test('a layer that is in the model twice is refused', async () => {
  const folder = join(temporary, 'twice');
  const dense = tf.layers.dense({ name: 'shared', units: 2, inputShape: [2] });
  await assert.rejects(
    saveModel(tf.sequential({ layers: [dense, tf.layers.reLU(), dense] }), folder),
    /^TypeError: saveModel: layer shared is in the model twice/,
  );
});

test('missing and damaged files are errors that name the file', async () => {
  const missing = join(temporary, 'missing');
  await assert.rejects(loadModel(missing), {
    message: `loadModel: there is no ${join(missing, 'model.json')}; saveModel(model, '${missing}') writes one`,
  });

  const folder = join(temporary, 'damaged');
  await saveModel(smallConvnet(), folder);
  const weights = join(
    folder,
    readdirSync(folder).find((name) => name.startsWith('weights-'))!,
  );
  const bytes = readFileSync(weights);
  bytes[17] ^= 1;
  writeFileSync(weights, bytes);
  await assert.rejects(loadModel(folder), (error: Error) => {
    const named = /-([0-9a-f]{12})\.bin$/.exec(weights)?.[1];
    return new RegExp(
      `^loadModel: ${weights} is damaged: the checksum of its contents is [0-9a-f]{12}, expected ${named}$`,
    ).test(error.message);
  });
  // Under TensorFlow.js' own file name there is no hash, but the list in model.json gives the length.
  renameSync(weights, join(folder, 'group1-shard1of1.bin'));
  const json = readFileSync(join(folder, 'model.json'), 'utf8');
  writeFileSync(join(folder, 'model.json'), json.replace(/weights-\w+\.bin/, 'group1-shard1of1.bin'));
  writeFileSync(join(folder, 'group1-shard1of1.bin'), bytes.subarray(0, 100));
  await assert.rejects(loadModel(folder), {
    message:
      `loadModel: ${join(folder, 'group1-shard1of1.bin')}: 100 bytes, expected ${bytes.length} for the weights that ` +
      'model.json lists',
  });
  writeFileSync(join(folder, 'model.json'), '{ "a": 1');
  await assert.rejects(loadModel(folder), /loadModel: .*model\.json is not JSON/);
  writeFileSync(join(folder, 'model.json'), '{}');
  await assert.rejects(loadModel(folder), /no modelTopology or weightsManifest/);
});

test('a network with weights that are not finite is refused, naming the layer', async () => {
  const folder = join(temporary, 'not-finite');
  const model = normalizedConvnet();
  const weights = model.getWeights();
  const variance = weights.length - 1;
  weights[variance] = tf.fill(weights[variance].shape, Infinity);
  model.setWeights(weights);
  await saveModel(model, folder);
  await assert.rejects(loadModel(folder), {
    message: `loadModel: ${folder}: layer norm: its moving_variance holds Infinity, expected finite numbers`,
  });
});

test('bad arguments are errors', async () => {
  await assert.rejects(saveModel(smallConvnet(), ''), {
    message: "saveModel: folder is '', expected a path such as 'models/digits'",
  });
  await assert.rejects(loadModel(undefined as unknown as string), /loadModel: folder is undefined/);
});

test('a folder that is a file, or that holds no network, is told in words', async () => {
  const file = join(temporary, 'notes');
  writeFileSync(file, 'mine');
  const place = (path: string): string => `folder is '${path}', expected one that can be`;
  await assert.rejects(saveModel(smallConvnet(), file), {
    message: `saveModel: ${place(file)} written (a file is in its place)`,
  });
  await assert.rejects(saveModel(smallConvnet(), join(file, 'model')), {
    message: `saveModel: ${place(join(file, 'model'))} written (a file is where its path names a folder)`,
  });
  await assert.rejects(loadModel(file), {
    message: `loadModel: ${place(file)} read (a file is where its path names a folder)`,
  });
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

test('a model that is not a chain is refused', async () => {
  const input = tf.input({ shape: [4] });
  const output = tf.layers
    .add()
    .apply([input, tf.layers.dense({ units: 4 }).apply(input) as tf.SymbolicTensor]);
  const model = tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  const folder = join(temporary, 'no-chain');
  await assert.rejects(saveModel(model as tf.Sequential, folder), {
    message: /^saveModel: model is an object of class LayersModel, expected a tf\.Sequential/,
  });
  mkdirSync(folder);
  await model.save(
    tf.io.withSaveHandler(({ modelTopology, weightSpecs = [], weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      writeFileSync(join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest }));
      writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  await assert.rejects(loadModel(folder), /is not a tf\.Sequential/);
});

test('a layer of an unregistered class of one’s own is named', async () => {
  const model = withOwnLayer();
  const folder = join(temporary, 'own-class');
  await saveModel(model, folder);
  await assert.rejects(loadModel(folder), (error: Error) => {
    assert.equal(
      error.message,
      `loadModel: ${join(folder, 'model.json')}: its layers cannot be built: the class Twice is not registered, ` +
        'expected tf.serialization.registerClass(Twice) before',
    );
    return error.cause instanceof Error;
  });
});
