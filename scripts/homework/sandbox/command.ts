/** The command line that starts a student's process behind all protections there are. */
import { execFileSync } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Limits, SandboxName } from '../grade/job';
import { processFilter } from './seccomp';
import { viewFiles } from './view';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** To be inherited as file descriptor 4: a file with the filter of system calls. */
  readonly filter?: string;
}

const FILTER = 4;

/**
 * @param view the folder that the process may read
 * @param home an empty folder to start it in, where there is no other root
 */
export function studentCommand(
  sandbox: SandboxName,
  view: string,
  home: string,
  limits: Limits,
  main: string = viewFiles[0],
): Command {
  // Node compares the paths of files with their links resolved.
  const inside = sandbox === 'bubblewrap' ? '/view' : realpathSync(view);
  const node = [
    sandbox === 'bubblewrap' ? '/node' : process.execPath,
    ...nodeFlags(inside, main, limits.memoryMegabytes),
    join(inside, main),
  ];
  const filter = sandbox === 'bubblewrap' ? filterFile(home) : undefined;
  const command = sandbox === 'bubblewrap' ? [...bubblewrap(view, filter), '--', ...node] : node;
  if (process.platform === 'win32') return { file: command[0], args: command.slice(1) };
  return { file: '/bin/sh', args: ['-c', withLimits(limits), 'sh', ...command], filter };
}

/**
 * Node's own walls: no file but the view's, no processes, threads, addons or debugger, and no code from strings.
 */
function nodeFlags(view: string, main: string, memoryMegabytes: number): string[] {
  return [
    nodeMajor() >= 22 ? '--permission' : '--experimental-permission',
    ...[...new Set([...viewFiles, main])].map((file) => `--allow-fs-read=${join(view, file)}`),
    '--disallow-code-generation-from-strings',
    '--no-addons',
    '--no-warnings',
    // The same answers from a program that draws random numbers, whenever it is graded.
    '--random-seed=1',
    `--max-old-space-size=${memoryMegabytes}`,
    // One process a submission, two submissions at a time: threads for garbage collection gain nothing.
    '--single-threaded-gc',
  ];
}

function nodeMajor(): number {
  return Number(process.versions.node.split('.')[0]);
}

/**
 * No files written, no memory beyond the limit, in typed arrays either; and processor time is limited by the kernel too,
 * so that an endless loop ends even if the grader is killed.
 */
function withLimits(limits: Limits): string {
  // What Node maps before it runs anything; from version 24 on half a gigabyte for compiled code, used or not.
  const nodeMegabytes = nodeMajor() >= 24 ? 640 : 128;
  const data = 1024 * (limits.memoryMegabytes + nodeMegabytes);
  const set = [
    'ulimit -c 0',
    'ulimit -f 0',
    'ulimit -n 64',
    `ulimit -t ${Math.ceil(limits.totalSeconds) + 2}`,
    // macOS knows no such limit.
    ...(process.platform === 'linux' ? [`ulimit -d ${data}`] : []),
  ];
  return `${set.join(' && ')} && exec "$@"`;
}

/** A root of its own with Node, its libraries and the view, all of it read-only; nobody's user id, no network. */
function bubblewrap(view: string, filter: string | undefined): string[] {
  return [
    'bwrap',
    '--unshare-all',
    ...['--die-with-parent', '--new-session', '--clearenv'],
    ...['--cap-drop', 'ALL', '--uid', '65534', '--gid', '65534', '--hostname', 'grader'],
    ...['--ro-bind', realpathSync(process.execPath), '/node'],
    ...nodeLibraries().flatMap((library) => ['--ro-bind', realpathSync(library), library]),
    ...['--ro-bind', view, '/view'],
    ...[
      '--dir',
      '/dev',
      '--dev-bind',
      '/dev/null',
      '/dev/null',
      '--dev-bind',
      '/dev/urandom',
      '/dev/urandom',
    ],
    ...['--dir', '/home', '--remount-ro', '/', '--chdir', '/home'],
    ...(filter === undefined ? [] : ['--seccomp', String(FILTER)]),
  ];
}

let libraries: readonly string[] | undefined;

/** The shared libraries of this Node, as the system's loader finds them. */
function nodeLibraries(): readonly string[] {
  libraries ??= [
    ...new Set(execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/\/\S+(?= \(0x)/g) ?? []),
  ];
  return libraries;
}

function filterFile(home: string): string | undefined {
  const filter = processFilter();
  if (filter === undefined) return undefined;
  const file = join(home, 'filter');
  writeFileSync(file, filter);
  return file;
}
