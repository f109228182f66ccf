/**
 * The networks of the course, each a `tf.Sequential` with initial weights from a seed.
 *
 * All of them end in softmax, so that `model.predict` gives probabilities. Nothing is lost by it in training: `train`
 * takes cross-entropy and hinge loss from the scores (logits) one step before the softmax, where nothing overflows.
 */
export type { ModelOptions } from './initial-weights';
export { linear } from './linear';
export { dense } from './dense';
export type { DenseOptions } from './dense';
export { fiveLayers } from './five-layers';
export { oneConvLayer } from './one-conv-layer';
export { twoConvLayers } from './two-conv-layers';
export { kerasConvnet } from './keras-convnet';
export { volumes } from './volumes';
export { twoStages } from './two-stages';
export { sixConvLayers } from './six-conv-layers';
