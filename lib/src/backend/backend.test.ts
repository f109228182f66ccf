import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from './backend';
import { checkProcessor } from './tfjsNode';

/** Runs TypeScript in a separate process and returns what it printed. */
function run(code: string): { stdout: string; stderr: string; status: number | null } {
  const result = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', code], {
    cwd: __dirname,
    encoding: 'utf8',
  });
  return { stdout: result.stdout, stderr: result.stderr, status: result.status };
}

test('the fastest backend that works is chosen, and the answer says why', async () => {
  const backend = await useBackend();
  const { name, reason, version, threads } = backend;
  assert.equal(name, tf.getBackend());
  assert.ok(name === 'tensorflow' || name === 'wasm', name);
  if (name === 'wasm') assert.match(reason, /^@tensorflow\/tfjs-node (is not installed|does not work here)/);
  assert.match(version, name === 'wasm' ? /^TensorFlow\.js 4\.\d+\.\d+$/ : /^TensorFlow \d+\.\d+\.\d+/);
  assert.equal(threads, name === 'wasm' ? 1 : availableParallelism());
  assert.deepEqual(await useBackend(), backend);
});

test('a processor without AVX, on which TensorFlow would abort the process, is named', () => {
  checkProcessor('processor : 0\nflags\t\t: fpu sse4_2 avx avx2\n');
  checkProcessor('processor : 0\n'); // nothing is known
  assert.throws(() => checkProcessor('flags\t\t: fpu sse4_2 xavx2\n'), {
    message: 'this processor lacks the AVX instructions that TensorFlow needs',
  });
});

test('a backend can be requested by name', async () => {
  assert.equal((await useBackend('cpu')).name, 'cpu');
  assert.equal(tf.getBackend(), 'cpu');
  assert.equal((await useBackend('wasm')).name, 'wasm');
  assert.equal(tf.getBackend(), 'wasm');
});

test('calls at once are answered one after another, and one that fails holds up no other', () => {
  const { stdout, stderr } = run(`
    process.env.CONVLAB_BACKEND = 'unknown';
    const { useBackend } = require('./backend');
    const tf = require('@tensorflow/tfjs');
    const calls = [undefined, 'wasm', 'wasm', undefined, 'cpu', undefined].map((name) => useBackend(name));
    Promise.allSettled(calls).then((answers) =>
      console.log(...answers.map(({ value }) => value?.name), tf.getBackend()));`);
  assert.equal(stdout, 'undefined wasm wasm wasm cpu cpu cpu\n', stderr);
});

test('two evaluations at once that need TensorFlow.js for the first time get the fastest backend', () => {
  const { stdout, stderr } = run(`
    process.env.CONVLAB_BACKEND = 'wasm';
    const { evaluate } = require('../training/evaluate');
    const { smallConvnet, spots } = require('../training/testdata');
    const tf = require('@tensorflow/tfjs');
    const [model, data] = [smallConvnet(), spots(5)];
    const call = () => evaluate(model, data, { engine: 'tfjs' });
    Promise.allSettled([call(), call()]).then((answers) =>
      console.log(...answers.map(({ status }) => status), tf.getBackend()));`);
  assert.equal(stdout, 'fulfilled fulfilled wasm\n', stderr);
});

test('an unknown backend is an error that names the known ones', async () => {
  await assert.rejects(useBackend('webgpu' as 'cpu'), {
    message: "useBackend: wanted is 'webgpu', expected 'auto' or 'tensorflow' or 'wasm' or 'cpu'",
  });
});

test('CONVLAB_BACKEND names a backend for programs that do not', () => {
  const found = (backend: string, wanted = ''): string =>
    run(`
      process.env.CONVLAB_BACKEND = '${backend}';
      const { useBackend } = require('./backend');
      useBackend(${wanted}).then(({ name, reason }) => console.log(name + ': ' + reason), ({ message }) => console.log(message));`)
      .stdout;
  assert.equal(found('cpu'), 'cpu: CONVLAB_BACKEND asks for it\n');
  assert.equal(found('cpu', "'wasm'"), 'wasm: asked for by name\n');
  assert.match(found(''), /^(tensorflow|wasm): /);
  assert.equal(
    found('webgl'),
    "useBackend: CONVLAB_BACKEND is 'webgl', expected 'tensorflow' or 'wasm' or 'cpu'\n",
  );
  const native = found('tensorflow');
  const absent =
    /^useBackend: CONVLAB_BACKEND is 'tensorflow', but @tensorflow\/tfjs-node (is not installed|does not work here \(.*\))\n$/;
  assert.ok(native.startsWith('tensorflow: CONVLAB_BACKEND') || absent.test(native), native);
});

test('tfjs-node finds the functions that Node 23 has removed', () => {
  // In its place the cpu backend under its name, which calls them when it computes, as tfjs-node does.
  const { stdout, stderr } = run(`
    const Module = require('node:module');
    const util = require('node:util');
    delete util.isNullOrUndefined;
    delete util.isArray;
    const tf = require('@tensorflow/tfjs');
    const standIn = () => {
      const { MathBackendCPU } = require('@tensorflow/tfjs-backend-cpu');
      class Native extends MathBackendCPU {
        binding = { TF_Version: '2.9.1' };
        write(...args) {
          if (util.isNullOrUndefined(args[0]) || util.isArray(args[0])) throw new Error('not typed');
          return super.write(...args);
        }
      }
      tf.registerBackend('tensorflow', () => new Native());
      for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: 'tensorflow' });
    };
    const [load, resolve] = [Module._load, Module._resolveFilename];
    const isIt = (request) => request === '@tensorflow/tfjs-node';
    Module._load = (request, ...rest) => (isIt(request) ? standIn() : load(request, ...rest));
    Module._resolveFilename = (request, ...rest) => (isIt(request) ? request : resolve(request, ...rest));
    require('./backend').useBackend().then(({ name, reason }) => console.log(name, reason));`);
  assert.equal(stdout, "tensorflow TensorFlow's C library is the fastest backend\n", stderr);
});

test('nothing is printed, on any backend', () => {
  for (const first of [
    "useBackend('auto')",
    "useBackend('wasm')",
    "useBackend('cpu')",
    "useBackend('wasm').then(() => tf.setBackend('cpu'))",
    "Promise.resolve(require('../models').linear())",
  ]) {
    const { stdout, stderr, status } = run(`
      const { useBackend } = require('./backend');
      const tf = require('@tensorflow/tfjs');
      ${first}.then(() => {
        tf.conv2d(tf.ones([1, 5, 5, 1]), tf.ones([3, 3, 1, 1]), 1, 'valid').dataSync();
      });`);
    assert.deepEqual({ stdout, stderr, status }, { stdout: '', stderr: '', status: 0 });
  }
});

test('starting the wasm backend adds no listeners for exceptions, and keeps the existing ones', () => {
  const { stdout, stderr } = run(`
    process.on('uncaughtException', () => {});
    process.on('unhandledRejection', () => {});
    const count = () => process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
    const before = count();
    require('./backend').useBackend('wasm').then(() => console.log(before >= 2, count() - before));`);
  assert.equal(stdout, 'true 0\n', stderr);
});

test('a whole network has the same gradients on the wasm backend as on the cpu backend', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, inputShape: [12, 12, 1] }),
      tf.layers.zeroPadding2d({ padding: 2 }),
      tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2 }),
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      tf.layers.conv2d({ filters: 5, kernelSize: 2, activation: 'tanh' }),
      tf.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 3, activation: 'sigmoid' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  // Both backends need the same values, but a model's own variables belong to the backend that created them.
  const values = model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  const x = Float32Array.from({ length: 4 * 12 * 12 }, (_, i) => Math.sin(i * i));

  const gradientsOn = async (backend: 'cpu' | 'wasm'): Promise<Record<string, Float32Array>> => {
    await useBackend(backend);
    return tf.tidy(() => {
      model.setWeights(model.getWeights().map((weight, i) => tf.tensor(values[i], weight.shape)));
      const input = tf.tensor4d(x, [4, 12, 12, 1]);
      const { grads } = tf.variableGrads(() => {
        const output = model.apply(input, { training: true }) as tf.Tensor;
        return output.mul(tf.tensor1d([1, 2, -3])).sum<tf.Scalar>();
      });
      return Object.fromEntries(
        Object.entries(grads).map(([name, g]) => [name, Float32Array.from(g.dataSync())]),
      );
    });
  };
  const expected = await gradientsOn('cpu');
  const found = await gradientsOn('wasm');
  const { numTensors, numDataBuffers } = tf.memory();
  await gradientsOn('wasm');
  assert.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers], [numTensors, numDataBuffers]);
  assert.deepEqual(Object.keys(found), Object.keys(expected));
  assert.equal(Object.keys(found).length, 12);
  for (const [name, gradient] of Object.entries(expected)) {
    gradient.forEach((value, i) => {
      const difference = Math.abs(found[name][i] - value);
      assert.ok(difference <= 1e-5, `${name}, element ${i}: ${found[name][i]}, not ${value}`);
    });
  }
});
