/** Has the cells of notebooks compiled before their kernels are started, by few compilers that stay loaded. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { YOUNG_GENERATION } from './kernelspec';
import type { RememberedCells } from './probe';

/** Without its input a compiler ends by itself, but not before it has compiled what it is at. */
const alive = new Set<Worker>();
process.on('exit', () => {
  for (const worker of alive) worker.close();
});

export class CompileAhead {
  #workers: Worker[] = [];
  #closed = false;

  /** @param most how many compilers may work side by side for notebooks of one folder */
  constructor(
    private readonly most: number,
    /** Notebooks still to come: a compiler holds half a gigabyte, and goes when the last one is compiled. */
    private expected: number,
  ) {}

  /**
   * Resolves when the cells are compiled, or cannot be here: their kernel will then do it itself.
   * @param kernel `tslab` or `jslab`
   */
  async compile(kernel: string, folder: string, cells: RememberedCells): Promise<void> {
    if (this.#closed || cells.file === undefined) return;
    const fitting = this.#workers.filter((worker) => worker.kernel === kernel && worker.folder === folder);
    const idle = fitting.find((worker) => worker.waiting === 0);
    const worker =
      idle ??
      (fitting.length < this.most
        ? this.#start(kernel, folder)
        : fitting.reduce((least, next) => (next.waiting < least.waiting ? next : least)));
    await worker.compile(cells);
    if (--this.expected === 0) this.close();
  }

  close(): void {
    this.#closed = true;
    for (const worker of this.#workers) worker.close();
  }

  #start(kernel: string, folder: string): Worker {
    // Notebooks come folder by folder: who has nothing left to do elsewhere is not needed again.
    const done = this.#workers.filter((other) => other.waiting === 0 && other.folder !== folder);
    for (const other of done) other.close();
    this.#workers = this.#workers.filter((other) => !done.includes(other));
    const worker = new Worker(kernel, folder);
    this.#workers.push(worker);
    return worker;
  }
}

class Worker {
  readonly #process: ChildProcess;
  readonly #waiting: (() => void)[] = [];
  #gone = false;

  constructor(
    readonly kernel: string,
    readonly folder: string,
  ) {
    const script = join(__dirname, 'compileWorker.js');
    const main = require.resolve('tslab/dist/main.js');
    const language = kernel === 'jslab' ? 'javascript' : 'typescript';
    // What is wrong with a compiler is said by the kernel, which then has to start its own.
    this.#process = spawn(process.execPath, [YOUNG_GENERATION, script, main, language], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#process.stdin?.on('error', () => this.close());
    this.#process.on('error', () => this.close());
    this.#process.on('exit', () => this.close());
    alive.add(this);
    createInterface({ input: this.#process.stdout as Readable }).on('line', () => this.#waiting.shift()?.());
  }

  /** How many notebooks it has still to compile. */
  get waiting(): number {
    return this.#waiting.length;
  }

  async compile({ file, cells }: RememberedCells): Promise<void> {
    if (this.#gone) return;
    this.#process.stdin?.write(`${JSON.stringify({ file, cells })}\n`);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#gone = true;
    alive.delete(this);
    this.#process.kill();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
