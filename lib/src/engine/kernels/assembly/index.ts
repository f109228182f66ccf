/** All kernels of the engine; the files they come from say what they compute. */
export {
  convolutionForward,
  convolutionInputGradient,
  convolutionPack,
  convolutionWeightGradient,
} from './convolution';
export { denseBiasGradient, denseForward, denseInputGradient, densePack, denseWeightGradient } from './dense';
export { pooledConvolutionForward } from './pooledConvolution';
export { pooledConvolutionBackward } from './pooledConvolutionBackward';
export { averagePoolBackward, averagePoolForward, maxPoolBackward, maxPoolForward } from './pool';
export {
  activationBackward,
  activationForward,
  copy,
  dropout,
  softmaxBackward,
  softmaxForward,
} from './activation';
export {
  normalizationBackward,
  normalizationForward,
  normalizationGradientSums,
  normalizationMoving,
  normalizationStatistics,
  normalizationSums,
  normalizationTotal,
  normalizationWeightGradient,
} from './batchNormalization';
export { lossAndGradient } from './loss';
export { adam, allFinite, average, clear, momentum, sgd, sumParts } from './optimizer';
