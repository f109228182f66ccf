import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, mock, test } from 'node:test';
import type { WorkerThread } from '../platform/platform';
import type { SimdEngine } from './index';
import { createEngine, NotFiniteError } from './index';
import * as make from './testdata/networks';
import type { EngineOptions, TrainRun } from './types';

function network(): make.TestNetwork {
  const steps = [
    make.convolution({ filters: 5, kernel: [3, 3] }),
    make.pool('max', [2, 2], [2, 2]),
    make.activation('relu'),
    make.flatten(),
    make.dense(9, 'relu'),
    make.dense(4),
  ];
  return make.network([8, 8, 1], steps, 3);
}

const options: EngineOptions = {
  batchSize: 8,
  loss: 'crossEntropy',
  optimizer: { kind: 'sgd' },
  seed: 1,
  threads: 2,
};

function run(count: number, rate = 0.1): TrainRun {
  const batch = make.batch(network(), count, 4);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  return { ...batch, order, learningRates: new Float32Array(Math.ceil(count / 8)).fill(rate) };
}

async function using(
  work: (engine: SimdEngine) => Promise<void>,
  o: Partial<EngineOptions> = {},
): Promise<void> {
  const engine = createEngine(network().model, { ...options, ...o });
  try {
    await work(engine);
  } finally {
    await engine.dispose();
  }
}

describe('wrong input is refused before the first step', () => {
  const wrong: readonly [string, (right: TrainRun) => Partial<TrainRun>, RegExp][] = [
    [
      'images of another size',
      () => ({ images: new Float32Array(100) }),
      /images have 100 numbers, expected a multiple of 8·8·1 = 64/,
    ],
    [
      'a label that is not a class',
      ({ labels }) => ({ labels: labels.map((l, i) => (i === 3 ? 4 : l)) }),
      /label of image 3 is 4, expected a class below 4/,
    ],
    [
      'a label below 0, which would be a class outside of the scores',
      ({ labels }) => ({ labels: Int32Array.from(labels, (l, i) => (i === 3 ? -1 : l)) as never }),
      /label of image 3 is -1, expected a class below 4/,
    ],
    [
      'a label that is not a number',
      ({ labels }) => ({ labels: Float32Array.from(labels, (l, i) => (i === 3 ? NaN : l)) as never }),
      /label of image 3 is NaN, expected a class below 4/,
    ],
    ['too few labels', ({ labels }) => ({ labels: labels.slice(1) }), /15 labels for 16 images/],
    ['an empty order', () => ({ order: new Int32Array(0) }), /order is empty/],
    [
      'an index without an image',
      () => ({ order: Int32Array.of(0, 16), learningRates: Float32Array.of(1) }),
      /order holds 16, expected indices below the 16 images/,
    ],
    [
      'too many learning rates',
      () => ({ learningRates: new Float32Array(3) }),
      /3 learning rates for 2 steps/,
    ],
    [
      'a learning rate that is not a number',
      () => ({ learningRates: Float32Array.of(0.1, NaN) }),
      /learning rate of step 1 is NaN/,
    ],
  ];
  for (const [name, change, message] of wrong) {
    test(name, () =>
      using(async (engine) => {
        const before = engine.saveState();
        const right = run(16);
        await assert.rejects(engine.train({ ...right, ...change(right) }), message);
        assert.deepEqual(engine.saveState(), before);
        await engine.train(right);
      }),
    );
  }

  test('averages that are not kept', () =>
    using(async (engine) => {
      assert.throws(() => engine.readWeights({ averaged: true }), /no averages are kept/);
      await assert.rejects(engine.predict(new Float32Array(64), { averaged: true }), /no averages are kept/);
    }));
});

describe('a loss that is not finite', () => {
  test('stops the run, names step and layer, and keeps the weights before it', () =>
    using(async (engine) => {
      const one = run(8, 1e37);
      const before = engine.readWeights();
      await engine.train({ ...one, learningRates: Float32Array.of(0) });
      assert.deepEqual(engine.readWeights(), before);
      // The first step makes the weights huge; the second cannot be computed.
      await assert.rejects(engine.train(run(24, 1e37)), (error: Error) => {
        assert.ok(error instanceof NotFiniteError);
        assert.deepEqual([error.what, error.index], ['step', 1]);
        assert.match(
          error.message,
          /the numbers of step 1 are not finite, first in the output of layer (conv2d|dense)/,
        );
        return true;
      });
      assert.ok(engine.readWeights().every((weights) => weights.every(Number.isFinite)));
    }));

  test('says if the images are the cause', () =>
    using(async (engine) => {
      const { images, ...rest } = run(16);
      images[9 * 64 + 5] = NaN;
      await assert.rejects(
        engine.train({ images, ...rest }),
        /step 1 are not finite, the images hold a number/,
      );
    }));

  test('says if weights are the cause', () =>
    using(async (engine) => {
      const weights = engine.readWeights();
      weights[2][7] = NaN;
      engine.writeWeights(weights);
      await assert.rejects(
        engine.train(run(16)),
        /step 0 .* first in layer dense\S*, whose weights are no longer finite/,
      );
    }));

  const pooled = (filters: number) => [
    ...[make.convolution({ filters, kernel: [3, 3] }), make.pool('max', [2, 2], [2, 2])],
    ...[make.activation('relu'), make.flatten(), make.dense(4)],
  ];
  const dense = [make.flatten(), make.dense(18, 'relu'), make.dense(4)];
  for (const [name, channels, layers] of [
    ['dense', 1, dense],
    ['convolution', 1, pooled(5)],
    ['wide convolution', 2, pooled(32)],
  ] as const) {
    for (const value of [NaN, Infinity]) {
      test(`finds ${value} in the weights of a ${name} layer even where every pixel is black`, async () => {
        const engine = createEngine(make.network([8, 8, channels], layers, 3).model, options);
        try {
          const images = new Float32Array(8 * 64 * channels);
          const weights = engine.readWeights();
          weights[0][0] = value;
          engine.writeWeights(weights);
          const wrong = /first in layer (dense|conv2d)\S*, whose weights are no longer finite/;
          await assert.rejects(engine.predict(images), wrong);
          const order = Int32Array.from({ length: 8 }, (_, i) => i);
          const learningRates = Float32Array.of(0.1);
          const labels = new Uint8Array(8);
          await assert.rejects(engine.train({ images, labels, order, learningRates }), wrong);
        } finally {
          await engine.dispose();
        }
      });
    }
  }
});

describe('a run', () => {
  test('stops when its signal aborts, and keeps the weights so far', () =>
    using(async (engine) => {
      const controller = new AbortController();
      const long = {
        ...run(8),
        order: new Int32Array(4_000_000),
        learningRates: new Float32Array(500_000).fill(0.01),
      };
      const seen: number[] = [];
      const outcome = await engine.train({
        ...long,
        signal: controller.signal,
        onProgress: ({ step, steps, loss, accuracy }) => {
          assert.equal(steps, 500_000);
          assert.ok(loss > 0 && accuracy >= 0 && accuracy <= 1);
          seen.push(step);
          controller.abort();
        },
      });
      assert.ok(
        outcome.aborted && outcome.steps >= seen[0] && outcome.steps < 500_000,
        JSON.stringify(outcome),
      );
      const before = await engine.train({ ...run(8), signal: AbortSignal.abort() });
      assert.deepEqual([before.steps, before.aborted], [0, true]);
      assert.deepEqual((await engine.train(run(16))).steps, 2);
    }));

  test('leaves the event loop free', () =>
    using(async (engine) => {
      const controller = new AbortController();
      let ticks = 0;
      const timer = setInterval(() => {
        if (++ticks === 3) controller.abort();
      }, 5);
      const order = new Int32Array(4_000_000);
      const learningRates = new Float32Array(500_000);
      const outcome = await engine.train({ ...run(8), order, learningRates, signal: controller.signal });
      clearInterval(timer);
      assert.ok(outcome.aborted, 'the timer came too late to abort');
    }));

  test('ends early with the error that onProgress throws', () =>
    using(async (engine) => {
      const long = { ...run(8), order: new Int32Array(4_000_000), learningRates: new Float32Array(500_000) };
      const onProgress = (): void => {
        throw new Error('no more');
      };
      await assert.rejects(engine.train({ ...long, onProgress }), /^Error: no more$/);
      assert.equal((await engine.train(run(16))).steps, 2);
    }));

  test('cannot begin while another is running', () =>
    using(async (engine) => {
      const first = engine.train(run(16));
      await assert.rejects(engine.train(run(16)), /it is running/);
      assert.throws(() => engine.readWeights(), /it is running/);
      assert.equal((await first).steps, 2);
    }));

  test('whose worker dies is an error for the caller, and so is every later one', () =>
    using(async (engine) => {
      const long = {
        ...run(8),
        order: new Int32Array(8_000_000),
        learningRates: new Float32Array(1_000_000),
      };
      const training = engine.train(long);
      // Through internals, since nothing public kills a worker.
      const { workers } = (engine as unknown as { pool: { workers: WorkerThread[] } }).pool;
      setTimeout(() => void workers[1].end(), 50);
      await assert.rejects(training, /a worker thread ended with code 1/);
      await assert.rejects(engine.train(run(16)), /a worker thread ended/);
    }));

  test('ends with an error when the engine is disposed of', () =>
    using(async (engine) => {
      const long = {
        ...run(8),
        order: new Int32Array(8_000_000),
        learningRates: new Float32Array(1_000_000),
      };
      const training = assert.rejects(engine.train(long), /it was disposed of/);
      await engine.dispose();
      await training;
      await assert.rejects(engine.predict(new Float32Array(64)), /it was disposed of/);
    }));

  test('does not start with the workers of a later build, which might never answer', () => {
    const { readFileSync } = fs;
    const rebuilt = mock.method(fs, 'readFileSync', (path: string, encoding: 'utf8') => {
      const text = readFileSync(path, encoding);
      return path.endsWith('built.json') ? JSON.stringify({ ...JSON.parse(text), id: 'another' }) : text;
    });
    try {
      assert.throws(() => createEngine(network().model, options), /was rebuilt .* restart the kernel/);
    } finally {
      rebuilt.mock.restore();
    }
  });
});
