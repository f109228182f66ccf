/**
 * Finds the command that starts a kernel: the project's own tslab (TypeScript; jslab for JavaScript), Deno's, or any
 * kernelspec that is installed for Jupyter. https://jupyter-client.readthedocs.io/en/latest/kernels.html#kernel-specs
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { kernelArgv, userFolder } from '../../kernel/command';

/** `--kernel plain`: the unmodified tslab from npm. */
export const PLAIN = 'plain';
/** `--kernel deno`: the kernel inside Deno, which needs no installation of its own. */
export const DENO = 'deno';

export interface KernelCommand {
  readonly name: string;
  /** The project's own kernel, which reports more than Jupyter's protocol requires. */
  readonly own: boolean;
  readonly argv: (connectionFile: string) => readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** There is no such kernel, or its kernelspec is unusable. */
export class KernelspecError extends Error {}

/** For `undefined`, tslab: a notebook that names no kernel is taken for one of this project. */
export function kernelCommand(name = 'tslab'): KernelCommand {
  if (name === 'tslab' || name === 'jslab') {
    // The project's own kernel, wherever the notebook is.
    const language = name === 'jslab' ? 'javascript' : 'typescript';
    const argv = (connectionFile: string) => kernelArgv(connectionFile, language);
    return { name, own: true, argv, environment: {} };
  }
  if (name === PLAIN) {
    const tslab = require.resolve('tslab/bin/tslab');
    return {
      name,
      own: false,
      argv: (connectionFile) => [process.execPath, tslab, 'kernel', `--config-path=${connectionFile}`],
      environment: {},
    };
  }
  if (name === DENO) {
    const deno = denoProgram();
    return {
      name,
      own: false,
      argv: (connectionFile) => [deno, 'jupyter', '--kernel', '--conn', connectionFile],
      environment: { DENO_NO_UPDATE_CHECK: '1' },
    };
  }
  return installed(name);
}

/** What the environment variable DENO names, or the first `deno` in PATH. @throws KernelspecError */
export function denoProgram(): string {
  const given = process.env.DENO;
  const program = process.platform === 'win32' ? 'deno.exe' : 'deno';
  const candidates = given ? [given] : split(process.env.PATH).map((place) => join(place, program));
  const found = candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  if (found !== undefined) return found;
  throw new KernelspecError(
    given
      ? `DENO is '${given}', which is no file; expected the path of the program deno`
      : 'Deno was not found in PATH; install it (https://deno.com), or set DENO to the path of the program',
  );
}

const split = (value: string | undefined) => (value ? value.split(delimiter).filter(Boolean) : []);

function installed(name: string): KernelCommand {
  if (!/^[\w.-]+$/.test(name)) throw new KernelspecError(`'${name}' is not a valid kernel name`);
  const folders = kernelFolders();
  const folder = folders
    .map((place) => join(place, name))
    .find((place) => existsSync(join(place, 'kernel.json')));
  if (!folder)
    throw new KernelspecError(`no kernel '${name}' is installed (looked in ${folders.join(', ')})`);
  const file = join(folder, 'kernel.json');
  let spec: { argv?: unknown; env?: unknown };
  try {
    spec = JSON.parse(readFileSync(file, 'utf8')) as typeof spec;
  } catch (error) {
    throw new KernelspecError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const { argv, env = {} } = spec;
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every((word) => typeof word === 'string')) {
    throw new KernelspecError(`${file}: argv is not a list of strings`);
  }
  return {
    name,
    own: false,
    argv: (connectionFile) =>
      argv.map((word) =>
        word.replaceAll('{connection_file}', connectionFile).replaceAll('{resource_dir}', folder),
      ),
    environment: env as Record<string, string>,
  };
}

/** Jupyter's search path for kernels, and the (virtual) environment of the first `python` in PATH. */
function kernelFolders(): string[] {
  const prefixes = [
    ...split(process.env.VIRTUAL_ENV),
    ...split(process.env.CONDA_PREFIX),
    ...split(process.env.PATH)
      .filter((place) => existsSync(join(place, 'python3')) || existsSync(join(place, 'python.exe')))
      .map(dirname),
    '/usr/local',
    '/usr',
  ];
  const data = [
    ...split(process.env.JUPYTER_PATH),
    userFolder(),
    ...prefixes.map((prefix) => join(prefix, 'share/jupyter')),
    ...(process.env.PROGRAMDATA ? [join(process.env.PROGRAMDATA, 'jupyter')] : []),
  ];
  return [...new Set(data)].map((place) => join(place, 'kernels'));
}
