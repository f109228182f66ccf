/** Training by TensorFlow.js behind our interface gives the results of `model.fit`, tested with random networks. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { useBackend } from '../backend/backend';
import { assertTrainsLikeFit } from '../engine/testdata/modelFit';
import { randomTrial } from '../engine/testdata/randomNetworks';
import { createTfjsEngine } from './tfjsEngine';

before(() => useBackend());

const TRIALS = 60;

test(`of ${TRIALS} random networks each is trained as by model.fit, or its layer is named`, async () => {
  let refused = 0;
  for (let seed = 1000; seed < 1000 + TRIALS; seed++) {
    const trial = randomTrial(seed);
    const { network, batchSize, loss, labelSmoothing, optimizer } = trial;
    // Frozen layers with nothing that learns before them need no gradient.
    const first = network.model.layers.findIndex((layer) => layer.trainableWeights.length > 0);
    const dilated = network.model.layers.slice(first).some((layer) => {
      const { dilationRate } = layer.getConfig();
      return Array.isArray(dilationRate) && dilationRate.some((rate) => rate !== 1);
    });
    const engine = await createTfjsEngine('train', network.model, {
      ...{ batchSize, loss, labelSmoothing, optimizer, seed: 1 },
    });
    const trained = assertTrainsLikeFit(engine, trial, `seed ${seed}`);
    if (dilated) {
      refused++;
      await assert.rejects(
        trained,
        /^Error: train: TensorFlow\.js cannot train layer conv2d_\w+ \(Conv2D\): .*dilation/,
      );
    } else await trained;
    network.model.dispose();
  }
  assert.ok(refused > 0 && refused < TRIALS / 2, `${refused} refused`);
});
