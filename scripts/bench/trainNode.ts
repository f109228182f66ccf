/**
 * The contestants of train.ts that run in Node: ConvLab's engine (`simd`), TensorFlow.js on its wasm backend (`wasm`)
 * and through tfjs-node (`tfjs-node`). Reads commands and writes answers, one line of JSON each.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import { models, train, useBackend, type Dataset } from 'convlab';
import { createEngine } from 'convlab/dist/engine/index';
import { stepsForMemory, type Answer, type Command, type NetworkName } from './trainContestants';

const kind = process.argv[2];

/** Of an image: 28×28, or 56×56. */
let pixels = 784;

/** In shared memory, where the engine can read it without a copy. */
let data: Dataset;
/** Models, for TensorFlow.js compiled. */
const prepared = new Map<string, tf.Sequential>();

function modelFor(network: NetworkName, key: string): tf.Sequential {
  const model = prepared.get(key) ?? built(network);
  prepared.set(key, model);
  return model;
}

function built(network: NetworkName): tf.Sequential {
  if (network === 'twoConvLayers-x2') return grown(2, 28);
  if (network === 'twoConvLayers-x4') return grown(4, 28);
  return network === 'twoConvLayers-56' ? grown(1, 56) : models[network]();
}

/** `twoConvLayers` with `width` times as many kernels and hidden units, for images of `side` × `side`. */
function grown(width: number, side: number): tf.Sequential {
  const { layers } = tf;
  const stage = (filters: number, first = {}) => [
    layers.zeroPadding2d({ padding: 1, ...first }),
    layers.conv2d({ filters, kernelSize: 5 }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.activation({ activation: 'relu' }),
  ];
  return tf.sequential({
    layers: [
      ...stage(10 * width, { inputShape: [side, side, 1] }),
      ...stage(20 * width),
      layers.flatten(),
      layers.dense({ units: 50 * width, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
}

/** Each pixel of an image of 28×28 becomes a square of four. */
function enlarged(images: Float32Array): Float32Array {
  const large = new Float32Array(new SharedArrayBuffer(images.byteLength * 4));
  for (let row = 0; row < images.length / 28; row++) {
    for (let column = 0; column < 28; column++) {
      const to = row * 112 + column * 2;
      large.fill(images[row * 28 + column], to, to + 2);
    }
    large.copyWithin(row * 112 + 56, row * 112, row * 112 + 56);
  }
  return large;
}

/** The first `size` images of the data, repeated where there are fewer. */
function take(size: number): Dataset {
  const images = new Float32Array(new SharedArrayBuffer(size * pixels * 4));
  const labels = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const from = i % data.size;
    images.set(data.images.subarray(from * pixels, (from + 1) * pixels), i * pixels);
    labels[i] = data.labels[from];
  }
  return { ...data, images, labels, size };
}

/** Images a second by ConvLab's engine, in a run that takes about `seconds`. */
async function roundOfSimd({ network, batch, mode, threads, variant, seconds }: Round): Promise<number> {
  const model = modelFor(network, variant);
  const key = `${variant} ${mode} ${threads}`;
  const fast = variant === 'fast';
  const wanted = speeds.get(key) === undefined ? batch * 16 : (speeds.get(key) ?? 0) * seconds;
  const chosen = wanted < data.size ? take(Math.ceil(wanted / batch) * batch) : data;
  const passes = Math.max(1, Math.round(wanted / chosen.size));
  let elapsed = 0;
  if (mode === 'train') {
    const o = { epochs: 1 + passes, batchSize: batch, threads, fast, engine: 'simd' } as const;
    // The first epoch also starts the workers and lays out the images.
    const { seconds: times } = await train(model, chosen, o);
    elapsed = times.slice(1).reduce((sum, time) => sum + time, 0);
  } else {
    const optimizer = { kind: 'sgd' } as const;
    const engine = createEngine(model, {
      batchSize: batch,
      loss: 'crossEntropy',
      optimizer,
      threads,
      fast,
      seed: 1,
    });
    await engine.predict(chosen.images.subarray(0, batch * pixels));
    const start = performance.now();
    for (let i = 0; i < passes; i++) await engine.predict(chosen.images);
    elapsed = (performance.now() - start) / 1000;
    await engine.dispose();
  }
  const speed = (chosen.size * passes) / elapsed;
  speeds.set(key, speed);
  return speed;
}

const speeds = new Map<string, number>();

/** An epoch of TensorFlow.js' own training. */
async function fit(model: tf.Sequential, dataset: Dataset, batchSize: number): Promise<void> {
  const [x, y] = tensors(dataset);
  await fitTensors(model, x, y, batchSize);
  tf.dispose([x, y]);
}

async function fitTensors(
  model: tf.Sequential,
  x: tf.Tensor,
  y: tf.Tensor,
  batchSize: number,
): Promise<void> {
  if (!model.optimizer) model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
  await model.fit(x, y, { batchSize, epochs: 1, verbose: 0, yieldEvery: 'never' });
}

function tensors({ images, labels, size }: Dataset): [tf.Tensor, tf.Tensor] {
  const x = tf.tensor4d(Float32Array.from(images), [size, ...data.imageShape]);
  return [x, tf.tidy(() => tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10).toFloat())];
}

/** Images a second by TensorFlow.js' own `fit` and `predict`. */
async function roundOfTensorFlow({ network, batch, mode, seconds }: Round): Promise<number> {
  const model = modelFor(network, 'tfjs');
  const wanted = (speeds.get(mode) ?? 0) * seconds;
  const size = Math.max(4, Math.round(wanted / batch)) * batch;
  const [x, y] = tensors(take(size));
  const start = performance.now();
  if (mode === 'train') await fitTensors(model, x, y, batch);
  else tf.tidy(() => (model.predict(x, { batchSize: batch }) as tf.Tensor).dataSync());
  const speed = size / ((performance.now() - start) / 1000);
  tf.dispose([x, y]);
  speeds.set(mode, speed);
  return speed;
}

type Round = Extract<Command, { command: 'round' }>;

async function answer(command: Command): Promise<Answer> {
  if (command.command === 'start') {
    const raw = readFileSync(command.images);
    const read = new Float32Array(new SharedArrayBuffer(raw.length));
    new Uint8Array(read.buffer).set(raw);
    const side = command.network === 'twoConvLayers-56' ? 56 : 28;
    pixels = side ** 2;
    const images = side === 56 ? enlarged(read) : read;
    const labels = Uint8Array.from(readFileSync(command.labels));
    data = { images, labels, size: labels.length, imageShape: [side, side, 1], classes: 10 };
    // Before the first model, at which TensorFlow.js would greet.
    await useBackend(kind === 'simd' ? 'cpu' : kind === 'wasm' ? 'wasm' : 'tensorflow');
    const model = built(command.network);
    let version = `TensorFlow.js ${tf.version['tfjs-core']}`;
    if (kind === 'simd') version = `ConvLab on Node ${process.version}`;
    const baseline = process.memoryUsage.rss() / 2 ** 20;
    const steps = async (dataset: Dataset): Promise<void> => {
      if (kind !== 'simd') return fit(model, dataset, command.batch);
      const o = { epochs: 1, batchSize: command.batch, threads: Math.max(...command.threads) };
      await train(model, dataset, { ...o, engine: 'simd' });
    };
    const start = performance.now();
    await steps(take(command.batch));
    const firstStep = performance.now() - start;
    await steps(take(command.batch * stepsForMemory));
    return { version, firstStep, baseline, peak: process.resourceUsage().maxRSS / 1024 };
  }
  const round = kind === 'simd' ? roundOfSimd : roundOfTensorFlow;
  return { imagesPerSecond: await round(command) };
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line) as Command)));
  }
}

void main();
