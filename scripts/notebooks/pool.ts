/** Kernels started ahead of need, so that their start, and the TypeScript compiler's, overlaps the work. */
import type { CompileAhead } from './compileAhead';
import { Kernel, StartError } from './kernel';
import type { KernelCommand } from './kernelspec';
import type { RememberedCells } from './probe';

/** What a notebook needs: which kernel, in which folder, for which cells. */
export interface Wanted {
  readonly command: KernelCommand;
  readonly folder: string;
  readonly cells: RememberedCells;
}

export interface Started {
  readonly kernel: Kernel;
  readonly notes: readonly string[];
}

export class KernelPool {
  readonly #starting = new Map<number, Promise<Started>>();
  #next = 0;
  #closed = false;

  /**
   * @param wanted in the order in which they will be taken
   * @param ahead how many kernels may wait for their notebook
   * @param compileAhead who compiles cells before their kernel is started; without one each kernel does
   */
  constructor(
    private readonly wanted: readonly Wanted[],
    private readonly ahead: number,
    private readonly startupSeconds: number,
    private readonly compileAhead: CompileAhead | undefined,
  ) {
    this.#fill();
  }

  /** The kernel for notebook `index`, usually started long since. @throws StartError */
  take(index: number): Promise<Started> {
    const started = this.#starting.get(index) ?? this.start(this.wanted[index]);
    this.#starting.delete(index);
    this.#next = Math.max(this.#next, index + 1);
    this.#fill();
    return started;
  }

  /** One more, for a further try of the same notebook. One that dies at start is tried again once. @throws StartError */
  async start({ command, folder, cells }: Wanted): Promise<Started> {
    if (command.own) await this.compileAhead?.compile(command.name, folder, cells);
    const attempt = () => Kernel.start(command, folder, this.startupSeconds, cells);
    try {
      return { kernel: await attempt(), notes: [] };
    } catch (error) {
      if (!(error instanceof StartError) || !error.died || this.#closed) throw error;
      const kernel = await attempt();
      return { kernel, notes: [`the kernel died at start (${error.message}) and was started again`] };
    }
  }

  /** Kills those that nobody took. */
  async close(): Promise<void> {
    this.#closed = true;
    this.compileAhead?.close();
    const waiting = [...this.#starting.values()];
    this.#starting.clear();
    await Promise.all(
      waiting.map((started) => started.then(({ kernel }) => kernel.kill()).catch(() => undefined)),
    );
  }

  #fill(): void {
    while (!this.#closed && this.#next < this.wanted.length && this.#starting.size < this.ahead) {
      const index = this.#next++;
      const started = this.start(this.wanted[index]);
      // Whoever takes it hears of the error; until then it is not unhandled.
      started.catch(() => undefined);
      this.#starting.set(index, started);
    }
  }
}
