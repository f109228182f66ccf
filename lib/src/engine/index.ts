/** The fast path: a `tf.Sequential` trained in WebAssembly SIMD on worker threads. */
export { checkShapes } from './layers/checkShapes';
export { createEngine, NotFiniteError, SimdEngine } from './engine';
export type { Gradients } from './engine';
export { isOwnKind, layerChain } from './layers/layerChain';
export { Unsupported } from './layers/readLayers';
export type * from './types';
