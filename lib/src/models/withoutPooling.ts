/** `twoConvLayers` without its poolings: what is compared with it to see what pooling does. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkOptions, oneOf } from '../check';
import type { OptionRules } from '../check';
import { modelRules, network, type ModelOptions } from './network';

export interface WithoutPoolingOptions extends ModelOptions {
  /**
   * 1: the convolutions keep all places, 581,840 parameters. 2: they skip every second place, so that all shapes and
   * the 30,840 parameters are those with pooling. Default 1.
   */
  readonly stride?: 1 | 2;
  /** @deprecated The old name of {@link stride}. */
  readonly strides?: 1 | 2;
}

const rules: OptionRules<WithoutPoolingOptions> = {
  ...modelRules,
  stride: oneOf(1, 2),
  strides: oneOf(1, 2),
};

/**
 * {@link twoConvLayers} without poolings. Input [batch, 28, 28, 1], output probabilities [batch, 10].
 *
 * @example models.withoutPooling({ stride: 2 }).countParams() // 30840
 */
export function withoutPooling(o: WithoutPoolingOptions = {}): Sequential {
  checkOptions('models.withoutPooling', o, rules);
  const { stride, strides: oldStride, ...rest } = o;
  if (stride !== undefined && oldStride !== undefined) {
    throw new TypeError('models.withoutPooling: stride and strides are both given, expected stride alone');
  }
  const strides = stride ?? oldStride ?? 1; // TensorFlow.js' name
  const relu = { kernelSize: 5, strides, activation: 'relu' } as const;
  return network('withoutPooling', rest, (layers, init) => [
    layers.zeroPadding2d({ name: 'pad1', padding: 1, inputShape: [28, 28, 1] }), // 30×30×1
    layers.conv2d({ name: 'conv1', filters: 10, ...relu, kernelInitializer: init() }), // 26×26×10 or 13×13×10
    layers.zeroPadding2d({ name: 'pad2', padding: strides === 1 ? 1 : 0 }), // 13 → 5, as with pooling
    layers.conv2d({ name: 'conv2', filters: 20, ...relu, kernelInitializer: init() }), // 24×24×20 or 5×5×20
    layers.flatten({ name: 'flatten' }), // 11,520 or 500
    layers.dense({ name: 'dense1', units: 50, activation: 'relu', kernelInitializer: init() }),
    layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
  ]);
}
