/**
 * The largest network of the course: six 3×3 convolutions with batch normalisation, and the mean of each feature map
 * instead of a large dense layer.
 */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { network, type ModelOptions } from './network';

/**
 * Six convolutions of 16, 24, 32, 40, 48 and 64 kernels: 68,058 trained parameters (and 448 running means and
 * variances). Input [batch, 28, 28, 1], output probabilities [batch, 10].
 */
export function sixConvLayers(o: ModelOptions = {}): Sequential {
  return network('sixConvLayers', o, (layers, init) => {
    // Batch normalisation has a shift of its own, so the convolutions have no bias.
    const stage = (i: number, filters: number, padding: 'same' | 'valid'): Sequential['layers'] => [
      layers.conv2d({
        name: `conv${i}`,
        filters,
        kernelSize: 3,
        padding,
        useBias: false,
        kernelInitializer: init(),
        ...(i === 1 && { inputShape: [28, 28, 1] }),
      }),
      layers.batchNormalization({ name: `norm${i}` }),
      layers.activation({ name: `relu${i}`, activation: 'relu' }),
    ];
    return [
      ...stage(1, 16, 'same'), // 28×28×16
      ...stage(2, 24, 'same'), // 28×28×24
      layers.maxPooling2d({ name: 'pool1', poolSize: 2 }), // 14×14×24
      ...stage(3, 32, 'same'), // 14×14×32
      ...stage(4, 40, 'same'), // 14×14×40
      layers.maxPooling2d({ name: 'pool2', poolSize: 2 }), // 7×7×40
      ...stage(5, 48, 'valid'), // 5×5×48
      ...stage(6, 64, 'valid'), // 3×3×64
      layers.globalAveragePooling2d({ name: 'mean' }), // 64
      layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
    ];
  });
}
