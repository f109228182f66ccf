/**
 * `npm run bench:kernel [-- rounds]`: the waiting times of a fresh notebook, in this project's kernel, which JupyterLab
 * and the runner start alike, and in plain tslab. Prints the median and the range of the kernel's start, of its first
 * cell, of importing `convlab` with a first convolution, and of trivial cells after it, the first of which has to
 * rebuild the compiler's program. Processor time counts everything that the process has done by then. Goals: 1.3 s of
 * processor time to the answer to the first cell, 120 ms for the first trivial cell, 50 ms for later ones, 230 MB.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { median } from 'convlab';
import { wholeNumber } from '../commandLine';
import { shownBytes } from '../notebooks/bytes';
import { Kernel } from '../notebooks/run/kernel';
import { kernelCommand, type KernelCommand } from '../notebooks/run/kernelspec';
import { CellOutputs } from '../notebooks/run/outputs';
import { Session } from '../notebooks/run/session';
import { runBenchmark } from './runBenchmark';

const FOLDER = join(__dirname, '..', '..', 'notebooks');
const LIMITS = { timeoutSeconds: 120, memoryBytes: 2 ** 33, outputBytes: 2 ** 24 };

const CELLS = {
  'first cell': '1 + 1',
  'import convlab, first convolution': `import { conv2d, ndarray } from 'convlab';
const x = ndarray({ shape: [1, 28, 28, 1], data: new Float64Array(784).fill(1) });
const kernel = ndarray({ shape: [3, 3, 1, 1], data: new Float64Array(9).fill(1) });
console.log(conv2d(x, kernel).shape);`,
  'first trivial cell after it': 'const a = 1;\nconsole.log(a + 1);',
  'trivial later cell': 'const b = a + 1;\nconsole.log(b);',
};

const KERNELS: Readonly<Record<string, KernelCommand>> = {
  "this project's kernel": kernelCommand(),
  'plain tslab': kernelCommand('plain'),
};

const MEMORY = 'peak memory';

/** User and system time of a process, in the hundredths that Linux counts; undefined where there is no /proc. */
function processorSeconds(pid = 0): number | undefined {
  try {
    // The fields after the name in brackets: 14 and 15 of all.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** Seconds, and bytes of memory where the system tells them. */
async function round(command: KernelCommand): Promise<Record<string, number>> {
  const kernel = await Kernel.start(command, FOLDER, 60);
  const session = new Session(kernel, LIMITS);
  const measured: Record<string, number> = { 'kernel start': kernel.startSeconds };
  const noteProcessor = (name: string) => {
    const seconds = processorSeconds(kernel.pid);
    if (seconds !== undefined) measured[name] = seconds;
  };
  noteProcessor('processor time until then');
  try {
    for (const [name, source] of Object.entries(CELLS)) {
      const outputs = new CellOutputs();
      const began = performance.now();
      const { ok } = await session.run(source, outputs, LIMITS.timeoutSeconds);
      measured[name] = (performance.now() - began) / 1000;
      if (name === 'first cell') noteProcessor('processor time until its answer');
      if (!ok) throw new Error(`${name} failed:\n${outputs.text('stderr')}`);
    }
    if (session.peakMemoryBytes !== undefined) measured[MEMORY] = session.peakMemoryBytes;
  } finally {
    session.close();
    await kernel.kill();
  }
  return measured;
}

async function main([given = '5']: readonly string[]): Promise<void> {
  const rounds = wholeNumber('the number of rounds', given);
  const kernels = Object.entries(KERNELS).map(([name, command]) => ({
    name,
    command,
    all: [] as Record<string, number>[],
  }));
  for (let n = 0; n < rounds; n++) for (const { command, all } of kernels) all.push(await round(command));
  console.log(
    `${rounds} fresh kernels of each kind, in turns, Node ${process.version}, load ${loadavg()[0].toFixed(1)} at the end`,
  );
  for (const { name: kernel, all } of kernels) {
    console.log(`\n${kernel}`);
    for (const name of Object.keys(all[0])) {
      const values = all.map((measured) => measured[name]);
      const shown = (value: number) => (name === MEMORY ? shownBytes(value) : `${value.toFixed(3)} s`);
      const range = `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`;
      console.log(`${name.padEnd(36)} ${shown(median(values))}   (${range})`);
    }
  }
}

runBenchmark(
  'kernel',
  '[-- ROUNDS]',
  'The waiting times of a fresh notebook, in this kernel and in plain tslab. Default: 5 rounds.',
  main,
);
