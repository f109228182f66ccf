/** Worker processes on this machine: each does one job at a time, and one that ends is replaced. */
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import type { Reply, Task } from './message';

/** What came of one try. */
export type Outcome = { readonly log: string; readonly worker: string } & (
  | { /** JSON. */ readonly value: string }
  | {
      readonly error: string;
      /** Its process ended, instead of answering. */
      readonly ended: boolean;
    }
);

/** The pool was closed before the job was done. */
export class PoolClosed extends Error {}

/** What a dying process prints, such as V8's report of a full heap. */
const LAST_WORDS_CHARACTERS = 5000;

export class Pool {
  readonly #kinds: string;
  readonly #threads: string;
  readonly #idle: Child[] = [];
  readonly #all = new Set<Child>();
  #isClosed = false;

  /**
   * @param kinds the file with the programs
   * @param size how many jobs will run at a time, which share the cores
   */
  constructor(kinds: string, size: number) {
    this.#kinds = kinds;
    this.#threads = String(Math.max(1, Math.floor(availableParallelism() / size)));
  }

  /**
   * Does a job in a process that is idle, or in a new one.
   *
   * @throws PoolClosed
   */
  async run(task: Task, onProgress: (text: string) => void): Promise<Outcome> {
    if (this.#isClosed) throw new PoolClosed('the pool is closed');
    const child = this.#idle.pop() ?? this.#start();
    const outcome = await child.run(task, onProgress);
    if (this.#isClosed) throw new PoolClosed('the pool was closed');
    if (child.isAlive) this.#idle.push(child);
    else this.#all.delete(child);
    return outcome;
  }

  /** Ends all processes at once. */
  close(): void {
    this.#isClosed = true;
    for (const child of this.#all) child.kill();
  }

  #start(): Child {
    const child = new Child(this.#kinds, this.#threads);
    this.#all.add(child);
    return child;
  }
}

class Child {
  readonly #process: ChildProcess;
  readonly #name: string;
  #log = '';
  #lastWords = '';
  #ended: string | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;
  #onProgress: (text: string) => void = () => undefined;

  constructor(kinds: string, threads: string) {
    // No job needs to know the queue, whose URL may have a password.
    const environment: NodeJS.ProcessEnv = { CONVLAB_THREADS: threads, ...process.env };
    delete environment.CONVLAB_QUEUE;
    this.#process = fork(join(__dirname, 'child.ts'), [kinds], {
      execArgv: ['-r', join(__dirname, '..', 'typescript.js')],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: environment,
    });
    this.#name = `${hostname()}/${this.#process.pid}`;
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#lastWords = (this.#lastWords + chunk.toString('utf8')).slice(-LAST_WORDS_CHARACTERS);
      });
    }
    this.#process.on('message', (reply: Reply) => this.#receive(reply));
    this.#process.on('error', (error) => this.#end(`could not be started or asked: ${error.message}`));
    // After its pipes are read to their end.
    this.#process.on('close', (code, signal) =>
      this.#end(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    );
  }

  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  run(task: Task, onProgress: (text: string) => void): Promise<Outcome> {
    this.#log = '';
    this.#onProgress = onProgress;
    return new Promise((resolve) => {
      this.#settle = resolve;
      // It may have ended since its last job.
      if (this.#ended !== undefined) this.#end(this.#ended);
      else this.#process.send(task);
    });
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #receive(reply: Reply): void {
    if ('printed' in reply) this.#log += reply.printed;
    else if ('progress' in reply) this.#onProgress(reply.progress);
    else if ('value' in reply) this.#give({ value: reply.value, log: this.#log, worker: this.#name });
    else if ('threw' in reply) {
      this.#give({ error: reply.threw, ended: false, log: this.#log, worker: this.#name });
    }
  }

  #end(how: string): void {
    this.#ended ??= how;
    const log = this.#log + this.#lastWords;
    this.#give({ error: `its process ${this.#ended}`, ended: true, log, worker: this.#name });
  }

  #give(outcome: Outcome): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }
}
