/** A network from its description as plain data. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkOptions } from '../check';
import { costOfNetwork } from '../networkDescription';
import type { NetworkLayers } from '../networkDescription';
import { modelRules, network, type ModelOptions } from './network';

/**
 * Builds the network of a description. Input [batch, 28, 28, 1], output probabilities [batch, 10].
 *
 * @throws as `networkCost` for a description that is none
 * @example const model = networkFromLayers([{ kind: 'dense', units: 10, activation: 'linear' }], { seed: 3 });
 */
export function networkFromLayers(description: NetworkLayers, o: ModelOptions = {}): Sequential {
  costOfNetwork('networkFromLayers', description);
  checkOptions('networkFromLayers', o, modelRules);
  return network('networkFromLayers', o, (layers, init) => {
    let isFlat = false;
    const stack = description.flatMap((layer, i): Sequential['layers'] => {
      const first = i === 0 ? { inputShape: [28, 28, 1] } : {};
      if (layer.kind === 'dense') {
        const { units, activation = 'relu' } = layer;
        const flatten = isFlat ? [] : [layers.flatten({ name: `flatten${i}`, ...first })];
        isFlat = true;
        return [
          ...flatten,
          layers.dense({ name: `dense${i}`, units, activation, kernelInitializer: init() }),
        ];
      }
      if (layer.kind === 'conv') {
        const {
          filters,
          kernel: kernelSize,
          stride: strides = 1,
          padding = 'valid',
          activation = 'relu',
        } = layer;
        const kernelInitializer = init();
        return [
          layers.conv2d({
            name: `conv${i}`,
            filters,
            kernelSize,
            strides,
            padding,
            activation,
            kernelInitializer,
            ...first,
          }),
        ];
      }
      const pool = { name: `pool${i}`, poolSize: layer.size, strides: layer.stride ?? layer.size, ...first };
      return [layer.kind === 'maxPool' ? layers.maxPooling2d(pool) : layers.averagePooling2d(pool)];
    });
    return [...stack, layers.activation({ name: 'softmax', activation: 'softmax' })];
  });
}
