/**
 * Where JupyterLab runs: a virtual environment in the project, made from requirements.txt, or else a JupyterLab that is
 * already on the path. The project's kernel, settings and hook are in the environment, all that Jupyter itself writes
 * (the layout of its page, signatures, running servers) in `.jupyter`. Nothing is written into the user's home.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from '../oneAtATime';
import { replaceFile } from '../replaceFile';
import { SetUpError } from './advice';
import { pipInstall } from './pip';
import { findJupyterLab, findPython, NoPython, type Command, type Python } from './python';

export const ROOT = join(__dirname, '..', '..');
const REQUIREMENTS = join(ROOT, 'requirements.txt');
const OWN = join(ROOT, '.venv');
const STATE = join(ROOT, '.jupyter');

export interface Environment {
  /**
   * The folder that holds share/jupyter and etc/jupyter with the project's kernel, settings and hook: the environment's,
   * or `.jupyter` for a JupyterLab from elsewhere, in which nothing is changed.
   */
  readonly prefix: string;
  /** The folder for what Jupyter writes while it runs. Tests use one of their own. */
  readonly state: string;
  /** Whether the project made it; if not, it is a JupyterLab found on the path. */
  readonly isOwn: boolean;
  /** JupyterLab's version. */
  readonly version: string;
}

/** What the project's own environment was made from. Written when it is finished. */
interface Stamp {
  /** Hash of requirements.txt. If it differs, the packages are brought up to date. */
  readonly requirements: string;
  /** The project's folder, which the environment's scripts contain. If it differs, the environment is made anew. */
  readonly folder: string;
  /** The Python, as the packages are for its version. If it differs, the environment is made anew. */
  readonly python: string;
}

const STAMP = join(OWN, 'convlab.json');
/** There while the environment is being made or changed; one in which it has stayed behind is made anew. */
const UNFINISHED = join(OWN, 'convlab-unfinished');

/**
 * Sets up what is missing, which takes a minute the first time and no time afterwards.
 *
 * @param say is told what takes long
 * @throws SetUpError when there is nothing to run JupyterLab with, or pip fails
 */
export async function prepareEnvironment(say: (line: string) => void): Promise<Environment> {
  const lock = join(ROOT, 'node_modules', '.cache', 'convlab', 'lab.lock');
  const environment = await oneAtATime(lock, () => findOrMake(say));
  configure(environment.prefix);
  return environment;
}

/** The environment as it is, without setting anything up; undefined if the project has none that is finished. */
export function readyEnvironment(): Environment | undefined {
  return isReady() ? ownEnvironment() : undefined;
}

/** The tested version of a package in requirements.txt. */
export function pinned(name: string): string {
  const found = new RegExp(`^${name}==(\\S+)`, 'm').exec(readFileSync(REQUIREMENTS, 'utf8'));
  if (!found) throw new Error(`requirements.txt does not name ${name}`);
  return found[1];
}

/** The command of a Jupyter application in the environment. */
export function jupyterCommand({ isOwn }: Environment, app: 'lab' | 'notebook' | 'trust'): Command {
  if (!isOwn) return app === 'trust' ? ['jupyter-trust'] : [`jupyter-${app}`];
  // By module: the scripts in bin name the Python by its path, which must not be long.
  const module = { lab: 'jupyterlab', notebook: 'notebook', trust: 'nbformat.sign' }[app];
  return [pythonOf(OWN), '-m', module];
}

/** The environment variables Jupyter gets: its folders, all within the project. */
export function jupyterVariables({ prefix, state, isOwn }: Environment): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = {
    ...process.env,
    JUPYTER_CONFIG_DIR: join(state, 'config'),
    JUPYTER_DATA_DIR: join(state, 'data'),
    JUPYTER_RUNTIME_DIR: join(state, 'runtime'),
    IPYTHONDIR: join(state, 'ipython'),
  };
  // Set by somebody for another JupyterLab.
  for (const name of ['JUPYTERLAB_DIR', 'JUPYTERLAB_SETTINGS_DIR', 'JUPYTERLAB_WORKSPACES_DIR']) {
    delete variables[name];
  }
  if (isOwn) return variables;
  return {
    ...variables,
    JUPYTER_PATH: join(prefix, 'share', 'jupyter'),
    JUPYTER_CONFIG_PATH: join(prefix, 'etc', 'jupyter'),
  };
}

export function settingsFolder(prefix: string): string {
  return join(prefix, 'share', 'jupyter', 'lab', 'settings');
}

async function findOrMake(say: (line: string) => void): Promise<Environment> {
  const ready = readyEnvironment();
  if (ready) return ready;
  try {
    return await makeEnvironment(findPython(), say);
  } catch (error) {
    const version = error instanceof NoPython ? findJupyterLab() : undefined;
    if (version === undefined) throw error;
    return { prefix: STATE, state: STATE, isOwn: false, version };
  }
}

async function makeEnvironment(python: Python, say: (line: string) => void): Promise<Environment> {
  say(`Setting up JupyterLab in .venv, with Python ${python.version} (about a minute, once) …`);
  const stamp = readStamp();
  const isSound = stamp === undefined || (stamp.folder === ROOT && stamp.python === realPython());
  if (!isSound || existsSync(UNFINISHED) || realPython() === undefined) {
    rmSync(OWN, { recursive: true, force: true });
    mkdirSync(OWN);
    writeFileSync(UNFINISHED, '');
    makeVirtualEnvironment(python);
  } else if (stamp) {
    writeFileSync(UNFINISHED, '');
  }
  await pipInstall(pythonOf(OWN), REQUIREMENTS);
  const fresh: Stamp = { requirements: requirementsHash(), folder: ROOT, python: realPython() ?? '' };
  replaceFile(STAMP, JSON.stringify(fresh));
  rmSync(UNFINISHED, { force: true });
  return ownEnvironment();
}

function makeVirtualEnvironment({ command: [program, ...args] }: Python): void {
  const run = spawnSync(program, [...args, '-m', 'venv', OWN], { encoding: 'utf8' });
  if (run.status === 0) return;
  throw new SetUpError(`${program} -m venv ${OWN} failed: ${run.error?.message ?? run.stderr + run.stdout}`);
}

const ownEnvironment = (): Environment => ({
  prefix: OWN,
  state: STATE,
  isOwn: true,
  version: pinned('jupyterlab'),
});

function isReady(): boolean {
  const stamp = readStamp();
  return (
    stamp !== undefined &&
    !existsSync(UNFINISHED) &&
    stamp.folder === ROOT &&
    stamp.python === realPython() &&
    stamp.requirements === requirementsHash()
  );
}

function readStamp(): Stamp | undefined {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8')) as Stamp;
  } catch {
    // There is none, or one that cannot be read, which is no better.
    return undefined;
  }
}

const requirementsHash = () => createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');

function pythonOf(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
}

/** The program behind the environment's link, which a new version of the system's Python changes. */
function realPython(): string | undefined {
  try {
    return realpathSync(pythonOf(OWN));
  } catch {
    return undefined;
  }
}

/** Puts the kernel, the settings of JupyterLab's page and the server's hook into an environment's folder. */
export function configure(prefix: string): void {
  const install = join(ROOT, 'scripts', 'kernel', 'install.js');
  execFileSync(process.execPath, [install, '--prefix', prefix], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (const [name, folder] of [
    ['overrides.json', settingsFolder(prefix)],
    ['jupyter_server_config.py', join(prefix, 'etc', 'jupyter')],
  ]) {
    mkdirSync(folder, { recursive: true });
    replaceFile(join(folder, name), readFileSync(join(__dirname, name)));
  }
}
