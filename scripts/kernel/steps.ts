/** What a `for await` at the top level of a cell goes through, step by step; `yielding.ts` has the loop. */
import { inspect } from 'node:util';

type Step = () => Promise<IteratorResult<unknown>>;

/** An iterator of functions that begin the next step. Leaving it before the last step closes what it goes through. */
class Steps implements IterableIterator<Step> {
  #isOver = false;
  #closing: Promise<unknown> | undefined;

  /** @param stop aborted when the cell is stopped */
  constructor(
    private readonly iterator: AsyncIterator<unknown>,
    private readonly stop: AbortSignal,
  ) {}

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Step> {
    return { done: false, value: () => this.#step() };
  }

  return(): IteratorResult<Step> {
    if (!this.#isOver) {
      this.#closing = Promise.resolve(this.iterator.return?.());
      // Nobody waits for it in a cell that was stopped.
      this.#closing.catch(() => undefined);
    }
    return { done: true, value: undefined };
  }

  /** The loop was left by an error. It is told even if closing fails as well. */
  failed(): void {
    this.#closing = this.#closing?.catch(() => undefined);
  }

  /** Whether the cell has to wait. A stopped cell does not: nothing would resume it, and its `finally` blocks must run. */
  isClosing(): boolean {
    return this.#closing !== undefined && !this.stop.aborted;
  }

  /** Once what was left has been closed. */
  closed(): Promise<unknown> | undefined {
    return this.#closing;
  }

  /** What has ended, or failed, needs no closing. */
  async #step(): Promise<IteratorResult<unknown>> {
    try {
      const step = await this.iterator.next();
      this.#isOver = step.done === true;
      return step;
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }
}

export function stepsOf(iterable: unknown, stop: AbortSignal): Steps {
  const source = Object(iterable) as AsyncIterable<unknown> | Iterable<unknown>;
  if (Symbol.asyncIterator in source) return new Steps(source[Symbol.asyncIterator](), stop);
  if (Symbol.iterator in source) return new Steps(awaited(source), stop);
  throw new TypeError(`for await: ${inspect(iterable)} is not iterable`);
}

async function* awaited(values: Iterable<unknown>): AsyncGenerator<unknown> {
  for (const value of values) yield await value;
}
