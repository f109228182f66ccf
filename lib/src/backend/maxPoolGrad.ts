/**
 * `MaxPoolGrad` for TensorFlow.js' wasm backend (4.22.0), whose own kernel starts each window's maximum from 0: if a
 * window has no positive number, the gradient goes to the wrong pixel.
 *
 *   dx[p] = Σ of dy[o] over the windows o whose maximum is at p: the last of equals, as in the kernel that it replaces.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { newTensor, replaceKernel, valuesOf } from './replaceKernel';
import type { TensorFlow } from './tensorflow';

interface PoolAttrs {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: number | 'valid' | 'same';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export function mendMaxPoolGrad(tf: TensorFlow): void {
  replaceKernel(tf, 'wasm', 'MaxPoolGrad', ({ inputs, attrs, backend }) => {
    const { input, dy } = inputs as { input: TensorInfo; dy: TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttrs;
    const shape = input.shape as [number, number, number, number];
    const {
      batchSize,
      inHeight,
      inWidth,
      inChannels,
      outHeight,
      outWidth,
      strideHeight,
      strideWidth,
      filterHeight,
      filterWidth,
      padInfo,
    } = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const x = valuesOf(backend, input);
    const gradient = valuesOf(backend, dy);
    const dx = new Float32Array(x.length);
    let o = 0; // place in dy, [batch, outHeight, outWidth, channels]
    for (let n = 0; n < batchSize; n++) {
      for (let row = 0; row < outHeight; row++) {
        const top = row * strideHeight - padInfo.top;
        const [firstRow, lastRow] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)];
        for (let column = 0; column < outWidth; column++) {
          const left = column * strideWidth - padInfo.left;
          const [firstColumn, lastColumn] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)];
          for (let channel = 0; channel < inChannels; channel++, o++) {
            let winner = -1;
            let largest = -Infinity;
            for (let i = firstRow; i < lastRow; i++) {
              for (let j = firstColumn; j < lastColumn; j++) {
                const place = ((n * inHeight + i) * inWidth + j) * inChannels + channel;
                if (x[place] >= largest || winner < 0) {
                  largest = x[place];
                  winner = place;
                }
              }
            }
            dx[winner] += gradient[o];
          }
        }
      }
    }
    return newTensor(backend, input.shape, dx);
  });
}
