/**
 * The networks of the course, each a `tf.Sequential` with initial weights from a seed.
 *
 * All of them end in softmax, so that `model.predict` gives probabilities. Nothing is lost by it in training: `train`
 * takes the cross-entropy of such a network from its logits, one step before the softmax, where it cannot overflow.
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
