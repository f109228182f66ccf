/** Finds what can run JupyterLab: a Python that makes virtual environments, or a JupyterLab that is there already. */
import { spawnSync } from 'node:child_process';
import { asRoot, installCommand, SetUpError } from './advice';

/** What requirements.txt needs: JupyterLab 4.6 does not install on an earlier one. */
const LOWEST = [3, 10] as const;

/** A program and the arguments it needs first: `['py', '-3']`. */
export type Command = readonly string[];

export interface Python {
  readonly command: Command;
  /** `3.11.2` */
  readonly version: string;
  readonly executable: string;
}

/** Nothing here can run JupyterLab. The message says what was looked at and which command mends it. */
export class NoPython extends SetUpError {}

/** Asks a Python for its version, its path, and whether it can make a virtual environment with pip in it. */
const PROBE = `
import sys
try:
    import ensurepip, venv
    complete = "yes"
except ImportError:
    complete = "no"
print(*sys.version_info[:3], sep=".")
print(sys.executable)
print(complete)
`;

type Found = Python & { readonly makesEnvironments: boolean };

/** The first Python that is new enough and can make virtual environments. @throws NoPython */
export function findPython(): Python {
  const named = process.env.PYTHON;
  const commands: readonly Command[] = named ? [[named]] : [['python3'], ['python'], ['py', '-3']];
  const unusable: string[] = [];
  let advice: string | undefined;
  for (const command of commands) {
    const found = ask(command);
    if (!found) {
      if (named) unusable.push(`PYTHON is '${named}', which cannot be run`);
      continue;
    }
    const [major, minor] = found.version.split('.').map(Number);
    const name = `${command.join(' ')} is Python ${found.version}`;
    if (major < LOWEST[0] || (major === LOWEST[0] && minor < LOWEST[1])) {
      unusable.push(`${name}, JupyterLab 4.6 needs ${LOWEST.join('.')} or later`);
    } else if (!found.makesEnvironments) {
      unusable.push(`${name}, which cannot make virtual environments (its ensurepip is missing)`);
      advice ??= environmentAdvice(major, minor);
    } else {
      return found;
    }
  }
  const looked = named ? '' : 'there is no Python that can be used (looked for python3, python and py)';
  throw new NoPython([looked, ...unusable].filter(Boolean).join('; '), advice ?? installCommand('python'));
}

function ask(command: Command): Found | undefined {
  const [program, ...args] = command;
  const run = spawnSync(program, [...args, '-c', PROBE], { encoding: 'utf8', timeout: 30_000 });
  const [version, executable, complete] = (run.stdout ?? '').trim().split(/\r?\n/);
  if (run.status !== 0 || !/^\d+\.\d+\.\d+$/.test(version)) return undefined;
  return { command, version, executable, makesEnvironments: complete === 'yes' };
}

/** Debian packs the part that makes environments on its own. */
function environmentAdvice(major: number, minor: number): string {
  const command = installCommand('python');
  return command.includes('apt-get') ? asRoot(`apt-get install python${major}.${minor}-venv`) : command;
}

/** The version of a JupyterLab on the path, from version 4 on; undefined if there is none. */
export function findJupyterLab(): string | undefined {
  const run = spawnSync('jupyter-lab', ['--version'], { encoding: 'utf8', timeout: 60_000 });
  const version = /^(\d+)\.\d+\.\d+/m.exec(run.stdout ?? '');
  return run.status === 0 && version && Number(version[1]) >= 4 ? version[0] : undefined;
}
