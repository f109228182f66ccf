/**
 * The runner beside Python's, on the same notebooks: `npm run bench:runner [-- --rounds N] [notebook …]`.
 *
 * Each round runs in turn: this runner; `jupyter nbconvert --execute` over the files one after another; nbclient two at
 * a time. Interleaved, so that a busy machine is busy for all of them. The Python of CONVLAB_PYTHON, or the first one of
 * the PATH, is used if it has nbclient, nbconvert and the tslab kernelspec; without it those two sides are left out.
 * Goals: at most 0.5 of nbconvert's wall time and 0.8 of nbclient's; under 50 ms a notebook beyond kernel start and
 * cells; under 150 MB for the runner itself.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunResult } from '../notebooks/result';

const ROOT = join(__dirname, '..', '..');

/** Two processes, each of which runs one notebook after the other. */
const NBCLIENT = `
import sys, os
from concurrent.futures import ProcessPoolExecutor
import nbformat
from nbclient import NotebookClient

def run(path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, resources={'metadata': {'path': os.path.dirname(path)}}).execute()

if __name__ == '__main__':
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(run, sys.argv[1:]))
`;

interface Side {
  readonly name: string;
  readonly seconds: number[];
  readonly run: () => string;
}

function command(argv: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(argv[0], argv.slice(1), {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error || status !== 0) {
    console.error(
      `${argv.slice(0, 4).join(' ')} … failed (exit code ${status}), so there is nothing to measure\n${stderr}`,
    );
    process.exit(1);
  }
  return stdout;
}

function pythonWithJupyter(): string | undefined {
  const python = process.env.CONVLAB_PYTHON ?? 'python3';
  const check =
    "import nbclient, nbconvert; from jupyter_client.kernelspec import KernelSpecManager as K; K().get_kernel_spec('tslab')";
  return spawnSync(python, ['-c', check]).status === 0 ? python : undefined;
}

function main(): void {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: 'string', default: '3' } },
    allowPositionals: true,
  });
  const folder = join(ROOT, 'notebooks');
  const files =
    positionals.length > 0
      ? positionals.map((path) => resolve(path))
      : readdirSync(folder)
          .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
          .map((name) => join(folder, name));
  const place = mkdtempSync(join(tmpdir(), 'convlab-bench-'));
  const own = [
    '-r',
    join(ROOT, 'scripts/typescript.js'),
    join(ROOT, 'scripts/notebooks/main.ts'),
    'test',
    '--json',
  ];
  const sides: Side[] = [
    { name: 'this runner', seconds: [], run: () => command([process.execPath, ...own, ...files]) },
  ];
  const python = pythonWithJupyter();
  if (python) {
    const script = join(place, 'two_at_a_time.py');
    writeFileSync(script, NBCLIENT);
    const nbconvert = [python, '-m', 'nbconvert', '--to', 'notebook', '--execute', '--output-dir', place];
    sides.push(
      { name: 'nbconvert --execute, one by one', seconds: [], run: () => command([...nbconvert, ...files]) },
      { name: 'nbclient, two at a time', seconds: [], run: () => command([python, script, ...files]) },
    );
  } else {
    console.log(
      'SKIPPED: nbconvert and nbclient (no Python with both and the tslab kernelspec; set CONVLAB_PYTHON)',
    );
  }

  console.log(
    `${files.length} notebooks of ${dirname(files[0])}, ${cpus().length} cores, Node ${process.version}`,
  );
  let result: RunResult | undefined;
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const side of sides) {
      const began = performance.now();
      const stdout = side.run();
      side.seconds.push((performance.now() - began) / 1000);
      if (side === sides[0]) result = JSON.parse(stdout) as RunResult;
      console.log(`round ${round}  ${side.name.padEnd(32)} ${(side.seconds.at(-1) as number).toFixed(2)} s`);
    }
  }
  const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
  console.log(`\nmedians (load ${loadavg()[0].toFixed(1)} at the end)`);
  for (const { name, seconds } of sides) {
    const ratio = median(sides[0].seconds) / median(seconds);
    console.log(
      `${name.padEnd(40)} ${median(seconds).toFixed(2)} s   this runner needs ${ratio.toFixed(2)} of it`,
    );
  }
  if (result) printOverhead(result);
  rmSync(place, { recursive: true, force: true });
}

/** What a notebook takes that is neither the wait for its kernel nor its cells, in the last round. */
function printOverhead({ notebooks, runnerMemoryBytes }: RunResult): void {
  const overheads = notebooks.map(
    ({ seconds, cells }) => seconds - cells.reduce((sum, cell) => sum + cell.seconds, 0),
  );
  console.log(
    `runner, beyond kernel start and cells    ${(Math.max(...overheads) * 1000).toFixed(0)} ms at most a notebook`,
  );
  console.log(`runner, peak memory                      ${(runnerMemoryBytes / 1e6).toFixed(0)} MB`);
}

main();
