/** The check of a model, shared by all functions that take one. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { isObject, shown } from '../../check';

/**
 * Throws unless `model` is a `tf.Sequential`. By what it is called, not by its class: a notebook may have loaded
 * another copy of TensorFlow.js.
 */
export function checkModel(callee: string, model: unknown): asserts model is Sequential {
  const { getClassName } = isObject(model) ? model : {};
  if (typeof getClassName === 'function' && getClassName.call(model) === 'Sequential') return;
  throw new TypeError(
    `${callee}: model is ${shown(model)}, expected a tf.Sequential such as models.twoConvLayers()`,
  );
}
