/** A thread of rooflineCeilings.ts: runs one loop at a time, together with the other threads, and says how fast it was. */
import { parentPort, workerData } from 'node:worker_threads';
import { Barrier } from 'convlab/dist/engine/threads/barrier';
import { registerLoop } from 'convlab/dist/speed/registerLoop';
import { WORKING_SETS, type Loop, type Setup } from './rooflineCeilings';

/** The most sums that stay in registers: see notebook 13. */
const SUMS = 13;
const REGISTER_RUNS = 4;
const QUOTIENT_TURNS = 200_000;
/** Bytes read and written. */
const TRAFFIC = 2 ** 27;
const BARRIERS = 2000;
/** Where they begin: behind WebAssembly's first page. */
const FIRST = 65536;

const { compiled, words, threads, index } = workerData as Setup;
const memory = new WebAssembly.Memory({
  initial: (FIRST + Math.max(...WORKING_SETS)) / 65536,
  maximum: 65536,
  shared: true,
});
const ceilings = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as {
  readonly QUOTIENTS: { readonly value: number };
  adamQuotients(turns: number, a: number): number;
  increment(turns: number, at: number, bytes: number): void;
};
const barrier = new Barrier(words, threads, index);
const registerLoops = new Map<boolean, ReturnType<typeof registerLoop>>();

/** Returns how much it has done: multiply-adds, quotients, bytes, barriers. */
function run(loop: Loop): number {
  switch (loop.kind) {
    case 'multiplyAdds': {
      const { fused } = loop;
      const registers = registerLoops.get(fused) ?? registerLoop({ sums: SUMS, lanes: 4, fused });
      registerLoops.set(fused, registers);
      for (let i = 0; i < REGISTER_RUNS; i++) registers.run();
      return REGISTER_RUNS * registers.multiplyAdds;
    }
    case 'quotients':
      ceilings.adamQuotients(QUOTIENT_TURNS, 1.5);
      return QUOTIENT_TURNS * ceilings.QUOTIENTS.value * 4;
    case 'bytes': {
      const turns = Math.max(1, Math.round(TRAFFIC / 2 / loop.workingSet));
      ceilings.increment(turns, FIRST, loop.workingSet);
      return turns * 2 * loop.workingSet;
    }
    case 'barriers':
      for (let i = 0; i < BARRIERS; i++) barrier.wait();
      return BARRIERS;
  }
}

parentPort?.on('message', (loop: Loop) => {
  barrier.wait();
  const start = performance.now();
  const done = run(loop);
  parentPort?.postMessage((1000 * done) / (performance.now() - start));
});
