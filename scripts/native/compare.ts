/**
 * `node … compare.ts PACKAGE`: loads a tfjs-node from its folder, trains one batch with it and with the wasm backend,
 * and prints what computed, as JSON. Run as a process of its own, since a native library can take its process with it.
 */
import type { Sequential } from '@tensorflow/tfjs';
import { useBackend } from '../../lib/src/backend/backend';
import { tensorflow } from '../../lib/src/backend/tensorflow';
import { loadTfjsNode } from '../../lib/src/backend/tfjsNode';
import { twoConvLayers } from '../../lib/src/models/twoConvLayers';
import { random } from '../../lib/src/random';

const BATCH = 32;
/** A step this long moves the weights by far more than the tolerance. */
const RATE = 0.5;
/** float32 sums in another order, on weights of about 0.1. */
const TOLERANCE = 1e-4;

async function main(folder: string): Promise<void> {
  const tf = tensorflow();
  loadTfjsNode(folder);
  await tf.setBackend('tensorflow');
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  const start = weightsOf(twoConvLayers());
  const native = await trainOneBatch();
  await useBackend('wasm');
  const expected = await trainOneBatch();
  const moved = largestDifference(expected, start);
  if (!(moved > 100 * TOLERANCE)) throw new Error(`the wasm backend moves the weights by ${moved} only`);
  const difference = largestDifference(native, expected);
  if (!(difference <= TOLERANCE)) {
    throw new Error(`after one batch its weights differ from the wasm backend's by ${difference}`);
  }
  console.log(JSON.stringify({ version: binding.TF_Version }));
}

/** The weights after one step of the course's network, on the current backend. */
async function trainOneBatch(): Promise<Float32Array[]> {
  const tf = tensorflow();
  const model = twoConvLayers();
  model.compile({ optimizer: tf.train.sgd(RATE), loss: 'categoricalCrossentropy' });
  const generator = random(1);
  const pixels = Float32Array.from({ length: BATCH * 28 * 28 }, () => generator.uniform());
  const labels = Int32Array.from({ length: BATCH }, (_, i) => i % 10);
  await model.trainOnBatch(
    tf.tensor4d(pixels, [BATCH, 28, 28, 1]),
    tf.oneHot(tf.tensor1d(labels, 'int32'), 10),
  );
  return weightsOf(model);
}

function weightsOf(model: Sequential): Float32Array[] {
  return model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
}

/** NaN if there is one. */
function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return Math.max(
    ...a.map((values, i) => values.reduce((most, v, j) => Math.max(most, Math.abs(v - b[i][j])), 0)),
  );
}

main(process.argv[2]).catch((error: unknown) => {
  // The messages of module and library loaders go on with lists of files.
  console.error(String(error instanceof Error ? error.message : error).split('\n')[0]);
  process.exitCode = 1;
});
