/**
 * The networks of the course, each a `tf.Sequential` with initial weights from a seed.
 *
 * All of them end in softmax, so that `model.predict` gives probabilities. Training loses nothing by it: `train` takes
 * cross-entropy and hinge loss from the scores (logits) one step before the softmax, where nothing overflows.
 */
export type { ModelOptions } from './network';
export { linear } from './linear';
export { dense, denseNetwork } from './denseNetwork';
export type { DenseOptions } from './denseNetwork';
export { conv16Dense64, fiveLayers } from './conv16Dense64';
export { oneConvLayer } from './oneConvLayer';
export { twoConvLayers } from './twoConvLayers';
export { withoutPooling } from './withoutPooling';
export type { WithoutPoolingOptions } from './withoutPooling';
export { kerasConvnet } from './kerasConvnet';
export { fullyConvolutional, volumes } from './fullyConvolutional';
export { conv16Conv32, twoStages } from './conv16Conv32';
export { sixConvLayers } from './sixConvLayers';
