/** The weights of layers one by one, in an order that does not depend on what is trained. */
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { layers, LayersModel } from '@tensorflow/tfjs-layers';

export type LayerWeight = layers.Layer['weights'][number];

/** Layers that have no layers in them: those of nested models stand in the place of these. */
function innermost(all: readonly layers.Layer[]): layers.Layer[] {
  return all.flatMap((layer) => (isContainer(layer) ? innermost(layer.layers) : [layer]));
}

/**
 * Layer after layer. `model.weights` has those last that are not trained, and changes its order when a nested model is
 * frozen, and once more when TensorFlow.js first predicts.
 */
export function layerWeights(all: readonly layers.Layer[]): LayerWeight[] {
  return innermost(all).flatMap((layer) => layer.weights);
}

/** Not `write`, which applies the weight's constraint: most constraints change even what obeys them. */
export function assign(weight: LayerWeight, values: Tensor): void {
  (weight.read() as Variable).assign(values);
}

/** All that a model holds. `model.dispose()` leaves the weights of a nested model that is not its first layer. */
export function disposeWeights(model: LayersModel): void {
  for (const weight of layerWeights(model.layers)) weight.dispose();
}

/** A layer whose copy has weights of other shapes, since its configuration does not say all of it. */
export function unlikeItsCopy(
  originals: readonly layers.Layer[],
  copies: readonly layers.Layer[],
): layers.Layer | undefined {
  const built = innermost(copies);
  return innermost(originals).find((layer, i) => shapes(layer) !== shapes(built[i]));
}

/** Not a bias, nor the scale, shift or slope of a normalisation or a PReLU, which can have several axes too. */
export function isKernel({ shape, originalName }: LayerWeight): boolean {
  return shape.length > 1 && !/(^|\/)(bias|gamma|beta|alpha)$/.test(originalName);
}

/** A `tf.Sequential` or another model, as a layer. */
function isContainer(layer: layers.Layer): layer is LayersModel {
  return 'layers' in layer;
}

/** The places of frozen models, `[2, 0]` for the first layer of the third one: other layers have it in their configuration. */
export function frozenModels(layer: layers.Layer, place: readonly number[] = []): (readonly number[])[] {
  if (!isContainer(layer)) return [];
  const inner = layer.layers.flatMap((child, i) => frozenModels(child, [...place, i]));
  return layer.trainable ? inner : [place, ...inner];
}

function shapes({ weights }: layers.Layer): string {
  return JSON.stringify(weights.map(({ shape }: LayerWeight) => shape));
}
