/**
 * `MaxPoolGrad` for TensorFlow.js' wasm backend (4.22.0), whose own kernel begins each window's maximum at 0: where a
 * window has negative numbers only, the gradient goes to a wrong pixel. No window is negative once the least number
 * of all has been subtracted, and the largest number of a window stays where it is.
 */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './tensorflow';

/** Puts a right kernel in the place of the wrong one; does nothing when the backend's own is right. */
export function repairMaxPoolGrad(tf: TensorFlow): void {
  if (tf.getBackend() !== 'wasm' || winnerOfNegatives(tf) === 1) return;
  const original = tf.getKernel('MaxPoolGrad', 'wasm');
  tf.unregisterKernel('MaxPoolGrad', 'wasm'); // registering over it would print a warning
  tf.registerKernel({
    ...original,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const input = inputs.input as TensorInfo;
      const run = (kernel: string, operands: Record<string, TensorInfo>, options: object = {}): TensorInfo =>
        tf
          .getKernel(kernel, 'wasm')
          .kernelFunc({ inputs: operands, attrs: options as never, backend }) as TensorInfo;
      const least = run('Min', { x: input }, { axis: input.shape.map((_, axis) => axis), keepDims: true });
      const shifted = run('Sub', { a: input, b: least });
      const gradient = original.kernelFunc({ inputs: { ...inputs, input: shifted }, attrs, backend });
      for (const tensor of [least, shifted]) (backend as KernelBackend).disposeData(tensor.dataId);
      return gradient;
    },
  });
}

/** Which of the pixels −3, −1, −2 gets the gradient of their maximum: it should be the one at 1. */
function winnerOfNegatives(tf: TensorFlow): number {
  return tf.tidy(() => {
    const pool = tf.grad((x) => tf.maxPool(x as never, [1, 3], 1, 'valid'));
    return pool(tf.tensor4d([-3, -1, -2], [1, 1, 3, 1]))
      .dataSync()
      .indexOf(1);
  });
}
