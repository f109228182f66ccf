/**
 * The engine trains random networks, with the edge values of every parameter, as TensorFlow.js does: the weights and
 * the moving averages of batch normalisation are those of `model.fit` with the same batches.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { useBackend } from '../backend/backend';
import { createEngine } from './index';
import { assertTrainsLikeFit } from './testdata/modelFit';
import * as make from './testdata/networks';
import { EDGES, randomTrial, type Trial } from './testdata/randomNetworks';

const TRIALS = 240;

before(() => useBackend('cpu'));

async function checkTrial(seed: number): Promise<void> {
  const trial = randomTrial(seed);
  if (trial.notInTensorFlow === undefined) await check(trial, `seed ${seed}`);
}

async function check(trial: Trial, name: string): Promise<void> {
  const { network, loss, labelSmoothing, optimizer, batchSize, threads } = trial;
  const engine = createEngine(network.model, {
    ...{ batchSize, loss, labelSmoothing, optimizer, threads, seed: 1 },
  });
  try {
    await assertTrainsLikeFit(engine, trial, name);
  } finally {
    await engine.dispose();
    network.model.dispose();
  }
}

describe('training', () => {
  const block = TRIALS / 10;
  for (let first = 0; first < TRIALS; first += block) {
    test(`of random networks ${first} to ${first + block - 1} is that of TensorFlow.js`, async () => {
      for (let seed = first; seed < first + block; seed++) await checkTrial(seed);
    });
  }

  for (const epsilon of [0, 1e-7]) {
    test(`of a batch normalisation with an epsilon of ${epsilon} is that of TensorFlow.js`, async () => {
      const steps = [
        make.convolution({ filters: 5, kernel: [3, 3], bias: false }),
        make.normalization(epsilon),
        make.flatten(),
        make.dense(3),
      ];
      const network = make.network([6, 6, 2], steps, 3);
      const batch = make.batch(network, 12, 4);
      const o = { loss: 'crossEntropy', optimizer: { kind: 'sgd' }, batchSize: 4, threads: 2 } as const;
      const rest = { labelSmoothing: 0, edges: new Set<string>(), notInTensorFlow: undefined };
      await check({ network, batch, ...o, ...rest }, `epsilon ${epsilon}`);
    });
  }

  test('meets every edge value of every parameter', () => {
    const met = new Set<string>();
    for (let seed = 0; seed < TRIALS; seed++) {
      const { edges, notInTensorFlow, network } = randomTrial(seed);
      if (notInTensorFlow === undefined) edges.forEach((edge) => met.add(edge));
      network.model.dispose();
    }
    const wanted = Object.entries(EDGES).flatMap(([name, values]) =>
      values.map((value) => `${name} ${String(value)}`),
    );
    assert.deepEqual(
      wanted.filter((edge) => !met.has(edge)),
      [],
    );
  });
});
