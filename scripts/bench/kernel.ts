/**
 * `npm run bench:kernel [-- rounds]`: how long a fresh notebook makes one wait, both for a reader, with tslab's kernel as
 * JupyterLab starts it, and in the runner, with cells that have not been compiled before. Prints the median and the range
 * of the kernel's start, of importing `convlab` with a first convolution, and of trivial cells after it. The first of
 * these takes longer than the later ones: it imports nothing, so TypeScript builds its program anew (85 ms of that
 * in a kernel that has imported nothing but `fs`).
 * Goals, for the reader: import and first convolution under 2 s, a trivial later cell under 100 ms.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { median } from 'convlab';
import { runTool, wholeNumber } from '../commandLine';
import { shownBytes } from '../notebooks/bytes';
import { Kernel } from '../notebooks/kernel';
import { kernelCommand, type KernelCommand } from '../notebooks/kernelspec';
import { CellOutputs } from '../notebooks/outputs';
import { Session } from '../notebooks/session';

const FOLDER = join(__dirname, '..', '..', 'notebooks');
const LIMITS = { timeoutSeconds: 120, memoryBytes: 2 ** 33, outputBytes: 2 ** 24 };

const CELLS = {
  'import convlab, first convolution': `import { conv2d, ndarray } from 'convlab';
const x = ndarray({ shape: [1, 28, 28, 1], data: new Float64Array(784).fill(1) });
const kernel = ndarray({ shape: [3, 3, 1, 1], data: new Float64Array(9).fill(1) });
console.log(conv2d(x, kernel).shape);`,
  'first trivial cell after it': 'const a = 1;\nconsole.log(a + 1);',
  'trivial later cell': 'const b = a + 1;\nconsole.log(b);',
};

const KERNELS: Readonly<Record<string, KernelCommand>> = {
  'as in JupyterLab': {
    name: 'tslab',
    own: false,
    argv: (file) => [process.execPath, require.resolve('tslab/bin/tslab'), 'kernel', `--config-path=${file}`],
    environment: {},
  },
  'in the runner': kernelCommand(),
};

const MEMORY = 'peak memory';

/** Seconds, and bytes of memory where the system tells them. */
async function round(command: KernelCommand): Promise<Record<string, number>> {
  const kernel = await Kernel.start(command, FOLDER, 60);
  const session = new Session(kernel, LIMITS);
  const measured: Record<string, number> = { 'kernel start': kernel.startSeconds };
  try {
    for (const [name, source] of Object.entries(CELLS)) {
      const outputs = new CellOutputs();
      const began = performance.now();
      const { ok } = await session.run(source, outputs, LIMITS.timeoutSeconds);
      measured[name] = (performance.now() - began) / 1000;
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

runTool('npm run bench:kernel', main);
