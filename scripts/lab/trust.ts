/**
 * Lets the course's interactive figures run as soon as a notebook is opened.
 *
 * JupyterLab runs stored HTML with scripts only in a notebook that was run here or that carries a valid signature.
 * Signed are the notebooks exactly as they are committed: whoever starts this has already run code of the same commit.
 * What has been changed, or lies beside them, keeps Jupyter's protection until its cells are run. The signatures are
 * the project's own (`.jupyter`), no other Jupyter knows them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../replaceFile';
import { jupyterCommand, jupyterVariables, ROOT, type Environment } from './environment';

/**
 * Signs the committed notebooks. Without git, or where Jupyter cannot sign, figures run when their cell is run.
 *
 * @returns the signed ones, below the project's folder
 */
export function trustCommitted(environment: Environment): readonly string[] {
  // For each notebook its committed content; the second list names those whose file differs.
  const committed = git('ls-tree', '-r', 'HEAD', 'notebooks');
  const changed = git('diff', '--name-only', 'HEAD', '--', 'notebooks');
  if (committed === undefined || changed === undefined) return [];
  const isChanged = new Set(changed.split('\n'));
  const files = committed.split('\n').flatMap((line) => {
    const name = line.split('\t')[1] ?? '';
    return name.endsWith('.ipynb') && !isChanged.has(name) ? [name] : [];
  });
  const done = join(environment.state, 'data', 'signed');
  const state = `${committed}\n${changed}`;
  if (existsSync(done) && readFileSync(done, 'utf8') === state) return files;
  if (files.length === 0 || !trustFiles(environment, files)) return [];
  mkdirSync(join(environment.state, 'data'), { recursive: true });
  replaceFile(done, state);
  return files;
}

/** Signs notebooks, named below the project's folder or absolutely. @returns whether Jupyter could */
export function trustFiles(environment: Environment, files: readonly string[]): boolean {
  const [program, ...args] = jupyterCommand(environment, 'trust');
  const env = jupyterVariables(environment);
  return spawnSync(program, [...args, ...files], { cwd: ROOT, env }).status === 0;
}

/** What git says; undefined where it is not installed or this is no clone. */
function git(...args: string[]): string | undefined {
  // Names as they are: git else writes `ä` as a code.
  const run = spawnSync('git', ['-c', 'core.quotePath=false', ...args], { cwd: ROOT, encoding: 'utf8' });
  return run.status === 0 ? run.stdout : undefined;
}
