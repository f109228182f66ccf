/** The compiled kernels: two WebAssembly modules from one AssemblyScript source (`assembly/`). */
import { platform } from '../../platform/node';
import { compileModule } from '../surroundings';
import type { Kernels } from './signatures';

const modules = new Map<boolean, WebAssembly.Module>();

/**
 * The kernels, and whether they fuse multiply and add. `fast` asks for that; it is granted where this machine
 * can run relaxed SIMD.
 *
 * @throws EnvironmentError where this machine cannot run them
 */
export function compileKernels(fast: boolean): { module: WebAssembly.Module; fast: boolean } {
  if (fast) {
    platform.allowRelaxedSimd();
    fast = WebAssembly.validate(platform.readModule('kernels-fast.wasm'));
  }
  let module = modules.get(fast);
  if (!module) {
    module = compileModule(platform.readModule(fast ? 'kernels-fast.wasm' : 'kernels.wasm'));
    modules.set(fast, module);
  }
  return { module, fast };
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
