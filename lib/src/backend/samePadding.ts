/**
 * Convolutions with `same` padding on TensorFlow.js' wasm backend (4.22.0). Given the padding `same`, its kernels place
 * the windows wrongly if a stride is larger than the kernel (tfjs#6629, tfjs#5907); given the equivalent number of
 * zeros on each side, they are right.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel } from './replaceKernel';
import type { TensorFlow } from './tensorflow';

type Shape4D = [number, number, number, number];

/** The kernels, and whether they convolve each channel by itself. */
const kernels: readonly (readonly [name: string, depthwise: boolean])[] = [
  ['Conv2D', false],
  ['FusedConv2D', false],
  ['DepthwiseConv2dNative', true],
  ['FusedDepthwiseConv2D', true],
];

interface ConvolutionAttrs {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number] | null;
  readonly dataFormat?: 'NHWC' | 'NCHW';
}

export function mendSamePadding(tf: TensorFlow): void {
  for (const [name, depthwise] of kernels) {
    replaceKernel(tf, 'wasm', name, ({ inputs, attrs, original }) => {
      if (attrs.pad !== 'same') return original(inputs, attrs);
      const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo };
      const { strides, dilations, dataFormat = 'NHWC' } = attrs as unknown as ConvolutionAttrs;
      const { padInfo } = tf.backend_util.computeConv2DInfo(
        x.shape as Shape4D,
        filter.shape as Shape4D,
        strides,
        dilations ?? 1,
        'same',
        undefined,
        depthwise,
        tf.backend_util.convertConv2DDataFormat(dataFormat),
      );
      const { top, bottom, left, right } = padInfo;
      const pad = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      return original(inputs, { ...attrs, pad });
    });
  }
}
