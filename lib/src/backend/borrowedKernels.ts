/**
 * Kernels of less common layers that TensorFlow.js' wasm backend (4.22.0) lacks or computes wrongly, borrowed from the
 * cpu backend: the inputs are copied out, and the result back in. Slow, but a network with such a layer trains.
 */
import type { KernelBackend, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel } from './replaceKernel';
import type { TensorFlow } from './tensorflow';

const lacking = [
  // Gradients of depthwise and separable convolutions.
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
  // Gradients of tf.gather and embeddings.
  'UnsortedSegmentSum',
];

const wrong = [
  // Gradients of Conv3D, and Conv3DTranspose.
  'Conv3DBackpropInputV2',
  'Conv3DBackpropFilterV2',
  // Volumes with windows smaller than their stride.
  'MaxPool3D',
  'MaxPool3DGrad',
];

export function borrowKernels(tf: TensorFlow): void {
  for (const kernelName of lacking) {
    if (tf.getKernel(kernelName, 'wasm')) continue;
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs = {}, backend }) =>
        runOnCpu(tf, kernelName, inputs as Record<string, TensorInfo>, attrs, backend as KernelBackend),
    });
  }
  for (const kernelName of wrong) {
    replaceKernel(tf, 'wasm', kernelName, ({ inputs, attrs, backend }) =>
      runOnCpu(tf, kernelName, inputs, attrs, backend),
    );
  }
}

function runOnCpu(
  tf: TensorFlow,
  kernelName: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: NamedAttrMap,
  wasm: KernelBackend,
): TensorInfo {
  const { kernelFunc } = tf.getKernel(kernelName, 'cpu');
  const cpu = tf.findBackend('cpu');
  const copies = Object.entries(inputs).map(([name, tensor]) => [name, copy(tensor, wasm, cpu)] as const);
  const found = kernelFunc({ inputs: Object.fromEntries(copies), attrs, backend: cpu }) as TensorInfo;
  const result = copy(found, cpu, wasm);
  for (const tensor of [found, ...copies.map(([, tensor]) => tensor)]) cpu.disposeData(tensor.dataId);
  return result;
}

function copy({ dataId, shape, dtype }: TensorInfo, from: KernelBackend, to: KernelBackend): TensorInfo {
  return { dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype };
}
