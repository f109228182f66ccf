/** Every operation of the course, forward and gradient, in float64 loops that read as the formulas do. */
export { relu, reluGrad, sigmoid, sigmoidGrad, softmax, softmaxGrad, tanh, tanhGrad } from './activations';
export { batchNorm, batchNormGrad, batchNormInference } from './batchNorm';
export { checkGradient } from './checkGradient';
export type { CheckGradientOptions, GradientCheck } from './checkGradient';
export { conv2d, conv2dGrad, flipKernel } from './conv2d';
export type { Conv2dOptions } from './conv2d';
export { dense, denseGrad, flatten, reshape } from './dense';
export { dropout, dropoutGrad } from './dropout';
export { im2col, im2colGrad } from './im2col';
export type { Im2colOptions } from './im2col';
export { hinge, meanSquaredError, softmaxCrossEntropy } from './losses';
export type { Loss } from './losses';
export { adam, momentum, sgd } from './optimizers';
export type { AdamOptions, AdamState, MomentumOptions, StepOptions } from './optimizers';
export * as smallNetwork from './smallNetwork';
export type { SmallNetwork } from './smallNetwork';
export {
  avgPool2d,
  avgPool2dGrad,
  globalAveragePool,
  globalAveragePoolGrad,
  maxPool2d,
  maxPool2dGrad,
} from './pool2d';
export type { Pool2dOptions } from './pool2d';
