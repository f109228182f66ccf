/** Kernels started ahead of need, so that their start, and the TypeScript compiler's, overlaps the work. */
import { Kernel, StartError } from './kernel';
import type { KernelCommand } from './kernelspec';

/** What a notebook needs: which kernel, in which folder. */
export interface Wanted {
  readonly command: KernelCommand;
  readonly folder: string;
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
   */
  constructor(
    private readonly wanted: readonly Wanted[],
    private readonly ahead: number,
    private readonly startupSeconds: number,
  ) {
    this.#fill();
  }

  /** The kernel for notebook `index`, usually started long before. @throws StartError */
  take(index: number): Promise<Started> {
    const started = this.#starting.get(index) ?? this.start(this.wanted[index]);
    this.#starting.delete(index);
    this.#next = Math.max(this.#next, index + 1);
    this.#fill();
    return started;
  }

  /**
   * A new kernel for another try of the same notebook; one that dies at its start is restarted once. @throws StartError
   */
  async start({ command, folder }: Wanted): Promise<Started> {
    const attempt = () => Kernel.start(command, folder, this.startupSeconds);
    try {
      return { kernel: await attempt(), notes: [] };
    } catch (error) {
      if (!(error instanceof StartError) || !error.died || this.#closed) throw error;
      const kernel = await attempt();
      return { kernel, notes: [`the kernel died at start (${error.message}) and was started again`] };
    }
  }

  /** Kills the kernels that nobody took. */
  async close(): Promise<void> {
    this.#closed = true;
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
      // Whoever takes the kernel gets the error; until then it does not count as unhandled.
      started.catch(() => undefined);
      this.#starting.set(index, started);
    }
  }
}
