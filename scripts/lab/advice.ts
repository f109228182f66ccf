/** What is missing to set JupyterLab up, and the commands that install it, for the system at hand. */
import { readFileSync } from 'node:fs';
import { ExpectedError } from '../commandLine';

/** Something on this machine has to be mended. The message says what. */
export class SetUpError extends ExpectedError {
  constructor(
    readonly problem: string,
    /** The command that mends it. */
    readonly mend?: string,
  ) {
    super(mend === undefined ? problem : `${problem}. To fix it: ${mend}`);
  }
}

/** `python`: with what it needs to make virtual environments. */
type Program = 'python' | 'chromium' | 'compiler';

interface System {
  /** As os-release names it, also as a relative: Ubuntu's ID_LIKE is `debian`. */
  readonly id: RegExp;
  readonly command: string;
  readonly packages: Readonly<Record<Program, string>>;
}

const LINUX: readonly System[] = [
  {
    id: /debian|ubuntu/,
    command: 'apt-get install',
    packages: { python: 'python3 python3-venv', chromium: 'chromium', compiler: 'g++' },
  },
  {
    id: /fedora|rhel|centos/,
    command: 'dnf install',
    packages: { python: 'python3', chromium: 'chromium', compiler: 'gcc-c++' },
  },
  { id: /arch/, command: 'pacman -S', packages: { python: 'python', chromium: 'chromium', compiler: 'gcc' } },
  {
    id: /suse/,
    command: 'zypper install',
    packages: { python: 'python3', chromium: 'chromium', compiler: 'gcc-c++' },
  },
  {
    id: /alpine/,
    command: 'apk add',
    packages: { python: 'python3', chromium: 'chromium', compiler: 'g++' },
  },
];

const DOWNLOAD: Readonly<Record<Program, string>> = {
  python: 'install Python from https://www.python.org/downloads/',
  chromium: 'install Chromium or Chrome, and name its program in CHROMIUM',
  compiler: 'install a C++ compiler, and name its program in CXX',
};

const OTHERS: Partial<Record<NodeJS.Platform, Readonly<Record<Program, string>>>> = {
  darwin: {
    python: 'brew install python',
    chromium: 'brew install --cask chromium',
    compiler: 'xcode-select --install',
  },
  win32: {
    python: 'winget install Python.Python.3.13',
    chromium: 'winget install Hibbiki.Chromium',
    compiler: 'winget install Microsoft.VisualStudio.2022.BuildTools',
  },
};

/** The command that installs a program on this system, or where to get it. */
export function installCommand(program: Program): string {
  const elsewhere = OTHERS[process.platform]?.[program];
  if (elsewhere !== undefined) return elsewhere;
  const id = osRelease();
  const system = LINUX.find((one) => one.id.test(id));
  if (!system) return DOWNLOAD[program];
  return asRoot(`${system.command} ${system.packages[program]}`);
}

/** The same command with sudo, unless this is root already. */
export function asRoot(command: string): string {
  return process.getuid?.() === 0 ? command : `sudo ${command}`;
}

/** The system's names: `ubuntu debian`. */
function osRelease(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return [...text.matchAll(/^(?:ID|ID_LIKE)=(.*)$/gm)].map(([, value]) => value).join(' ');
  } catch {
    return '';
  }
}
