/** The fast path: a `tf.Sequential` trained in WebAssembly SIMD on worker threads. */
export { checkShapes } from './checkShapes';
export { createEngine, NotFiniteError, SimdEngine } from './engine';
export type { Gradients } from './engine';
export { isOwnKind, layerChain } from './layerChain';
export { Unsupported } from './layers';
export { shareImages } from './share';
export type * from './types';
