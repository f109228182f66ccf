/**
 * TensorFlow.js, loaded when it is first needed: requiring it takes about 0.1 s, for which a notebook that uses only
 * `convlab`'s own operations should not have to wait.
 *
 * Public signatures take their types from `@tensorflow/tfjs-layers`, the same classes as `@tensorflow/tfjs` exports:
 * the type checker of the notebook kernel reads far fewer declarations for it (about 0.3 s instead of 0.9 s, once).
 */
import type * as tfjs from '@tensorflow/tfjs';
import { createRequire } from 'node:module';

export type TensorFlow = typeof tfjs;

/** A `require` that can be called late and may fail, which an `import` cannot. */
export const requireLate = createRequire(__filename);

let loaded: TensorFlow | undefined;

/** The one instance of TensorFlow.js, the same that `import * as tf from '@tensorflow/tfjs'` gives in this process. */
export function tensorflow(): TensorFlow {
  if (!loaded) {
    loaded = requireLate('@tensorflow/tfjs') as TensorFlow;
    silenceBanner(loaded);
  }
  return loaded;
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
