/** The compiled kernels: two WebAssembly modules from one AssemblyScript source (`assembly/`). */
import { platform } from '../../platform/node';

/** What `allFinite` gives is the only result. */
type Kernel = (...numbers: number[]) => number;

/** The exports of `assembly/index.ts`. */
export type Kernels = Readonly<Record<KernelName, Kernel>>;

export type KernelName =
  | 'convolutionForward'
  | 'convolutionInputGradient'
  | 'convolutionPack'
  | 'convolutionWeightGradient'
  | 'denseBiasGradient'
  | 'denseForward'
  | 'densePack'
  | 'denseInputGradient'
  | 'denseWeightGradient'
  | 'pooledConvolutionForward'
  | 'pooledConvolutionBackward'
  | 'averagePoolBackward'
  | 'averagePoolForward'
  | 'maxPoolBackward'
  | 'maxPoolForward'
  | 'activationBackward'
  | 'activationForward'
  | 'dropout'
  | 'softmaxBackward'
  | 'softmaxForward'
  | 'normalizationBackward'
  | 'normalizationForward'
  | 'normalizationGradientSums'
  | 'normalizationMoving'
  | 'normalizationStatistics'
  | 'normalizationSums'
  | 'normalizationTotal'
  | 'normalizationWeightGradient'
  | 'lossAndGradient'
  | 'adam'
  | 'allFinite'
  | 'average'
  | 'clear'
  | 'momentum'
  | 'sgd'
  | 'sumParts';

const modules = new Map<boolean, WebAssembly.Module>();

/**
 * The kernels, and whether they fuse multiply and add. `fast` asks for that; it is granted where this machine
 * can run relaxed SIMD.
 */
export function compileKernels(fast: boolean): { module: WebAssembly.Module; fast: boolean } {
  if (fast) {
    platform.allowRelaxedSimd();
    fast = WebAssembly.validate(platform.readModule('kernels-fast.wasm'));
  }
  let module = modules.get(fast);
  if (!module) {
    module = new WebAssembly.Module(platform.readModule(fast ? 'kernels-fast.wasm' : 'kernels.wasm'));
    modules.set(fast, module);
  }
  return { module, fast };
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
