/**
 * `Conv2DBackpropFilter`, the one kernel for training a CNN that TensorFlow.js' wasm backend lacks, composed of
 * kernels that it has.
 *
 * With x padded and stride s, the gradient of a convolution to its kernel is
 *
 *   dW[a, b, c, o] = Σ over n, i, j of  x[n, i·s + a, j·s + b, c] · dy[n, i, j, o],
 *
 * which is itself a convolution: batch and channels change places (x as [c, h, w, n], dy as a kernel [oh, ow, n, o]),
 * the stride between the terms of the sum becomes the dilation of that kernel, and a, b are the output positions.
 * TensorFlow.js has no gradients of dilated convolutions on any backend, hence no dilation here.
 */
import type { Conv2DBackpropFilterAttrs, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './tensorflow';

type Shape4D = [number, number, number, number];

/** Registers the kernel; does nothing if the wasm backend has one, whether this one or that of a later version. */
export function registerConv2dBackpropFilter(tf: TensorFlow): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return;
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      conv2dBackpropFilter(
        tf,
        inputs as unknown as { x: TensorInfo; dy: TensorInfo },
        attrs as unknown as Conv2DBackpropFilterAttrs,
        backend as KernelBackend,
      ),
  });
}

function conv2dBackpropFilter(
  tf: TensorFlow,
  { x, dy }: { x: TensorInfo; dy: TensorInfo },
  { strides, pad, dimRoundingMode, filterShape, dataFormat }: Conv2DBackpropFilterAttrs,
  backend: KernelBackend,
): TensorInfo {
  if (dataFormat !== 'NHWC') {
    throw new Error(`Conv2DBackpropFilter (wasm): dataFormat is ${dataFormat}, expected NHWC`);
  }
  const geometry = tf.backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const temporary: TensorInfo[] = [];
  const run = (kernel: string, inputs: Record<string, TensorInfo>, attrs: object): TensorInfo => {
    const config = tf.getKernel(kernel, 'wasm');
    const result = config.kernelFunc({ inputs, attrs: attrs as never, backend }) as TensorInfo;
    temporary.push(result);
    return result;
  };
  const transpose = (tensor: TensorInfo, perm: number[]): TensorInfo =>
    run('Transpose', { x: tensor }, { perm });

  // The kernel never reached what a stride leaves over below and to the right: crop or pad there so that exactly
  // kernelHeight × kernelWidth positions remain.
  const { strideHeight, strideWidth, outHeight, outWidth, inHeight, inWidth, padInfo } = geometry;
  const bottom = (outHeight - 1) * strideHeight + geometry.filterHeight - padInfo.top - inHeight;
  const right = (outWidth - 1) * strideWidth + geometry.filterWidth - padInfo.left - inWidth;

  let swapped = transpose(x, [3, 1, 2, 0]); // [inChannels, h, w, batch]
  if (bottom < 0 || right < 0) {
    const size = [
      geometry.inChannels,
      inHeight + Math.min(bottom, 0),
      inWidth + Math.min(right, 0),
      x.shape[0],
    ];
    swapped = run('Slice', { x: swapped }, { begin: [0, 0, 0, 0], size });
  }
  const positions = run(
    'Conv2D',
    { x: swapped, filter: transpose(dy, [1, 2, 0, 3]) }, // filter: [oh, ow, batch, outChannels]
    {
      strides: 1,
      dilations: [strideHeight, strideWidth],
      dataFormat: 'NHWC',
      pad: [
        [0, 0],
        [padInfo.top, Math.max(bottom, 0)],
        [padInfo.left, Math.max(right, 0)],
        [0, 0],
      ],
    },
  ); // [inChannels, kernelHeight, kernelWidth, outChannels]
  const gradient = transpose(positions, [1, 2, 0, 3]);
  for (const tensor of temporary) if (tensor !== gradient) backend.disposeData(tensor.dataId);
  return gradient;
}
