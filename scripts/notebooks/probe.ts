/** The runner's end of the channel to kernelProbe.js, the launcher inside the kernel process. */
import type { Duplex } from 'node:stream';

export interface Measurement {
  /** `tf.memory().numTensors`; absent while TensorFlow.js is not loaded. */
  readonly tensors?: number;
  readonly peakMemoryBytes?: number;
}

/** What was thrown: in one line, and as Node prints it, with its stack. */
export interface Raised {
  readonly summary: string;
  readonly text: string;
}

/** A rejection that nobody handled or an exception outside of any cell's own run. */
export interface LateFailure extends Raised {
  readonly late: 'rejection' | 'exception';
  /** Number of the cell that started it, 0 when that cannot be told. */
  readonly cell: number;
}

export interface CellEnd extends Measurement {
  /** Whether the cell was compiled and started. */
  readonly ran?: boolean;
  readonly raised?: Raised;
}

type Answer = CellEnd & {
  readonly pending?: boolean;
  readonly code?: string;
  readonly syntaxError?: boolean;
};

/** The cells that a kernel will run, and the file that keeps what the compiler said of them; without one nothing is kept. */
export interface RememberedCells {
  readonly file?: string;
  /** `raises`: is expected to, so that what it declares does not exist for the cells after it. */
  readonly cells: readonly { readonly source: string; readonly raises: boolean }[];
}

export class Probe {
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  #id = 0;
  #rest = '';
  #closed = false;
  #markBound: () => void = () => undefined;
  /** Resolves when the kernel has bound all its sockets. */
  readonly bound = new Promise<void>((resolve) => (this.#markBound = resolve));
  /** Late failures that were reported and not yet taken. */
  readonly late: LateFailure[] = [];

  constructor(private readonly channel: Duplex) {
    channel.setEncoding('utf8');
    channel.on('data', (chunk: string) => this.#take(chunk));
    channel.on('error', () => this.close());
    channel.on('close', () => this.close());
  }

  /** Has the compiler ready, or what it said of these cells the last time. */
  async prepare({ file, cells }: RememberedCells): Promise<void> {
    await this.#ask({ ask: 'prepare', file, sources: cells.map(({ source }) => source) });
  }

  /** Keeps what the compiler said of the cells that ran for the next time. */
  async store(): Promise<void> {
    await this.#ask({ ask: 'store' });
  }

  /** A cell is about to run: late failures from now on are put down to it. */
  begin(cell: number): Promise<Measurement | undefined> {
    return this.#ask({ ask: 'begin', cell });
  }

  /** Every rejection of the cell that was due is in `late` when this resolves. */
  end(cell: number): Promise<CellEnd | undefined> {
    return this.#ask({ ask: 'end', cell });
  }

  /** Whether TypeScript cannot even parse this source. */
  async hasSyntaxError(source: string): Promise<boolean> {
    return (await this.#ask({ ask: 'syntax', source }))?.syntaxError === true;
  }

  /** Waits until no timer or pending read of a cell is left, at most so long. */
  drain(seconds: number): Promise<(Measurement & { readonly pending?: boolean }) | undefined> {
    return this.#ask({ ask: 'drain', seconds });
  }

  /** The JavaScript that tslab made of a cell, '' when it never ran. */
  async code(cell: number): Promise<string> {
    return (await this.#ask({ ask: 'code', cell }))?.code ?? '';
  }

  close(): void {
    this.#closed = true;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
    this.channel.destroy();
  }

  /** Resolves to undefined when the kernel is gone: its exit is noticed elsewhere. */
  #ask(question: object): Promise<Answer | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const id = ++this.#id;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.channel.write(`${JSON.stringify({ id, ...question })}\n`);
    });
  }

  #take(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as
        LateFailure | { readonly bound: true } | (Answer & { readonly id: number });
      if ('bound' in message) {
        this.#markBound();
      } else if ('late' in message) {
        this.late.push(message);
      } else {
        this.#waiting.get(message.id)?.(message);
        this.#waiting.delete(message.id);
      }
    }
  }
}
