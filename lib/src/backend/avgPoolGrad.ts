/**
 * `AvgPoolGrad` and `AvgPool3DGrad` for TensorFlow.js' cpu and wasm backends (4.22.0). A window that reaches into the
 * padding is the mean of the pixels that it has, but their gradient divides by the size of a whole window instead. With
 * c the number of pixels of window o, and k that of a whole one,
 *
 *   dx[p] = Σ of dy[o] / c[o] over the windows o that contain p,
 *
 * which is the gradient that these kernels give for dy · k/c.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { newTensor, replaceKernel } from './replaceKernel';
import type { TensorFlow } from './tensorflow';

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

interface PoolAttrs {
  readonly filterSize: number;
  readonly strides: number;
  readonly pad: number | 'valid' | 'same';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** A pooling window on one axis. */
interface Axis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros before the first pixel. */
  readonly before: number;
}

export function mendAvgPoolGrad(tf: TensorFlow, backendName: 'cpu' | 'wasm'): void {
  for (const kernelName of ['AvgPoolGrad', 'AvgPool3DGrad']) {
    replaceKernel(tf, backendName, kernelName, ({ inputs, attrs, backend, run, original }) => {
      const { input, dy } = inputs as { input: TensorInfo; dy: TensorInfo };
      const axes = axesOf(tf, input.shape, attrs as unknown as PoolAttrs);
      const factors = newTensor(backend, [1, ...axes.map((axis) => axis.output), 1], wholePerPart(axes));
      const scaled = run('Multiply', { a: dy, b: factors });
      const dx = original({ ...inputs, dy: scaled }, attrs);
      for (const tensor of [factors, scaled]) backend.disposeData(tensor.dataId);
      return dx;
    });
  }
}

/** The windows on the axes of an image [batch, height, width, channels], or of a volume with its depth first. */
function axesOf(tf: TensorFlow, shape: readonly number[], attrs: PoolAttrs): Axis[] {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  if (shape.length === 4) {
    const o = tf.backend_util.computePool2DInfo(
      shape as Shape4D,
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    return [
      {
        input: o.inHeight,
        output: o.outHeight,
        kernel: o.filterHeight,
        stride: o.strideHeight,
        before: o.padInfo.top,
      },
      {
        input: o.inWidth,
        output: o.outWidth,
        kernel: o.filterWidth,
        stride: o.strideWidth,
        before: o.padInfo.left,
      },
    ];
  }
  const o = tf.backend_util.computePool3DInfo(shape as Shape5D, filterSize, strides, 1, pad, dimRoundingMode);
  return [
    {
      input: o.inDepth,
      output: o.outDepth,
      kernel: o.filterDepth,
      stride: o.strideDepth,
      before: o.padInfo.front,
    },
    {
      input: o.inHeight,
      output: o.outHeight,
      kernel: o.filterHeight,
      stride: o.strideHeight,
      before: o.padInfo.top,
    },
    {
      input: o.inWidth,
      output: o.outWidth,
      kernel: o.filterWidth,
      stride: o.strideWidth,
      before: o.padInfo.left,
    },
  ];
}

/** k/c for every window; the last axis changes fastest. */
function wholePerPart(axes: readonly Axis[]): Float32Array {
  let factors = [1];
  for (const { input, output, kernel, stride, before } of axes) {
    const own = Array.from({ length: output }, (_, o) => {
      const start = o * stride - before;
      return kernel / (Math.min(input, start + kernel) - Math.max(0, start));
    });
    factors = factors.flatMap((factor) => own.map((another) => factor * another));
  }
  return Float32Array.from(factors);
}
