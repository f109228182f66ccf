/**
 * A student's process: started behind its protections, asked one thing at a time, and killed with all that belongs to it
 * as soon as it takes too long, says too much, or is no longer needed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { isRunning } from '../../replaceFile';
import type { Limits, SandboxName } from '../grade/job';
import { studentCommand } from './command';
import type { Message } from './inside/room';

const FOLDER = 'convlab-homework-';

/** Why there is no answer: `why` is the end of a sentence on the program. */
export interface Stopped {
  readonly stopped: 'too long' | 'failed';
  readonly why: string;
}

/** A line of JSON that is not to be trusted, or none. */
export type Line = { readonly line: string } | Stopped;

export interface StudentProcess {
  /** Also the number of its process group. */
  readonly pid: number;
  /** Puts a question. After an answer that is no line the process has ended. */
  ask(message: Message, seconds: number): Promise<Line>;
  /** Kills it, and waits until it is gone. */
  close(): Promise<void>;
}

/**
 * @param view the folder that the process may read
 * @throws the system's error if it cannot be started
 */
export async function startStudent(
  sandbox: SandboxName,
  view: string,
  limits: Limits,
  main?: string,
): Promise<StudentProcess> {
  removeLeftOvers();
  const home = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`));
  try {
    return new Student(await spawned(sandbox, view, home, limits, main), home, limits);
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

async function spawned(
  sandbox: SandboxName,
  view: string,
  home: string,
  limits: Limits,
  main?: string,
): Promise<ChildProcess> {
  const { file, args, filter } = studentCommand(sandbox, view, home, limits, main);
  const descriptor = filter === undefined ? undefined : openSync(filter, 'r');
  try {
    const child = spawn(file, args, {
      cwd: home,
      // `sh` looks for bwrap; inside there is no environment at all, and Node needs none.
      env: sandbox === 'bubblewrap' ? { PATH: process.env.PATH } : {},
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...(descriptor === undefined ? [] : [descriptor])],
      // A process group of its own, so that all of it can be killed at once.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    await once(child, 'spawn');
    return child;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

let isTidy = false;

/** Removes the folders of graders that were killed. */
function removeLeftOvers(): void {
  if (isTidy) return;
  isTidy = true;
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(FOLDER) ? /^\d+(?=-)/.exec(name.slice(FOLDER.length))?.[0] : undefined;
    if (owner !== undefined && !isRunning(Number(owner))) {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

class Student implements StudentProcess {
  readonly #child: ChildProcess;
  readonly #home: string;
  readonly #limits: Limits;
  readonly #gone: Promise<unknown>;
  /** What came in of the line that is being read. */
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #printedBytes = 0;
  /** The end of what it printed as an error: how Node says that memory is full. */
  #lastWords = '';
  #pending: ((line: Line) => void) | undefined;
  #ended: Line | undefined;

  constructor(child: ChildProcess, home: string, limits: Limits) {
    this.#child = child;
    this.#home = home;
    this.#limits = limits;
    this.#gone = new Promise((resolve) => child.once('close', resolve));
    child.on('exit', (code, signal) => this.#end({ stopped: 'failed', why: this.#howItEnded(code, signal) }));
    child.on('error', () => undefined);
    const [input, output, errors, answers] = child.stdio.slice(0, 4) as [
      Writable,
      Readable,
      Readable,
      Readable,
    ];
    // A process that has ended reads no more.
    input.on('error', () => undefined);
    output.on('data', (chunk: Buffer) => this.#printed(chunk));
    errors.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString('latin1')).slice(-5000);
      this.#printed(chunk);
    });
    answers.on('data', (chunk: Buffer) => this.#receive(chunk));
    for (const stream of [output, errors, answers]) stream.on('error', () => undefined);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  async ask(message: Message, seconds: number): Promise<Line> {
    if (this.#ended) return this.#ended;
    let timer: NodeJS.Timeout | undefined;
    const line = await new Promise<Line>((resolve) => {
      this.#pending = resolve;
      timer = setTimeout(
        () => this.#end({ stopped: 'too long', why: `takes more than ${secondsText(seconds)}` }),
        1000 * seconds,
      );
      this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
    });
    clearTimeout(timer);
    return line;
  }

  async close(): Promise<void> {
    this.#end({ stopped: 'failed', why: 'has been ended' });
    await this.#gone;
    rmSync(this.#home, { recursive: true, force: true });
  }

  #printed(chunk: Buffer): void {
    this.#printedBytes += chunk.length;
    if (this.#printedBytes > this.#limits.outputBytes) {
      this.#end({ stopped: 'failed', why: `prints more than ${this.#limits.outputBytes} bytes` });
    }
  }

  #receive(chunk: Buffer): void {
    if (this.#ended) return;
    if (this.#pending === undefined) {
      this.#end({ stopped: 'failed', why: 'writes to the channel without being asked' });
      return;
    }
    const end = chunk.indexOf(0x0a);
    const part = end < 0 ? chunk : chunk.subarray(0, end);
    this.#receivedBytes += part.length;
    if (this.#receivedBytes > this.#limits.answerBytes) {
      this.#end({ stopped: 'failed', why: `answers with more than ${this.#limits.answerBytes} bytes` });
      return;
    }
    this.#received.push(part);
    if (end < 0) return;
    const line = Buffer.concat(this.#received).toString('utf8');
    this.#received = [];
    this.#receivedBytes = 0;
    this.#settle({ line });
    if (end + 1 < chunk.length) this.#receive(chunk.subarray(end + 1));
  }

  #settle(line: Line): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.(line);
  }

  #end(line: Line): void {
    if (this.#ended === undefined) {
      this.#ended = line;
      killAll(this.#child);
    }
    this.#settle(this.#ended);
  }

  #howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
    if (/out of memory|bad_alloc/i.test(this.#lastWords)) {
      return `needs more than ${this.#limits.memoryMegabytes} MB of memory`;
    }
    if (signal === 'SIGXCPU') return `computes for more than ${secondsText(this.#limits.totalSeconds)}`;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    return `ends its own process, ${how}, before it has answered`;
  }
}

/** Its whole process group; in a PID namespace the rest dies with its first process. */
function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

function secondsText(seconds: number): string {
  return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
}
