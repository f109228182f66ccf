/** What the engine needs of the machine besides threads, and a sentence for each that is missing. */
import { EnvironmentError } from '../errors';

/** @throws EnvironmentError when there is no WebAssembly or no shared memory */
export function checkSurroundings(): void {
  if (typeof WebAssembly === 'undefined') {
    throw new EnvironmentError(
      'NO_WEBASSEMBLY',
      'engine: there is no WebAssembly here, in which it computes',
    );
  }
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new EnvironmentError(
      'NO_SHARED_MEMORY',
      'engine: there is no SharedArrayBuffer here, through which its threads share their memory',
    );
  }
}

/** @throws EnvironmentError when there is not so much memory */
export function sharedMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    const megabytes = Math.ceil(pages / 16);
    throw new EnvironmentError(
      'NO_MEMORY',
      `engine: ${megabytes} MiB of memory cannot be had here; a smaller batchSize or network takes less`,
      { cause },
    );
  }
}

/**
 * Compiles a module that needs SIMD and shared memory.
 *
 * @throws EnvironmentError when WebAssembly lacks one of them, or a page forbids it
 */
export function compileModule(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (!WebAssembly.validate(bytes)) {
    throw new EnvironmentError(
      'NO_WEBASSEMBLY',
      'engine: WebAssembly here has no SIMD or no shared memory; every browser since 2023 and Node since 16.4 have both',
    );
  }
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new EnvironmentError(
      'NO_WEBASSEMBLY',
      `engine: WebAssembly is forbidden here (${(cause as Error).message}); a page's Content-Security-Policy needs ` +
        "script-src 'wasm-unsafe-eval'",
      { cause },
    );
  }
}
