/** The layers of a network in the order in which they compute. */
import type { layers, Sequential } from '@tensorflow/tfjs-layers';

/**
 * The layers of a model, each of which takes what the one before it gives. The layers of a nested `tf.Sequential`
 * stand in its place.
 *
 * @param callee who wants it, for messages
 * @throws TypeError when a layer is in the model twice
 */
export function layerChain(callee: string, model: Sequential): layers.Layer[] {
  const chain = allLayers(model);
  const twice = repeated(chain);
  if (twice) {
    throw new TypeError(
      `${callee}: layer ${twice.name} is in the model twice, expected a separate layer with its own weights at each place`,
    );
  }
  return chain;
}

/** As {@link layerChain}, but a layer can be in it more than once. */
export function allLayers(model: Sequential): layers.Layer[] {
  return model.layers.flatMap((layer) => (isSequential(layer) ? allLayers(layer) : [layer]));
}

/** A layer that is in the chain more than once. */
export function repeated(chain: readonly layers.Layer[]): layers.Layer | undefined {
  return chain.find((layer, i) => chain.indexOf(layer) < i);
}

function isSequential(layer: layers.Layer): layer is Sequential {
  return layer.getClassName() === 'Sequential';
}

/**
 * Whether a layer does what its kind says. A class derived from one of TensorFlow.js' has the name of that one as long
 * as it has none of its own.
 */
export function isOwnKind(layer: layers.Layer): boolean {
  return Object.hasOwn(layer.constructor, 'className') && !Object.hasOwn(layer, 'call');
}
