import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import { adam, momentum, sgd } from '../ops';
import type { AdamState } from '../ops';
import { permutation } from '../random';
import type { SimdEngine } from './index';
import { createEngine } from './index';
import * as make from './testdata/networks';
import type { Batch, TestNetwork } from './testdata/networks';
import type { EngineOptions, OptimizerSettings } from './types';

/** Every kind of layer whose threads must agree: dropout, batch normalisation, both convolution gradients. */
function mixed(): TestNetwork {
  return make.network(
    [10, 9, 2],
    [
      make.convolution({ filters: 6, kernel: [3, 3], padding: 'same', activation: 'relu' }),
      make.pool('max', [2, 2], [2, 2]),
      make.dropout(0.3),
      make.convolution({ filters: 9, kernel: [2, 3] }),
      make.normalization(),
      make.activation('tanh'),
      make.pool('max', [3, 3], [2, 2], 'same'),
      make.flatten(),
      make.dense(33, 'relu'),
      make.dropout(0.5),
      make.dense(5),
    ],
    7,
  );
}

function plain(): TestNetwork {
  const steps = [
    make.convolution({ filters: 5, kernel: [3, 3] }),
    make.pool('max', [2, 2], [2, 2]),
    make.activation('relu'),
    make.flatten(),
    make.dense(9, 'sigmoid'),
    make.dense(4),
  ];
  return make.network([8, 8, 1], steps, 3);
}

async function using<T>(
  network: TestNetwork,
  o: Partial<EngineOptions>,
  work: (engine: SimdEngine) => Promise<T>,
): Promise<T> {
  const optimizer = { kind: 'sgd' } as const;
  const engine = createEngine(network.model, {
    batchSize: 8,
    loss: 'crossEntropy',
    optimizer,
    seed: 5,
    ...o,
  });
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}

function run(batch: Batch, batchSize: number, rate: number): Parameters<SimdEngine['train']>[0] {
  const order = permutation(batch.labels.length, 2);
  const steps = Math.ceil(order.length / batchSize);
  return { ...batch, order, learningRates: new Float32Array(steps).fill(rate) };
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Weights of the engine and of `ops` after some steps of single batches, from the engine's own gradients. */
async function follow(
  optimizer: OptimizerSettings,
  step: (weights: NDArray, gradient: NDArray, index: number, rate: number) => NDArray,
): Promise<void> {
  const network = plain();
  const rate = 0.05;
  await using(network, { optimizer, batchSize: 16 }, async (engine) => {
    for (let i = 0; i < 4; i++) {
      const batch = make.batch(network, 16, 20 + i);
      const { gradients } = await engine.gradients(batch.images, batch.labels);
      const wanted = engine.readWeights().map((weights, k) => {
        return step(flat(weights), flat(gradients[k]), k, rate).data;
      });
      const order = Int32Array.from({ length: 16 }, (_, k) => k);
      await engine.train({ ...batch, order, learningRates: Float32Array.of(rate) });
      engine.readWeights().forEach((weights, k) => {
        weights.forEach((w, j) => {
          assert.ok(
            Math.abs(w - wanted[k][j]) <= 1e-6,
            `step ${i}, weight ${k}[${j}]: ${w} for ${wanted[k][j]}`,
          );
        });
      });
    }
  });
}

const flat = (values: Float32Array): NDArray => ndarray({ shape: [values.length], data: values });

describe('training steps', () => {
  test('of SGD, with weight decay on kernels only, are those of ops', async () => {
    await follow({ kind: 'sgd', weightDecay: 0.1 }, (weights, gradient, k, rate) => {
      const isKernel = k % 2 === 0;
      const shrunk = weights.data.map((w) => w * (isKernel ? 1 - rate * 0.1 : 1));
      return sgd({ shape: weights.shape, data: shrunk }, gradient, { learningRate: rate });
    });
  });

  test('of momentum are those of ops', async () => {
    const velocities: (NDArray | undefined)[] = [];
    await follow({ kind: 'momentum', momentum: 0.8 }, (weights, gradient, k, rate) => {
      const next = momentum(weights, gradient, velocities[k], { learningRate: rate, momentum: 0.8 });
      velocities[k] = next.velocity;
      return next.weights;
    });
  });

  test('of Adam are those of ops', async () => {
    const states: (AdamState | undefined)[] = [];
    await follow({ kind: 'adam', epsilon: 1e-4 }, (weights, gradient, k, rate) => {
      const next = adam(weights, gradient, states[k], { learningRate: rate, epsilon: 1e-4 });
      states[k] = next.state;
      return next.weights;
    });
  });

  for (const kind of ['sgd', 'momentum', 'adam'] as const) {
    test(`of ${kind} give the same bits for every number of threads`, async () => {
      const network = mixed();
      const batch = make.batch(network, 61, 4);
      const states: string[] = [];
      for (const threads of [1, 2, 3, 5]) {
        const average = { decay: 0.9, every: 2 };
        await using(
          network,
          { threads, optimizer: { kind, weightDecay: 0.01 }, average, batchSize: 24 },
          async (engine) => {
            await engine.train(run(batch, 24, 0.02));
            const outputs = await engine.predict(batch.images, { averaged: true });
            states.push(hash(engine.saveState()) + hash(new Uint8Array(outputs.buffer)));
          },
        );
      }
      assert.equal(new Set(states).size, 1, states.join(' '));
    });
  }

  test('are the same from shared images as from plain ones, in any order', async () => {
    const network = plain();
    const batch = make.batch(network, 40, 4);
    const shared = new Float32Array(new SharedArrayBuffer(batch.images.byteLength));
    shared.set(batch.images);
    const train = (images: Float32Array): Promise<string> =>
      using(network, {}, async (engine) => {
        await engine.train(run({ ...batch, images }, 8, 0.1));
        return hash(engine.saveState());
      });
    assert.equal(await train(batch.images), await train(shared));
  });

  test('continue bit for bit from a saved state', async () => {
    const network = mixed();
    const [first, second] = [make.batch(network, 40, 4), make.batch(network, 40, 5)];
    const o = { optimizer: { kind: 'adam' }, average: { decay: 0.9, every: 3 } } as const;
    const straight = await using(network, o, async (engine) => {
      await engine.train(run(first, 8, 0.01));
      const state = engine.saveState();
      await engine.train(run(second, 8, 0.01));
      return { state, end: hash(engine.saveState()) };
    });
    const resumed = await using(network, { ...o, threads: 3 }, async (engine) => {
      engine.restoreState(straight.state);
      await engine.train(run(second, 8, 0.01));
      return hash(engine.saveState());
    });
    assert.equal(resumed, straight.end);
    await using(plain(), o, async (engine) => {
      await Promise.resolve();
      assert.throws(() => engine.restoreState(straight.state), /state is of another network/);
    });
  });

  // After t averages the next keeps (1 + t)/(10 + t) of the last, or the decay where that is less.
  for (const [decay, kept] of [
    [0, [0, 0, 0]],
    [0.15, [1 / 10, 0.15, 0.15]],
    [1, [1 / 10, 2 / 11, 3 / 12]],
  ] as const) {
    test(`average the weights every so many steps, with decay ${decay}`, () => averaged(decay, kept));
  }

  async function averaged(decay: number, kept: readonly number[]): Promise<void> {
    const network = plain();
    await using(network, { average: { decay, every: 2 } }, async (engine) => {
      const wanted = engine.readWeights().map((weights) => Float64Array.from(weights));
      for (let step = 1; step <= 6; step++) {
        await engine.train(run(make.batch(network, 8, step), 8, 0.3));
        if (step % 2 === 0) {
          engine.readWeights().forEach((weights, i) => {
            weights.forEach((w, k) => (wanted[i][k] += (w - wanted[i][k]) * (1 - kept[step / 2 - 1])));
          });
        }
      }
      engine.readWeights({ averaged: true }).forEach((weights, i) => {
        weights.forEach((w, k) => assert.ok(Math.abs(w - wanted[i][k]) < 1e-6));
      });
    });
  }

  test('of several simultaneous engines do not disturb each other', async () => {
    const network = mixed();
    const batch = make.batch(network, 40, 4);
    const train = (): Promise<string> =>
      using(network, { threads: 2 }, async (engine) => {
        await engine.train(run(batch, 8, 0.01));
        return hash(engine.saveState());
      });
    const alone = await train();
    assert.deepEqual(await Promise.all([train(), train(), train()]), [alone, alone, alone]);
  });

  test('with fused multiply-adds stay close to those without', async () => {
    const network = plain();
    const batch = make.batch(network, 16, 4);
    const train = (fast: boolean): Promise<Float32Array[]> =>
      using(network, { fast }, async (engine) => {
        await engine.train(run(batch, 8, 0.1));
        return engine.readWeights();
      });
    const [exact, fused] = [await train(false), await train(true)];
    exact.forEach((weights, i) => weights.forEach((w, k) => assert.ok(Math.abs(w - fused[i][k]) < 1e-5)));
  });

  test('give the same bits under V8’s baseline compiler alone', () => {
    const script = join(__dirname, 'testdata/hash.ts');
    const bits = (flags: string[]): string => {
      const node = [...flags, '-r', 'ts-node/register/transpile-only', script];
      const { stdout, stderr, status } = spawnSync(process.execPath, node, { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      return stdout.trim();
    };
    const usual = bits([]);
    assert.match(usual, /^[0-9a-f]{16}$/);
    assert.equal(bits(['--liftoff-only']), usual);
  });
});
