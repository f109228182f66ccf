/**
 * Training by TensorFlow.js, behind the same interface as ConvLab's own engine: the fallback for networks that the
 * engine does not support, and what the engine is compared with.
 *
 * TensorFlow.js does the forward pass and the chain rule. The loss, its derivative and the optimizer's step are ours
 * (losses.ts, optimizer.ts), so that both engines mean the same by an option, and so that the state of a training is
 * plain arrays that can be saved.
 */
import type { Variable } from '@tensorflow/tfjs-core';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { backendInUse, useBackend } from '../backend/backend';
import { tensorflow } from '../backend/tensorflow';
import { NotFiniteError } from '../engine';
import type { Engine, EngineOptions, TrainRun } from '../engine/types';
import { forward } from './forward';
import { batchLoss } from './losses';
import { createOptimizer, type OptimizerState } from './optimizer';

/** Train at most so long (milliseconds) before the event loop gets a turn. */
const YIELD_AFTER = 40;
/** Between two calls of `onProgress`. */
const PROGRESS_AFTER = 100;
/** Images in one prediction: enough to be quick, few enough for memory. */
const PREDICT_BATCH = 256;

interface State extends OptimizerState {
  readonly weights: readonly Float32Array[];
  readonly averages: readonly Float32Array[] | undefined;
}

export async function createTfjsEngine(model: Sequential, o: EngineOptions): Promise<Engine> {
  // A backend that the user chose stays; without a choice it would be plain JavaScript.
  if (!backendInUse()) await useBackend();
  const tf = tensorflow();
  const inputShape = (model.inputs[0].shape as number[]).slice(1);
  const imageSize = inputShape.reduce((product, length) => product * length, 1);
  const scores = o.loss !== 'meanSquaredError';
  const variables = model.weights;
  const all = variables.map((_, k) => k);
  const trained = model.trainableWeights.map((weight) => variables.indexOf(weight));
  const untrained = all.filter((k) => !trained.includes(k));

  // These are the weights; the model's own variables hold a copy while it computes.
  const weights = model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  let averages = o.average && weights.map((weight) => weight.slice());
  const optimizer = createOptimizer(
    o.optimizer,
    trained.map((k) => variables[k].shape as number[]),
  );

  const load = (values: readonly Float32Array[], which: readonly number[]): void =>
    tf.tidy(() => {
      for (const k of which) {
        variables[k].write(tf.tensor(values[k].slice(), variables[k].shape as number[]));
      }
    });

  /**
   * Forward, backward and update for one batch: the summed loss and the number of right answers. Where a loss, a
   * gradient or what the step makes of a weight is not finite, `broken` tells where that began, and nothing changes.
   */
  function step(
    run: TrainRun,
    indices: Int32Array,
    learningRate: number,
  ): { loss: number; correct: number; broken?: string } {
    const images = gather(run.images, indices);
    const labels = Uint8Array.from(indices, (index) => run.labels[index]);
    let result = { loss: 0, correct: 0 };
    const gradients = tf.tidy(() => {
      const x = tf.tensor(images, [indices.length, ...inputShape]);
      const wanted = trained.map((k) => variables[k].read() as Variable);
      const { grads } = tf.variableGrads(() => {
        const output = forward(model, x, { scores, training: { seed: o.seed, step: optimizer.steps } });
        const values = output.dataSync<'float32'>();
        const { loss, correct, gradient } = batchLoss(o.loss, values, labels, o.labelSmoothing ?? 0);
        result = { loss, correct };
        // Its derivative to the output is `gradient`: the chain rule from here on is TensorFlow.js'.
        return output.mul(tf.tensor(gradient, output.shape)).sum();
      }, wanted);
      return wanted.map((variable) => Float32Array.from(grads[variable.name].dataSync()));
    });
    const training = { seed: o.seed, step: optimizer.steps };
    if (!Number.isFinite(result.loss)) {
      return { ...result, broken: firstNonFinite(images, indices.length, training) };
    }
    // The loss does not tell all: ReLU and max pooling turn NaN into a number.
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
      const { decay } = o.average;
      for (const k of trained) {
        const average = averages[k];
        for (let i = 0; i < average.length; i++) {
          average[i] = decay * average[i] + (1 - decay) * weights[k][i];
        }
      }
    }
    return result;
  }

  /** Where NaN or infinity comes in, after a loss or an output that is not finite. */
  function firstNonFinite(
    images: Float32Array,
    count: number,
    training?: { readonly seed: number; readonly step: number },
  ): string {
    if (!images.every(Number.isFinite)) return 'the images hold a number that is not finite';
    let place: string | undefined;
    tf.tidy(() => {
      forward(model, tf.tensor(images, [count, ...inputShape]), {
        scores,
        training,
        onLayer(layer, output) {
          if (!place && !output.dataSync<'float32'>().every(Number.isFinite))
            place = `first in the output of layer ${layer.name}`;
        },
      });
    });
    return place ?? 'first in the loss';
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

    async predict(images, { averaged = false, scores: asScores = false } = {}) {
      load(averaged && averages ? averages : weights, all);
      const count = images.length / imageSize;
      const parts: Float32Array[] = [];
      for (let from = 0; from < count; from += PREDICT_BATCH) {
        const batch = images.subarray(from * imageSize, Math.min(count, from + PREDICT_BATCH) * imageSize);
        parts.push(
          tf.tidy(() => {
            const x = tf.tensor(batch.slice(), [batch.length / imageSize, ...inputShape]);
            const output = forward(model, x, { scores: asScores && scores });
            return Float32Array.from(output.dataSync());
          }),
        );
        const wrong = parts[parts.length - 1].findIndex((value) => !Number.isFinite(value));
        if (wrong >= 0) {
          const image = Math.floor(wrong / (parts[parts.length - 1].length / (batch.length / imageSize)));
          const own = batch.slice(image * imageSize, (image + 1) * imageSize);
          throw new NotFiniteError('image', from + image, firstNonFinite(own, 1));
        }
        await nextTurn();
      }
      return concat(parts);
    },

    readWeights: ({ averaged = false } = {}) =>
      (averaged && averages ? averages : weights).map((weight) => weight.slice()),

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

function concat(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
