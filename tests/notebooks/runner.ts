/** Runs the real command line, as a user would, and reads its output. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NotebookResult, RunResult } from '../../scripts/notebooks/result';

export const ROOT = join(__dirname, '..', '..');
export const FIXTURES = join(__dirname, 'fixtures');
const MAIN = join(ROOT, 'scripts', 'notebooks', 'main.ts');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** The output so far. */
  readonly said: () => string;
}

export function startRunner(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, ['-r', join(ROOT, 'scripts/typescript.js'), MAIN, ...args], {
    cwd: ROOT,
    env: { ...process.env, GITHUB_ACTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { process: child, finished, said: () => stdout + stderr };
}

export function runner(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Finished> {
  return startRunner(args, environment).finished;
}

/** Runs with `--json` and returns each notebook's result by the name of its file. */
export async function results(
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
): Promise<Finished & { readonly run: RunResult; readonly of: (name: string) => NotebookResult }> {
  const finished = await runner([...args, '--json'], environment);
  let run: RunResult;
  try {
    run = JSON.parse(finished.stdout) as RunResult;
  } catch {
    throw new Error(`no JSON from ${args.join(' ')}:\n${finished.stdout}\n${finished.stderr}`);
  }
  const of = (name: string) => {
    const found = run.notebooks.find(({ path }) => path.endsWith(`/${name}.ipynb`));
    if (!found) throw new Error(`no result for ${name}`);
    return found;
  };
  return { ...finished, run, of };
}

/** A new folder with copies of these fixtures; `remove` it afterwards. */
export function workspace(...names: string[]): {
  folder: string;
  path: (name: string) => string;
  remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-test-'));
  for (const name of names) cpSync(join(FIXTURES, name), join(folder, name.split('/').at(-1) as string));
  return {
    folder,
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the condition holds; fails, naming it, after a while. */
export async function until(what: string, holds: () => boolean, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !holds();) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Everything that the kernels of a run with this `TMPDIR` have left behind. */
export function leftIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('convlab-'));
}
