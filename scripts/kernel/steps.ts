/** What a `for await` at the top level of a cell goes through, step by step; `yielding.ts` has the loop. */
import { inspect } from 'node:util';

type Step = () => Promise<IteratorResult<unknown>>;

/** An iterator of functions that begin the next step. Leaving it before the last step closes what it goes through. */
class Steps implements IterableIterator<Step> {
  #isOver = false;
  #closing: Promise<unknown> | undefined;

  constructor(private readonly iterator: AsyncIterator<unknown>) {}

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

export function stepsOf(iterable: unknown): Steps {
  const source = Object(iterable) as AsyncIterable<unknown> | Iterable<unknown>;
  if (Symbol.asyncIterator in source) return new Steps(source[Symbol.asyncIterator]());
  if (Symbol.iterator in source) return new Steps(awaited(source));
  throw new TypeError(`for await: ${inspect(iterable)} is not iterable`);
}

async function* awaited(values: Iterable<unknown>): AsyncGenerator<unknown> {
  for (const value of values) yield await value;
}
