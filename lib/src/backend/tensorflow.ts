/**
 * TensorFlow.js, loaded when it is first needed: requiring it takes about 0.1 s, for which a notebook that uses only
 * `convlab`'s own operations should not have to wait.
 *
 * Public signatures take their types from `@tensorflow/tfjs-layers`, the same classes as `@tensorflow/tfjs` exports:
 * the type checker of the notebook kernel reads far fewer declarations for it (about 0.3 s instead of 0.9 s, once).
 */
import type * as core from '@tensorflow/tfjs-core';
// The types of `x.add(y)`.
import type {} from '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import type * as layers from '@tensorflow/tfjs-layers';
import { createRequire } from 'node:module';
import { EnvironmentError } from '../errors';
import { mendSeparableConfig } from './separableConfig';

export type TensorFlow = typeof core & typeof layers;

/** A `require` that can be called late and may fail, which an `import` cannot. */
export const requireLate = createRequire(__filename);

let loaded: TensorFlow | undefined;

/**
 * The one instance of TensorFlow.js in this process, the same that `import * as tf from '@tensorflow/tfjs'` gives. Where
 * that package is not installed (its 190 MB are optional), what builds models: its layers without gradients.
 */
export function tensorflow(): TensorFlow {
  if (!loaded) {
    loaded = isWhole() ? (requireLate('@tensorflow/tfjs') as TensorFlow) : layersAlone();
    silenceBanner(loaded);
    mendSeparableConfig(loaded);
  }
  return loaded;
}

/** @throws EnvironmentError unless TensorFlow.js can compute gradients, and so train */
export function checkWhole(callee: string): void {
  if (isWhole()) return;
  throw new EnvironmentError(
    'NOT_INSTALLED',
    `${callee}: @tensorflow/tfjs is not installed, which trains and runs what ConvLab's own engine cannot; ` +
      'npm install @tensorflow/tfjs@4.22.0',
  );
}

function isWhole(): boolean {
  try {
    requireLate.resolve('@tensorflow/tfjs');
    return true;
  } catch {
    return false;
  }
}

function layersAlone(): TensorFlow {
  requireLate('@tensorflow/tfjs-backend-cpu');
  return {
    ...(requireLate('@tensorflow/tfjs-core') as typeof core),
    ...(requireLate('@tensorflow/tfjs-layers') as typeof layers),
  };
}

/**
 * The cpu backend prints a greeting on its first write ("Hi, looks like you are running TensorFlow.js in Node.js …"),
 * which in a notebook would be part of some cell's output. Under the flag for tests it prints nothing, so its first
 * write is made here.
 */
function silenceBanner(tf: TensorFlow): void {
  const wasTest = tf.env().getBool('IS_TEST');
  tf.env().set('IS_TEST', true);
  try {
    tf.backend(); // the default backend, cpu unless another one was chosen
  } catch {
    // A backend that starts asynchronously was chosen and is not ready yet; the instance created below is then kept.
  }
  const cpu = tf.findBackend('cpu') as unknown as {
    write(values: Float32Array, shape: number[], dtype: 'float32'): object;
    disposeData(data: object): boolean;
  };
  cpu.disposeData(cpu.write(new Float32Array(1), [1], 'float32'));
  tf.env().set('IS_TEST', wasTest);
}
