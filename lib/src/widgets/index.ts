/** Interactive figures: made from plain data, they show themselves at the end of a cell. */
export type { Widget } from './host';
export { convolutionStepper } from './convolutionStepper';
export type { ConvolutionStepperOptions } from './convolutionStepper';
export { drawDigit } from './drawDigit';
export { networkExplorer } from './networkExplorer';
export { networkVolumes } from './networkVolumes';
export { poolingStepper } from './poolingStepper';
export type { PoolingStepperOptions } from './poolingStepper';
export { prediction } from './prediction';
export type { PredictionOptions } from './prediction';
