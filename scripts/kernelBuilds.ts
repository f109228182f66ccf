/** How the engine's kernels are compiled (one AssemblyScript source, two builds), and the loops of notebook 13. */

/** Path relative to lib/src. */
export const KERNEL_SOURCES = 'engine/kernels/assembly/';

// No managed objects: the plan owns the memory, which otherwise holds only static data (below 16 KiB, see plan/arena.ts).
const common = [
  ...['-O3', '--noAssert', '--uncheckedBehavior', 'always', '--runtime', 'stub', '--memoryBase', '4096'],
  ...['--importMemory', '--initialMemory', '1', '--enable', 'simd'],
];
const shared = [...common, '--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads'];

interface KernelBuild {
  /** Path of the output, relative to the project's folder. */
  readonly source: string;
  readonly output: string;
  /** Options for `asc`. */
  readonly options: readonly string[];
}

/** TypeScript's side of the kernels (kernelTypes.ts), relative to the project's folder. */
export const KERNEL_TYPES = [
  {
    source: `lib/src/${KERNEL_SOURCES}index.ts`,
    name: 'Kernels',
    output: 'lib/src/engine/kernels/signatures.ts',
  },
] as const;

export const KERNEL_BUILDS: readonly KernelBuild[] = [
  {
    source: `lib/src/${KERNEL_SOURCES}index.ts`,
    output: 'lib/dist/engine/kernels/kernels.wasm',
    options: shared,
  },
  {
    source: `lib/src/${KERNEL_SOURCES}index.ts`,
    output: 'lib/dist/engine/kernels/kernels-fast.wasm',
    options: [...shared, '--enable', 'relaxed-simd'],
  },
  {
    source: `lib/src/${KERNEL_SOURCES}ladder.ts`,
    output: 'lib/dist/engine/kernels/ladder.wasm',
    options: common,
  },
];
