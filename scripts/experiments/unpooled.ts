/** `twoConvLayers` without its poolings, of notebooks 8 and 10. */
import * as tf from '@tensorflow/tfjs';

/**
 * @param strides 2: the convolutions skip every second place, so that all shapes and the 30,840 parameters are those
 *   with pooling; 1: all places are kept, 581,840 parameters
 */
export function unpooled(strides: 1 | 2, seed: number): tf.Sequential {
  const init = (layer: number) => tf.initializers.glorotUniform({ seed: 1000 * seed + layer });
  const convolution = (filters: number, layer: number) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 5,
      strides,
      activation: 'relu',
      kernelInitializer: init(layer),
    });
  return tf.sequential({
    layers: [
      tf.layers.zeroPadding2d({ padding: 1, inputShape: [28, 28, 1] }),
      convolution(10, 1),
      tf.layers.zeroPadding2d({ padding: strides === 1 ? 1 : 0 }), // with stride 2: 13 → 5, as with pooling
      convolution(20, 2),
      tf.layers.flatten(),
      tf.layers.dense({ units: 50, activation: 'relu', kernelInitializer: init(3) }),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: init(4) }),
    ],
  });
}
