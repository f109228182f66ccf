/**
 * Training by TensorFlow.js, behind the same interface as ConvLab's own engine: the fallback for networks that the
 * engine does not support, and the reference that the engine is compared with.
 *
 * TensorFlow.js does the forward pass and the chain rule. The loss, its derivative and the optimizer's step are
 * our own (losses.ts, optimizer.ts), so that an option means the same for both engines, and so that the state of a
 * training is plain arrays that can be saved.
 *
 * The penalties of regularizers are added to the loss of every batch, as `model.fit` does; evaluation leaves them out,
 * as `model.evaluate` does. A constraint projects its weight after every step, as in Keras (`model.fit` of
 * TensorFlow.js 4.22.0 never applies it).
 */
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { layers, Sequential } from '@tensorflow/tfjs-layers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { backendInUse, useBackend } from '../backend/backend';
import { checkWhole, tensorflow } from '../backend/tensorflow';
import { layerChain, NotFiniteError } from '../engine';
import { averageDecay } from '../engine/averageDecay';
import type { Engine, EngineOptions, TrainRun } from '../engine/types';
import { explain } from './failingLayer';
import { forward, type ForwardOptions } from './forward';
import { isKernel } from './layerWeights';
import { batchLoss } from './losses';
import { drawsUnseeded, noises } from './noise';
import { createOptimizer, type OptimizerState } from './optimizer';

/** The longest time, in milliseconds, to train before the event loop gets a turn. */
const YIELD_AFTER = 40;
/** The time, in milliseconds, between two calls of `onProgress`. */
const PROGRESS_AFTER = 100;
/** Images in one batch of a prediction: enough to be fast, few enough for the memory. */
const PREDICT_BATCH = 256;

interface State extends OptimizerState {
  readonly weights: readonly Float32Array[];
  readonly averages: readonly Float32Array[] | undefined;
}

/**
 * @param callee the public function that was called, for messages
 * @throws TypeError when TensorFlow.js would not do what a layer specifies, naming the layer and the option
 */
export async function createTfjsEngine(callee: string, model: Sequential, o: EngineOptions): Promise<Engine> {
  checkWhole(callee);
  const chain = layerChain(callee, model);
  checkLayers(callee, chain);
  // The weights of the moment of the call are kept here; the model's own variables hold a copy while it computes.
  const weights = model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  // A backend that the user chose stays; TensorFlow.js' default would be plain JavaScript.
  if (!backendInUse()) await useBackend();
  const tf = tensorflow();
  const inputShape = (model.inputs[0].shape as number[]).slice(1);
  const imageSize = inputShape.reduce((product, length) => product * length, 1);
  const scores = o.loss !== 'meanSquaredError';
  const variables = model.weights;
  const all = variables.map((_, k) => k);
  const trained = model.trainableWeights.map((weight) => variables.indexOf(weight));
  const untrained = all.filter((k) => !trained.includes(k));

  let averages = o.average && weights.map((weight) => weight.slice());
  const optimizer = createOptimizer(
    o.optimizer,
    trained.map((k) => ({ shape: variables[k].shape as number[], decays: isKernel(variables[k]) })),
  );

  const tensorOf = (k: number, values: Float32Array): Tensor =>
    tf.tensor(values.slice(), variables[k].shape as number[]);

  const load = (values: readonly Float32Array[], which: readonly number[]): void =>
    tf.tidy(() => which.forEach((k) => (variables[k].read() as Variable).assign(tensorOf(k, values[k]))));

  /**
   * Computes with these weights, and gives the model's variables back what they held: between two batches, a training
   * of the same model computes with them.
   */
  const lending = <T>(values: readonly Float32Array[], compute: () => T): T =>
    tf.tidy(() => {
      const held = variables.map((variable) => variable.read().clone());
      load(values, all);
      try {
        return compute() as never;
      } finally {
        held.forEach((tensor, k) => (variables[k].read() as Variable).assign(tensor));
      }
    });

  /** The weights, each projected by its constraint if it has one. */
  const constrained = (values: readonly Float32Array[]): Float32Array[] =>
    values.map((value, k) => {
      const { constraint } = variables[k];
      if (!constraint || !trained.includes(k)) return value;
      return tf.tidy(() => Float32Array.from(constraint.apply(tensorOf(k, value)).dataSync()));
    });

  /** Averages of constrained weights need not obey the constraint. */
  const current = (averaged: boolean): readonly Float32Array[] =>
    averaged && averages ? constrained(averages) : weights;

  /** The regularizers' penalty for the current weights; 0 without any. */
  const penalties = (): Tensor[] => chain.flatMap((layer) => layer.calculateLosses());

  /**
   * Forward, backward and update for one batch: the summed loss and the number of right answers. If a loss, a gradient
   * or an updated weight is not finite, `broken` says where that began, and nothing changes.
   */
  function step(
    run: TrainRun,
    indices: Int32Array,
    learningRate: number,
  ): { loss: number; correct: number; broken?: string } {
    const images = gather(run.images, indices);
    const labels = Uint8Array.from(indices, (index) => run.labels[index]);
    let result = { loss: 0, correct: 0 };
    const training = { seed: o.seed, step: optimizer.steps };
    const pass = { scores, training };
    const gradients = computing(images, pass, (x) => {
      const wanted = trained.map((k) => variables[k].read() as Variable);
      const total = (): Scalar => {
        const output = forward(chain, x, pass);
        const values = output.dataSync<'float32'>();
        const { loss, correct, gradient } = batchLoss(o.loss, values, labels, o.labelSmoothing ?? 0);
        const penalty = penalties().reduce((sum, each) => sum.add(each), tf.scalar(0));
        result = { loss: loss + penalty.dataSync()[0] * indices.length, correct };
        // The derivative of this sum with respect to the output is `gradient`; TensorFlow.js applies the chain rule to
        // it.
        return output.mul(tf.tensor(gradient, output.shape)).sum<Scalar>().add(penalty);
      };
      if (wanted.length === 0) {
        total();
        return [];
      }
      // A weight that the loss does not depend on has none: a ReLU with the maximum 0 gives a constant.
      const grads: Partial<Record<string, Tensor>> = tf.variableGrads(total, wanted).grads;
      return wanted.map((variable) => {
        const gradient = grads[variable.name];
        return gradient ? Float32Array.from(gradient.dataSync()) : new Float32Array(variable.size);
      });
    });
    if (!Number.isFinite(result.loss)) {
      return { ...result, broken: firstNonFinite(images, indices.length, training) };
    }
    // The loss does not reveal everything: ReLU and max pooling turn NaN into a number.
    const bad = gradients.findIndex((gradient) => !gradient.every(Number.isFinite));
    if (bad >= 0) {
      return { ...result, broken: `first in the gradient of ${model.trainableWeights[bad].originalName}` };
    }
    const before = { weights: weights.map((w) => w.slice()), optimizer: optimizer.save() };
    // Batch normalisation has moved its running means by now.
    for (const k of untrained) weights[k].set(variables[k].read().dataSync());
    optimizer.step(
      trained.map((k) => weights[k]),
      gradients,
      learningRate,
    );
    constrained(weights).forEach((value, k) => weights[k].set(value));
    const wrong = weights.findIndex((weight) => !weight.every(Number.isFinite));
    if (wrong >= 0 || !optimizer.isFinite()) {
      weights.forEach((weight, k) => weight.set(before.weights[k]));
      optimizer.restore(before.optimizer);
      const what = wrong >= 0 ? variables[wrong].originalName : "the optimizer's memory";
      return { ...result, broken: `first in what the step made of ${what}` };
    }
    for (const k of untrained) averages?.[k].set(weights[k]);
    load(weights, trained);
    if (averages && o.average && optimizer.steps % o.average.every === 0) {
      const decay = averageDecay(o.average, optimizer.steps);
      for (const k of trained) {
        const average = averages[k];
        for (let i = 0; i < average.length; i++) {
          average[i] = decay * average[i] + (1 - decay) * weights[k][i];
        }
      }
    }
    return result;
  }

  /** Runs `compute` on a batch; adds the name of the layer to an error that TensorFlow.js throws. */
  function computing<T>(images: Float32Array, pass: ForwardOptions, compute: (x: Tensor) => T): T {
    const count = images.length / imageSize;
    return tf.tidy(() => {
      const x = tf.tensor(images, [count, ...inputShape]);
      try {
        return compute(x) as never;
      } catch (error) {
        throw explain(callee, error, chain, x, pass);
      }
    });
  }

  /** Where NaN or infinity first occurs, after a loss or an output that is not finite. */
  function firstNonFinite(
    images: Float32Array,
    count: number,
    training?: { readonly seed: number; readonly step: number },
  ): string {
    if (!images.every(Number.isFinite)) return 'the images hold a number that is not finite';
    let place: string | undefined;
    tf.tidy(() => {
      forward(chain, tf.tensor(images, [count, ...inputShape]), {
        scores,
        training,
        onLayer(layer, output) {
          if (!place && !output.dataSync<'float32'>().every(Number.isFinite))
            place = `first in the output of layer ${layer.name}`;
        },
      });
    });
    return place ?? (training ? 'first in the loss' : 'first in the output of the network');
  }

  function gather(from: Float32Array, indices: Int32Array): Float32Array {
    const images = new Float32Array(indices.length * imageSize);
    indices.forEach((index, i) =>
      images.set(from.subarray(index * imageSize, (index + 1) * imageSize), i * imageSize),
    );
    return images;
  }

  return {
    threads: 1,

    async train(run) {
      load(weights, all);
      const steps = Math.ceil(run.order.length / o.batchSize);
      let loss = 0;
      let correct = 0;
      let seen = 0;
      let done = 0;
      let lastTurn = performance.now();
      let lastProgress = lastTurn;
      while (done < steps && !run.signal?.aborted) {
        const indices = run.order.subarray(done * o.batchSize, (done + 1) * o.batchSize);
        const result = step(run, indices, run.learningRates[done]);
        if (result.broken) throw new NotFiniteError('step', done, result.broken);
        loss += result.loss;
        correct += result.correct;
        seen += indices.length;
        done++;
        const now = performance.now();
        if (run.onProgress && now - lastProgress >= PROGRESS_AFTER) {
          lastProgress = now;
          run.onProgress({ step: done, steps, loss: loss / seen, accuracy: correct / seen });
        }
        if (now - lastTurn >= YIELD_AFTER) {
          await nextTurn();
          lastTurn = performance.now();
        }
      }
      return { steps: done, loss: loss / seen, accuracy: correct / seen, aborted: done < steps };
    },

    async predict(images, { averaged = false, scores: asScores = false, onProgress } = {}) {
      const used = current(averaged);
      const pass = { scores: asScores && scores };
      const count = images.length / imageSize;
      const parts: Float32Array[] = [];
      for (let from = 0; from < count; from += PREDICT_BATCH) {
        const size = Math.min(PREDICT_BATCH, count - from);
        const batch = images.slice(from * imageSize, (from + size) * imageSize);
        const part = lending(used, () =>
          computing(batch, pass, (x) => Float32Array.from(forward(chain, x, pass).dataSync())),
        );
        const wrong = part.findIndex((value) => !Number.isFinite(value));
        if (wrong >= 0) {
          const image = Math.floor((wrong * size) / part.length);
          const own = batch.slice(image * imageSize, (image + 1) * imageSize);
          const where = lending(used, () => firstNonFinite(own, 1));
          throw new NotFiniteError('image', from + image, where);
        }
        parts.push(part);
        onProgress?.(from + size);
        await nextTurn();
      }
      return concat(parts);
    },

    readWeights: ({ averaged = false } = {}) => current(averaged).map((weight) => weight.slice()),

    writeWeights(values) {
      values.forEach((value, k) => weights[k].set(value));
      averages = averages && weights.map((weight) => weight.slice());
    },

    saveState: () => serialize({ weights, averages, ...optimizer.save() } satisfies State),

    restoreState(state) {
      const saved = deserialize(state) as State;
      saved.weights.forEach((value, k) => weights[k].set(value));
      averages = saved.averages?.map((average) => average.slice());
      optimizer.restore(saved);
    },

    dispose: () => Promise.resolve(),
  };
}

function checkLayers(callee: string, chain: readonly layers.Layer[]): void {
  for (const layer of chain) {
    const who = `${callee}: layer ${layer.name} (${layer.getClassName()})`;
    if (layer.stateful) {
      throw new TypeError(`${who}: stateful is true, expected false: images have no order to remember`);
    }
    const config = { className: layer.getClassName(), ...layer.getConfig() };
    if (callee === 'train' && !(config.className in noises) && drawsUnseeded(config)) {
      throw new TypeError(
        `${who} draws random numbers that no seed decides; expected Dropout, GaussianNoise or GaussianDropout as ` +
          'layers of their own',
      );
    }
  }
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
