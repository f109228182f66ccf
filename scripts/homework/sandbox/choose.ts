/** Which sandbox this machine has, found by trying, and what it protects from. */
import { spawnSync } from 'node:child_process';
import { defaultLimits, type SandboxName } from '../grade/job';
import { startStudent, type StudentProcess } from './process';
import { processFilter } from './seccomp';
import { studentView } from './view';

export interface Sandbox {
  readonly name: SandboxName;
  /** What holds, and what does not, in whole sentences. */
  readonly protections: readonly string[];
  /** Whether nothing is missing. */
  readonly isComplete: boolean;
}

const START_SECONDS = 60;

/** Bubblewrap where it works, Node's permission model elsewhere. @throws Error when neither does */
export async function chooseSandbox(): Promise<Sandbox> {
  const reason = await whyNot('bubblewrap');
  if (reason === undefined) return bubblewrapSandbox();
  const nodeReason = await whyNot('node');
  if (nodeReason !== undefined) {
    throw new Error(`No sandbox works here. Bubblewrap: ${reason}. Node's permission model: ${nodeReason}.`);
  }
  return nodeSandbox(reason);
}

/** Why a sandbox does not work on this machine; undefined if it does. */
export async function whyNot(name: SandboxName): Promise<string | undefined> {
  if (name === 'bubblewrap') {
    if (process.platform !== 'linux') return 'it is there for Linux only';
    if (spawnSync('bwrap', ['--version']).error) return 'it is not installed';
  }
  const view = await studentView();
  let student: StudentProcess;
  try {
    student = await startStudent(name, view, defaultLimits);
  } catch (error) {
    return `a process in it cannot be started: ${(error as Error).message}`;
  }
  try {
    const ready = await student.ask({ do: 'start', without: [] }, START_SECONDS);
    if (!('line' in ready)) return `a process in it ${ready.why}`;
    return ready.line === '{"done":true}' ? undefined : `a process in it answers ${ready.line}`;
  } finally {
    await student.close();
  }
}

const always = [
  'Each submission runs in its own process with an empty environment and an empty folder.',
  'It is stopped at its limits of time, heap, answers and output.',
  'Tests, right answers and the seed stay outside of it.',
];

function bubblewrapSandbox(): Sandbox {
  const hasFilter = processFilter() !== undefined;
  return {
    name: 'bubblewrap',
    protections: [
      'Submissions run in bubblewrap: no network, no files but Node and convlab, which cannot be written, no sight of other processes.',
      hasFilter
        ? 'They can start no process and open no socket (seccomp).'
        : `Processes are held back by Node's permission model only: there is no filter of system calls for ${process.arch}.`,
      'All of their memory is limited, not only the heap.',
      ...always,
    ],
    isComplete: hasFilter,
  };
}

function nodeSandbox(reason: string): Sandbox {
  const limits =
    process.platform === 'linux'
      ? 'All of their memory is limited, not only the heap.'
      : 'Of their memory only the JavaScript heap is limited.';
  return {
    name: 'node',
    protections: [
      `Submissions run without bubblewrap (${reason}), in Node's permission model: no files but convlab, no processes, no threads.`,
      'THE NETWORK IS NOT CLOSED, and other processes of the same user are not out of reach: see notebooks/homework/THREATS.md.',
      limits,
      ...always,
    ],
    isComplete: false,
  };
}
