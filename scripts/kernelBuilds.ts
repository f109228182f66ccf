/** How the engine's kernels are compiled: one AssemblyScript source, two builds. And the loops that notebook 13 compares. */

/** Below lib/src. */
export const KERNEL_SOURCES = 'engine/assembly/';

// No managed objects: memory belongs to the plan, only static data stands in it (below 16 KiB, see memory.ts).
const common = [
  ...['-O3', '--noAssert', '--uncheckedBehavior', 'always', '--runtime', 'stub', '--memoryBase', '4096'],
  ...['--importMemory', '--initialMemory', '1', '--enable', 'simd'],
];
const shared = [...common, '--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads'];

interface KernelBuild {
  /** Below the project's folder, as the output. */
  readonly source: string;
  readonly output: string;
  /** For `asc`. */
  readonly options: readonly string[];
}

export const KERNEL_BUILDS: readonly KernelBuild[] = [
  {
    source: `lib/src/${KERNEL_SOURCES}index.ts`,
    output: 'lib/dist/engine/kernels.wasm',
    options: shared,
  },
  {
    source: `lib/src/${KERNEL_SOURCES}index.ts`,
    output: 'lib/dist/engine/kernels-fast.wasm',
    options: [...shared, '--enable', 'relaxed-simd'],
  },
  {
    source: `lib/src/${KERNEL_SOURCES}ladder.ts`,
    output: 'lib/dist/engine/ladder.wasm',
    options: common,
  },
];
