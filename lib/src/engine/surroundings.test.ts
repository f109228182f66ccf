/** Bad surroundings: each in a process of its own, which trains on the compiled engine; a sentence, never a hang. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const lib = JSON.stringify(join(__dirname, '../../dist/index.js'));

/** What a training says where Node has been started with these flags, and `before` has been run. */
function training(before: string, flags: readonly string[] = [], inWorker = false): string {
  return said(
    `${before}
    const { models, train } = require(${lib});
    const digits = { images: new Float32Array(784), labels: new Uint8Array(1), size: 1, imageShape: [28, 28, 1], classes: 10 };
    train(models.linear(), digits, { epochs: 1 }).then(
      ({ engine, threads }) => console.log(engine, threads),
      ({ name, code, message }) => console.log(name, code, message));`,
    flags,
    inWorker,
  );
}

/** What a program prints. */
function said(program: string, flags: readonly string[] = [], inWorker = false): string {
  const started = `new (require('node:worker_threads').Worker)(${JSON.stringify(program)}, { eval: true })`;
  const { stdout, stderr, signal } = spawnSync(
    process.execPath,
    [...flags, '-e', inWorker ? started : program],
    {
      encoding: 'utf8',
      env: { ...process.env, CONVLAB_THREADS: '2', NODE_OPTIONS: '' },
      // A hang would be killed, and told by its signal.
      timeout: 300_000,
    },
  );
  return signal ?? (stdout.trim() || stderr);
}

test('where nothing is missing it trains', () => {
  assert.equal(training(''), 'simd 2');
});

test('without WebAssembly, as Node is with --jitless', () => {
  assert.match(
    training('', ['--jitless']),
    /^EnvironmentError NO_WEBASSEMBLY engine: there is no WebAssembly here, in which it computes$/m,
  );
});

test('with a WebAssembly that has no SIMD', () => {
  assert.match(
    training('WebAssembly.validate = () => false;'),
    /^EnvironmentError NO_WEBASSEMBLY engine: WebAssembly here has no SIMD or no shared memory/,
  );
});

const [major] = process.versions.node.split('.').map(Number);
const permission = major >= 23 ? '--permission' : '--experimental-permission';
const withoutThreads = ['--no-warnings', permission, '--allow-fs-read=*'];

test('without permission for worker threads', () => {
  assert.match(
    training('', withoutThreads),
    /^EnvironmentError NO_THREADS engine: worker threads are forbidden here .*; node needs --allow-worker$/,
  );
});

test('without shared memory', () => {
  assert.match(
    training('delete globalThis.SharedArrayBuffer;'),
    /^EnvironmentError NO_SHARED_MEMORY engine: there is no SharedArrayBuffer here/,
  );
});

/** Prints whether the images that `augment.ahead` gives are those of the augmenter itself. */
const augmenting = `
  const { augmenter, random } = require(${lib});
  const generator = random(1);
  const images = Float32Array.from({ length: 3000 * 63 }, () => generator.uniform());
  const digits = { images, labels: new Uint8Array(3000), size: 3000, imageShape: [9, 7, 1], classes: 10 };
  const augment = augmenter({ shift: 2, elastic: 0.8 });
  (async () => {
    let epoch = 0;
    for await (const made of augment.ahead(digits, 5, 1, 2))
      console.log(augment(digits, ++epoch, 5).every((pixel, i) => pixel === made[i]));
  })();`;

for (const [name, before, flags] of [
  ['permission for worker threads', '', withoutThreads],
  ['shared memory', 'delete globalThis.SharedArrayBuffer;', []],
] as const) {
  test(`without ${name} whoever waits for augmented images makes them`, () => {
    assert.equal(said(before + augmenting, flags), 'true\ntrue');
  });
}

test('without shared memory the digits are read all the same, and TensorFlow.js trains on them', () => {
  const program = `delete globalThis.SharedArrayBuffer;
    const { loadMnist, models, take, train } = require(${lib});
    loadMnist()
      .then(({ train: digits }) => train(models.linear(), take(digits, [0, 1]), { epochs: 1, engine: 'tfjs' }))
      .then(({ engine, steps }) => console.log(engine, steps));`;
  assert.equal(said(program), 'tfjs 1');
});

test('with less memory than the network takes', () => {
  assert.match(
    training(
      `WebAssembly.Memory = class { constructor() { throw new RangeError('could not allocate memory'); } };`,
    ),
    /^EnvironmentError NO_MEMORY engine: \d+ MiB of memory cannot be had here; a smaller batchSize or network takes less$/,
  );
});

test('in a worker thread the engine starts its own', () => {
  assert.equal(training('', [], true), 'simd 2');
});
