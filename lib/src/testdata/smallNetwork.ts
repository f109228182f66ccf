/** A network small enough to stand in a test, which reads digits all the same: 61 parameters. */
import type { NDArray } from '../ndarray';
import type { PlainNetwork } from '../plainNetwork';

/** Numbers from −0.5 to 0.5, which float32 holds exactly. */
function weights(...shape: number[]): NDArray {
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length }, (_, i) => (((i * 37) % 17) - 8) / 16) };
}

const square = (n: number): readonly [number, number] => [n, n];
const none = [[0, 0], [0, 0]] as const; // prettier-ignore

export const smallNetwork: PlainNetwork = {
  inputShape: [28, 28, 1],
  layers: [
    {
      ...{ name: 'conv', kind: 'Conv2D', outputShape: [7, 7, 2], parameters: 34, window: square(4) },
      ...{ does: 'convolution', kernel: weights(4, 4, 1, 2), bias: weights(2), activation: 'relu' },
      geometry: { stride: square(4), padding: none, dilation: square(1) },
    },
    {
      ...{ name: 'pool', kind: 'MaxPooling2D', outputShape: [2, 2, 2], parameters: 0, window: square(3) },
      ...{ does: 'maxPool', geometry: { size: square(3), stride: square(3), padding: none } },
    },
    { name: 'flatten', kind: 'Flatten', outputShape: [8], parameters: 0, does: 'nothing' },
    {
      ...{ name: 'output', kind: 'Dense', outputShape: [3], parameters: 27 },
      ...{ does: 'dense', kernel: weights(8, 3), bias: weights(3), activation: 'softmax' },
    },
  ],
};

/** [n, 28, 28, 1] */
export function smallImages(n: number): NDArray {
  return {
    shape: [n, 28, 28, 1],
    data: Float64Array.from({ length: n * 784 }, (_, i) => ((i * 31) % 256) / 255),
  };
}
