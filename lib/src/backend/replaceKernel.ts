/** Replaces a kernel of TensorFlow.js that computes wrong values by a correct one. */
import type {
  KernelBackend,
  KernelConfig,
  KernelFunc,
  NamedAttrMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from './tensorflow';

/** One of TensorFlow.js' kernels as a function of its inputs, on the backend that is running. */
export type RunKernel = (
  kernelName: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs?: object,
) => TensorInfo;

/**
 * The arguments of a kernel. `run` calls another kernel of the same backend; the caller has to free what it returns.
 */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: NamedAttrMap;
  readonly backend: KernelBackend;
  readonly run: RunKernel;
  /** The kernel that is replaced. */
  readonly original: (inputs: Readonly<Record<string, TensorInfo>>, attrs: NamedAttrMap) => TensorInfo;
}

/** Marks what has been replaced, for every copy of this module in the process: replacing twice would wrap twice. */
const replaced = Symbol.for('convlab.replacedKernel');

/** Replaces a kernel; does nothing when it has been replaced already. */
export function replaceKernel(
  tf: TensorFlow,
  backendName: 'cpu' | 'wasm',
  kernelName: string,
  kernel: (call: KernelCall) => TensorInfo,
): void {
  const original: KernelConfig & { [replaced]?: true } = tf.getKernel(kernelName, backendName);
  if (original[replaced]) return;
  const call = (from: KernelFunc, inputs: object, attrs: object, backend: object): TensorInfo =>
    from({ inputs: inputs as never, attrs: attrs as never, backend }) as TensorInfo;
  const kernelFunc: KernelFunc = ({ inputs, attrs = {}, backend }) =>
    kernel({
      inputs: inputs as Readonly<Record<string, TensorInfo>>,
      attrs,
      backend: backend as KernelBackend,
      run: (name, operands, options = {}) =>
        call(tf.getKernel(name, backendName).kernelFunc, operands, options, backend),
      original: (operands, options) => call(original.kernelFunc, operands, options, backend),
    });
  tf.unregisterKernel(kernelName, backendName); // registering over it would print a warning
  tf.registerKernel({ ...original, kernelFunc, [replaced]: true } as KernelConfig);
}

/** A new tensor of 32-bit floats. */
export function newTensor(
  backend: KernelBackend,
  shape: readonly number[],
  values: Float32Array,
): TensorInfo {
  return { dataId: backend.write(values, [...shape], 'float32'), shape: [...shape], dtype: 'float32' };
}

/** The numbers of a tensor of 32-bit floats. */
export function valuesOf(backend: KernelBackend, tensor: TensorInfo): Float32Array {
  return backend.readSync(tensor.dataId) as Float32Array;
}
