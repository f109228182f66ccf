/** The public face of `convlab`: nothing but re-exports, and first the question whether they are up to date. */
import './checkBuiltAtLoad';
export { EnvironmentError } from './errors';
export type { EnvironmentProblem } from './errors';
export { ndarray, toNested, zeros, sizeOf } from './ndarray';
export type { NDArray, NestedArray } from './ndarray';
export { random, randomNormal, permutation } from './random';
export type { Random } from './random';
export * from './data';
export { answersOf, argmax, upTo } from './lists';
export { mean, median } from './median';
export { differenceText, holm, pairedDifference } from './paired';
export type { PairedDifference } from './paired';
export { percent } from './percent';
export { imageFromRows, kernelFromRows, rowsOf } from './rows';
export type { Rows } from './rows';
export type { LayerOutline, NetworkOutline, PlainActivation, PlainLayer, PlainNetwork } from './plainNetwork';
export { effectiveKernelSize, outputSize, receptiveField, resolvePadding } from './shape';
export type {
  AxisPadding,
  ChainLayer,
  ExplicitPadding,
  OutputSizeOptions,
  Padding,
  Pair,
  ReceptiveField,
} from './shape';
export { convCost, denseCost, poolCost } from './cost';
export type { ConvCostOptions, DenseCostOptions, LayerCost, PoolCostOptions } from './cost';
export { networkCost } from './networkDescription';
export type {
  ConvLayer,
  DenseLayer,
  LayerActivation,
  NetworkCost,
  NetworkLayers,
  PoolLayer,
} from './networkDescription';
export * from './ops';
export * from './plot';
export * from './widgets';
export { check, checkExamples, checkNetwork, hiddenTests } from './exercises';
export type { CheckedCase, CheckResult, HiddenTests } from './exercises';
export type { NetworkBudget, NetworkEntry, NetworkLimits } from './exercises';
export { useBackend } from './backend/backend';
export type { Backend, BackendName } from './backend/backend';
export * as models from './models';
export { networkFromLayers } from './models/networkFromLayers';
export type { DenseOptions, ModelOptions, WithoutPoolingOptions } from './models';
export * from './training';
export { Unsupported } from './engine';
export { engineConvolution, wasmConvolution } from './speed/ladder';
export type { EngineConvolution, EngineConvolutionOptions, WasmConvolution, WasmLoop } from './speed/ladder';
export { registerLoop } from './speed/registerLoop';
export type { RegisterLoop, RegisterLoopOptions } from './speed/registerLoop';
