/**
 * A thread of the grader's own for work on a student's text, one request after the other. It is given up when one takes
 * too long or too much memory: there are programs for which TypeScript's parser takes exponential time, or all memory.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What a request did to the thread, as a part of a sentence on it: `takes more than 2 seconds`. */
export class ThreadError extends Error {}

export class LimitedThread<Request, Reply> {
  readonly #file: string;
  readonly #megabytes: number;
  #worker: Promise<Worker> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param file posts one message when it is ready, and then one for each that it gets */
  constructor(file: string, megabytes: number) {
    this.#file = file;
    this.#megabytes = megabytes;
  }

  /** @throws ThreadError */
  ask(request: Request, seconds: number): Promise<Reply> {
    const reply = this.#last.then(() => this.#ask(request, seconds));
    this.#last = reply.catch(() => undefined);
    return reply;
  }

  async #ask(request: Request, seconds: number): Promise<Reply> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(`takes more than ${seconds} seconds`), 1000 * seconds);
    const exited = (): void => stop.abort('is too much');
    worker.once('exit', exited).ref();
    try {
      worker.postMessage(request);
      const [reply] = (await once(worker, 'message', { signal: stop.signal })) as [Reply];
      return reply;
    } catch (error) {
      this.#worker = undefined;
      await worker.terminate();
      const isFull = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      if (stop.signal.aborted && !isFull) throw new ThreadError(String(stop.signal.reason));
      throw new ThreadError(isFull ? 'needs too much memory' : 'is too much');
    } finally {
      clearTimeout(timer);
      // Idle, it does not keep the process alive.
      worker.off('exit', exited).unref();
    }
  }

  async #start(): Promise<Worker> {
    const worker = new Worker(this.#file, {
      execArgv: ['-r', join(__dirname, '..', '..', 'typescript.js')],
      resourceLimits: { maxOldGenerationSizeMb: this.#megabytes },
    });
    await once(worker, 'message');
    // Between two requests nobody else listens.
    worker.on('error', () => (this.#worker = undefined));
    return worker;
  }
}
