/**
 * Kernels that gradients of less common layers need and the wasm backend lacks, borrowed from the cpu backend: the
 * inputs are copied out, and the result back in. Slow, but a network with such a layer trains.
 */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './tensorflow';

const borrowed = [
  // Depthwise and separable convolutions.
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
  // tf.gather and embeddings.
  'UnsortedSegmentSum',
];

/** Registers those that the wasm backend does not have. */
export function borrowKernels(tf: TensorFlow): void {
  for (const kernelName of borrowed) {
    if (tf.getKernel(kernelName, 'wasm')) continue;
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu');
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const wasm = backend as KernelBackend;
        const cpu = tf.findBackend('cpu');
        const copies = Object.entries(inputs as Record<string, TensorInfo>).map(
          ([name, tensor]) => [name, copy(tensor, wasm, cpu)] as const,
        );
        const found = kernelFunc({ inputs: Object.fromEntries(copies), attrs, backend: cpu }) as TensorInfo;
        const result = copy(found, cpu, wasm);
        for (const tensor of [found, ...copies.map(([, tensor]) => tensor)]) cpu.disposeData(tensor.dataId);
        return result;
      },
    });
  }
}

function copy({ dataId, shape, dtype }: TensorInfo, from: KernelBackend, to: KernelBackend): TensorInfo {
  return { dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype };
}
