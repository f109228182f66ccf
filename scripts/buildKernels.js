// Compiles the engine's kernels (lib/src/engine/assembly, AssemblyScript) to lib/dist/engine: one source, two builds.
// And the loops that notebook 13 compares with them.
'use strict';
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const root = join(__dirname, '..');
const compiler = require.resolve('assemblyscript/bin/asc.js');
// No managed objects: memory belongs to the plan, only static data stands in it (below 16 KiB, see memory.ts).
const common = [
  ...['-O3', '--noAssert', '--uncheckedBehavior', 'always', '--runtime', 'stub', '--memoryBase', '4096'],
  ...['--importMemory', '--initialMemory', '1', '--enable', 'simd'],
];
const kernels = [
  'lib/src/engine/assembly/index.ts',
  ...common,
  ...['--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads'],
];
const builds = [
  [...kernels, '--outFile', 'lib/dist/engine/kernels.wasm'],
  [...kernels, '--enable', 'relaxed-simd', '--outFile', 'lib/dist/engine/kernels-fast.wasm'],
  ['lib/src/engine/assembly/ladder.ts', ...common, '--outFile', 'lib/dist/engine/ladder.wasm'],
];
for (const options of builds) {
  const run = spawnSync(process.execPath, [compiler, ...options], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
