/**
 * `npm run bench:runner [-- --rounds N] [notebook …]`: the runner beside Python's, on the same notebooks.
 *
 * Each round runs, in turn, this runner; `jupyter nbconvert --execute` over the files one after another; and nbclient, two files at a time. The rounds
 * are interleaved so that a busy machine is busy for all of them. The Python of CONVLAB_PYTHON, or else the first one on
 * the PATH, is used if it has nbclient, nbconvert and the tslab kernelspec; without it, the last two are left out.
 * Goals: at most 0.5 of nbconvert's wall time and 0.8 of nbclient's; under 50 ms per notebook beyond kernel start and
 * cells; under 150 MB for the runner itself.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { median } from 'convlab';
import { fromHere, readOptions, runTool, wholeNumber } from '../commandLine';
import { shownBytes } from '../notebooks/bytes';
import type { RunResult } from '../notebooks/result';

const ROOT = join(__dirname, '..', '..');

const usage = `npm run bench:runner [-- --rounds N] [notebook …]

Runs notebooks (default: the course's) with this runner, and with nbconvert and nbclient if CONVLAB_PYTHON or the first
Python on the PATH has them.

  --rounds N       how often each of them runs (default 3)
`;

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
      `${argv.slice(0, 4).join(' ')} … failed with exit code ${status}: nothing to measure\n${stderr}`,
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

function main(args: readonly string[]): void {
  const options = {
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = readOptions(args, options, true);
  if (values.help) {
    console.log(usage);
    return;
  }
  const rounds = wholeNumber('--rounds', values.rounds);
  const folder = join(ROOT, 'notebooks');
  const files =
    positionals.length > 0
      ? positionals.map(fromHere)
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
  const runOwn = () => command([process.execPath, ...own, ...files]);
  const ours: Side[] = [{ name: 'this runner', seconds: [], run: runOwn }];
  const theirs: Side[] = [];
  const python = pythonWithJupyter();
  if (python) {
    const script = join(place, 'two_at_a_time.py');
    writeFileSync(script, NBCLIENT);
    const nbconvert = [python, '-m', 'nbconvert', '--to', 'notebook', '--execute', '--output-dir', place];
    theirs.push(
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
  const sides = [...ours, ...theirs];
  const results = new Map<Side, RunResult>();
  for (let round = 1; round <= rounds; round++) {
    for (const side of sides) {
      const began = performance.now();
      const stdout = side.run();
      side.seconds.push((performance.now() - began) / 1000);
      if (ours.includes(side)) results.set(side, JSON.parse(stdout) as RunResult);
      console.log(`round ${round}  ${side.name.padEnd(32)} ${(side.seconds.at(-1) as number).toFixed(2)} s`);
    }
  }
  console.log(`\nmedians (load ${loadavg()[0].toFixed(1)} at the end)`);
  for (const { name, seconds } of sides) {
    console.log(
      `${name.padEnd(32)} ${median(seconds).toFixed(2)} s (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)})`,
    );
  }
  for (const other of theirs) {
    for (const side of ours) {
      const ratio = median(side.seconds) / median(other.seconds);
      console.log(`${side.name} takes ${ratio.toFixed(2)} of the time of ${other.name}`);
    }
  }
  for (const [side, result] of results) printOverhead(side.name, result);
  rmSync(place, { recursive: true, force: true });
}

/** The time of a notebook that is neither its kernel's start nor its cells', in the last round. */
function printOverhead(name: string, { notebooks, runnerMemoryBytes }: RunResult): void {
  const overheads = notebooks.map(
    ({ seconds, cells }) => seconds - cells.reduce((sum, cell) => sum + cell.seconds, 0),
  );
  const most = (Math.max(...overheads) * 1000).toFixed(0);
  console.log(
    `${name}: at most ${most} ms per notebook beyond kernel start and cells; its own memory ${shownBytes(runnerMemoryBytes)}`,
  );
}

runTool('npm run bench:runner', main);
