/**
 * The gradients of resized images on TensorFlow.js' cpu backend (4.22.0): that of `bilinear` has height and width
 * swapped in its shape, and that of `nearest` looks for every image but the first in the wrong place.
 *
 *   dx[p] = Σ of dy[o] over the pixels o that were copied from p.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { newTensor, replaceKernel, valuesOf } from './replaceKernel';
import type { TensorFlow } from './tensorflow';

export function mendResizeGrads(tf: TensorFlow): void {
  replaceKernel(tf, 'cpu', 'ResizeBilinearGrad', ({ inputs, attrs, original }) => ({
    ...original(inputs, attrs),
    shape: inputs.images.shape,
  }));
  replaceKernel(tf, 'cpu', 'ResizeNearestNeighborGrad', ({ inputs, attrs, backend }) => {
    const { images, dy } = inputs as { images: TensorInfo; dy: TensorInfo };
    const [batch, height, width, channels] = images.shape;
    const [, outHeight, outWidth] = dy.shape;
    const alignCorners = attrs.alignCorners === true;
    const rows = sources(height, outHeight, alignCorners);
    const columns = sources(width, outWidth, alignCorners);
    const gradient = valuesOf(backend, dy);
    const dx = new Float32Array(batch * height * width * channels);
    let o = 0; // place in dy, [batch, outHeight, outWidth, channels]
    for (let n = 0; n < batch; n++) {
      for (const row of rows) {
        for (const column of columns) {
          const place = ((n * height + row) * width + column) * channels;
          for (let channel = 0; channel < channels; channel++, o++) dx[place + channel] += gradient[o];
        }
      }
    }
    return newTensor(backend, images.shape, dx);
  });
}

/** For each pixel of the resized axis, the pixel that it was copied from, as the forward kernel chooses it. */
function sources(input: number, output: number, alignCorners: boolean): number[] {
  const aligned = alignCorners && output > 1;
  const scale = aligned ? (input - 1) / (output - 1) : input / output;
  return Array.from({ length: output }, (_, o) =>
    Math.min(input - 1, alignCorners ? Math.round(o * scale) : Math.floor(o * scale)),
  );
}
