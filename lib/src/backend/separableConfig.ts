/**
 * TensorFlow.js leaves `depthMultiplier` out of the configuration of a separable convolution, so that what is built from
 * it, a copy or a saved network, has another shape.
 */
import type { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

type Separable = layers.Layer & { readonly depthMultiplier: number };

export function mendSeparableConfig(tf: { readonly serialization: typeof serialization }): void {
  const [separable] = tf.serialization.SerializationMap.getMap().classNameMap.SeparableConv2D;
  const prototype = separable.prototype as layers.Layer;
  const getConfig = Reflect.get(prototype, 'getConfig');
  prototype.getConfig = function (this: Separable) {
    return { ...getConfig.call(this), depthMultiplier: this.depthMultiplier };
  };
}
