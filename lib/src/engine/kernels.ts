/** The compiled kernels: two WebAssembly modules from one AssemblyScript source (`assembly/`). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { checkBuilt, readRecord } from '../built';

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

/** The build's, also when this file runs from source, as in tests. */
const folder = __filename.endsWith('.ts') ? join(__dirname, '../../dist/engine') : __dirname;

/** The build from which this process has loaded the engine. */
const loadedBuild = readRecord()?.id;
let checked = false;

/**
 * Where `npm run build` puts what the engine needs at run time.
 *
 * @throws Error if it is not there, if a source is newer, or if it was built again after this process loaded
 *   its part: the two might misunderstand each other and wait for each other forever
 */
export function builtFile(name: string): string {
  if (!checked) checkBuilt();
  checked = true;
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`engine: ${path} is missing; run \`npm run build\``);
  if (readRecord()?.id !== loadedBuild) {
    throw new Error('engine: convlab was rebuilt after this process loaded it; restart the kernel');
  }
  return path;
}

const modules = new Map<boolean, WebAssembly.Module>();

/**
 * The kernels, and whether they fuse multiply and add. `fast` asks for that; it is granted where this Node can run
 * relaxed SIMD (Node 20 behind a flag that may be set until the first such module is compiled, later versions as is).
 */
export function compileKernels(fast: boolean): { module: WebAssembly.Module; fast: boolean } {
  if (fast) {
    if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
    const bytes = readFileSync(builtFile('kernels-fast.wasm'));
    fast = WebAssembly.validate(bytes);
  }
  let module = modules.get(fast);
  if (!module) {
    module = new WebAssembly.Module(readFileSync(builtFile(fast ? 'kernels-fast.wasm' : 'kernels.wasm')));
    modules.set(fast, module);
  }
  return { module, fast };
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
