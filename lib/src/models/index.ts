/**
 * The networks of the course, each a `tf.Sequential` with initial weights from a seed.
 *
 * All of them end in softmax, so that `model.predict` gives probabilities. Nothing is lost by it in training: `train`
 * takes cross-entropy and hinge loss from the scores (logits) one step before the softmax, where nothing overflows.
 */
export type { ModelOptions } from './initialWeights';
export { linear } from './linear';
export { dense } from './dense';
export type { DenseOptions } from './dense';
export { fiveLayers } from './fiveLayers';
export { oneConvLayer } from './oneConvLayer';
export { twoConvLayers } from './twoConvLayers';
export { kerasConvnet } from './kerasConvnet';
export { volumes } from './volumes';
export { twoStages } from './twoStages';
export { sixConvLayers } from './sixConvLayers';
