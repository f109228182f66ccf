/** What `npm run doctor` looks at, one function a thing; each tries what it reports on rather than looking for files. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithReader } from '../commandLine';
import { Kernel } from '../notebooks/run/kernel';
import { kernelCommand } from '../notebooks/run/kernelspec';
import { CellOutputs } from '../notebooks/run/outputs';
import { Session } from '../notebooks/run/session';
import { asRoot, SetUpError } from './advice';
import { findChromium } from './chromium';
import { jupyterCommand, pinned, readyEnvironment, ROOT } from './environment';
import { findJupyterLab, findPython } from './python';

interface Finding {
  readonly works: boolean;
  /** What was found, or what is wrong, on one line. */
  readonly found: string;
  /** The command that mends it. */
  readonly mend?: string;
}

interface Examination {
  readonly name: string;
  /** What it is for, where the course does without it. */
  readonly optional?: string;
  readonly look: () => Finding | Promise<Finding>;
}

const EXAMINATIONS: readonly Examination[] = [
  { name: 'Node', look: () => ({ works: true, found: process.version }) },
  { name: 'library', look: library },
  { name: 'kernel', look: kernel },
  { name: 'backend', look: backend },
  { name: 'data', look: data },
  { name: 'Python', look: python },
  { name: 'JupyterLab', look: jupyterLab },
  { name: 'tfjs-node', optional: 'for a faster TensorFlow.js', look: native },
  { name: 'full MNIST', optional: 'for npm run accuracy', look: fullMnist },
  { name: 'browser', optional: 'for npm run test:e2e', look: browser },
  { name: 'sandbox', optional: "for running other people's code", look: sandbox },
];

/** Prints a line for each thing. Sets the exit code to 1 if something that the course needs does not work. */
export async function main(): Promise<void> {
  endWithReader();
  for (const { name, optional, look } of EXAMINATIONS) {
    const { works, found, mend } = await attempt(look);
    const mark = works ? 'works  ' : optional ? 'absent ' : 'MISSING';
    const purpose = optional && !works ? ` (only ${optional})` : '';
    console.log(`${mark}  ${name.padEnd(11)}  ${found}${purpose}`);
    if (mend && !works) console.log(`${' '.repeat(22)}to fix it: ${mend}`);
    if (!works && !optional) process.exitCode = 1;
  }
  console.log(
    process.exitCode ? '\nThe course needs what is missing.' : '\nAll that the course needs works.',
  );
}

async function attempt(look: Examination['look']): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof SetUpError) return { works: false, found: error.problem, mend: error.mend };
    return { works: false, found: (error as Error).message.split('\n')[0] };
  }
}

/** Loaded only when it is looked at: a library whose compiled half is out of date refuses to be. */
const load = () => import('convlab');

async function library(): Promise<Finding> {
  try {
    await load();
    return { works: true, found: 'compiled, and of the same state as its sources' };
  } catch (error) {
    return { works: false, found: (error as Error).message.split('\n')[0], mend: 'npm run build' };
  }
}

/** Starts the kernel and runs a cell that uses the library. */
async function kernel(): Promise<Finding> {
  const mend = 'npm run build';
  if (!existsSync(join(ROOT, 'scripts', 'kernel', 'dist', 'main.js'))) {
    return { works: false, found: 'it is not compiled', mend };
  }
  const running = await Kernel.start(kernelCommand(), ROOT, 60);
  try {
    const session = new Session(running, { timeoutSeconds: 60, memoryBytes: 2e9, outputBytes: 1e6 });
    const code = "import { outputSize } from 'convlab';\nconsole.log(outputSize(28, { kernel: 5 }));";
    const { ok, message } = await session.run(code, new CellOutputs(), 60);
    if (!ok) return { works: false, found: `a cell fails: ${String(message.content.evalue)}`, mend };
    return { works: true, found: `starts in ${running.startSeconds.toFixed(1)} s and runs a cell` };
  } finally {
    await running.kill();
  }
}

async function backend(): Promise<Finding> {
  const { name, reason, version, threads } = await (await load()).useBackend();
  const on = threads === 1 ? 'one thread' : `${threads} threads`;
  // Why the others were not chosen comes first, and may be long.
  return { works: true, found: `${name} (${version}, ${on}): ${reason.split('; ').at(-1)}` };
}

/** tfjs-node, which the backend is where it works. */
async function native(): Promise<Finding> {
  try {
    const { version } = await (await load()).useBackend('tensorflow');
    return { works: true, found: version };
  } catch (error) {
    const found = (error as Error).message.replace('useBackend: ', '');
    return { works: false, found, mend: process.platform === 'linux' ? 'npm run setup:native' : undefined };
  }
}

async function data(): Promise<Finding> {
  const { train, test } = await (await load()).loadMnist();
  return { works: true, found: `${train.size + test.size} digits, from the npm package mnist` };
}

/** Needed to set JupyterLab up, and not any more once it is there. */
function python(): Finding {
  try {
    const { version, executable } = findPython();
    return { works: true, found: `${version} (${executable})` };
  } catch (error) {
    if (jupyterLab().works) return { works: true, found: 'none that is needed: JupyterLab is there' };
    throw error;
  }
}

function jupyterLab(): Finding {
  const mend = 'npm run lab -- --set-up';
  const ready = readyEnvironment();
  if (ready) {
    const [program, ...args] = jupyterCommand(ready, 'lab');
    const run = spawnSync(program, [...args, '--version'], { encoding: 'utf8' });
    const version = (run.stdout ?? '').trim();
    if (run.status === 0) return { works: true, found: `${version} in .venv` };
    return { works: false, found: 'the one in .venv does not start', mend: 'delete .venv, then npm run lab' };
  }
  const onPath = findJupyterLab();
  if (onPath) return { works: true, found: `${onPath}, on the path (tested: ${pinned('jupyterlab')})` };
  return { works: false, found: 'it is not set up', mend };
}

async function fullMnist(): Promise<Finding> {
  try {
    const { train, test } = await (await load()).loadMnist({ source: 'full' });
    return { works: true, found: `${train.size} and ${test.size} digits` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const found =
      code === 'BAD_DATA'
        ? message.split('\n')[0].replace('loadMnist: ', '')
        : `the official files are not in ${process.env.CONVLAB_DATA ?? 'data'}`;
    return { works: false, found, mend: 'npm run data:fetch' };
  }
}

function browser(): Finding {
  const program = findChromium();
  const run = spawnSync(program, ['--version', '--no-sandbox'], { encoding: 'utf8' });
  if (run.status !== 0) throw new SetUpError(`${program} does not start`);
  return { works: true, found: `${run.stdout.trim()} (${program})` };
}

/** bubblewrap, if the system lets it make namespaces. */
function sandbox(): Finding {
  if (process.platform !== 'linux') {
    return {
      works: false,
      found: 'bubblewrap is for Linux',
      mend: 'use Linux, a container or a virtual machine',
    };
  }
  const run = spawnSync('bwrap', ['--ro-bind', '/', '/', '--unshare-all', 'true'], {
    encoding: 'utf8',
    cwd: tmpdir(),
  });
  if (run.status === 0) return { works: true, found: 'bubblewrap' };
  const found = run.error
    ? 'bubblewrap is not installed'
    : `bubblewrap fails: ${run.stderr.trim().split('\n')[0]}`;
  return { works: false, found, mend: asRoot('apt-get install bubblewrap') };
}
