/** A page's engine: it lives in a worker of its own, so that the page never stands still. */
import type { Network } from '../engine/layers/readLayers';
import type { EngineOptions } from '../engine/types';
import { EnvironmentError } from '../errors';
import { ABORT, type Augmentation, errorOf, type Reply, type Request, type Trained } from './messages';

/** The text of the worker's script (`host.ts`): what the build defines. */
declare const CONVLAB_HOST: string;

type Progress = (progress: {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
}) => void;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: Progress | undefined;
  /** What the caller's own function threw: it ends the run, and is passed on. */
  failure?: unknown;
}

export class PageEngine {
  private waiting: Waiting | undefined;
  private ended: Error | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly address: string,
  ) {
    worker.addEventListener('message', ({ data }) => this.hear(data as Reply));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.end(
        new EnvironmentError(
          'NO_THREADS',
          event.message
            ? `engine: its worker failed: ${event.message}`
            : "engine: its worker was not started; a page's Content-Security-Policy needs worker-src blob:",
        ),
      );
    });
    worker.addEventListener('messageerror', () =>
      this.end(new EnvironmentError('NO_SHARED_MEMORY', 'engine: memory cannot be sent to its worker')),
    );
  }

  /** How many threads it has; 1 where the page is not cross-origin isolated. */
  threads = 1;

  /**
   * @throws EnvironmentError when there are no workers, no WebAssembly or too little memory
   * @throws Unsupported as the engine
   */
  static async start(
    network: Network,
    weights: readonly Float32Array[],
    options: EngineOptions,
  ): Promise<PageEngine> {
    const engine = startWorker();
    try {
      engine.threads = (await engine.ask({ kind: 'open', network, weights, options })) as number;
      return engine;
    } catch (error) {
      engine.dispose();
      throw error;
    }

    function startWorker(): PageEngine {
      if (typeof Worker === 'undefined') {
        throw new EnvironmentError('NO_THREADS', 'engine: there are no workers here, in which it runs');
      }
      const address = URL.createObjectURL(new Blob([CONVLAB_HOST], { type: 'text/javascript' }));
      try {
        return new PageEngine(new Worker(address), address);
      } catch (cause) {
        URL.revokeObjectURL(address);
        throw new EnvironmentError(
          'NO_THREADS',
          `engine: its worker was refused (${(cause as Error).message}); a page's Content-Security-Policy needs worker-src blob:`,
          { cause },
        );
      }
    }
  }

  /** Sends the images that the next passes are to train on. */
  async hold(images: Float32Array): Promise<void> {
    await this.ask({ kind: 'images', name: 'training', images });
  }

  /** Sends images that are changed anew for each epoch. */
  async augment(augmentation: Augmentation): Promise<void> {
    await this.ask({ kind: 'augment', ...augmentation });
  }

  /** Makes those of the next epoch the images that the next pass is to train on. */
  async holdNextEpoch(): Promise<void> {
    await this.ask({ kind: 'nextEpoch' });
  }

  /** One pass over `order`, of the images that it holds. What `signal` stops keeps its weights. */
  async train(
    run: Omit<Extract<Request, { kind: 'train' }>, 'kind' | 'images'>,
    signal?: AbortSignal,
    onProgress?: Progress,
  ): Promise<Trained> {
    if (signal?.aborted) return { steps: 0, loss: NaN, accuracy: NaN, aborted: true };
    const abort = (): void => this.worker.postMessage(ABORT);
    signal?.addEventListener('abort', abort);
    try {
      return (await this.ask({ kind: 'train', images: 'training', ...run }, onProgress)) as Trained;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async predict(
    images: Float32Array,
    o: { readonly averaged: boolean; readonly scores: boolean },
  ): Promise<Float32Array> {
    await this.ask({ kind: 'images', name: 'predicted', images });
    return (await this.ask({ kind: 'predict', images: 'predicted', ...o })) as Float32Array;
  }

  readWeights(averaged: boolean): Promise<Float32Array[]> {
    return this.ask({ kind: 'weights', averaged }) as Promise<Float32Array[]>;
  }

  /** Gives its memory and its threads back. */
  dispose(): void {
    this.end(new Error('engine: it was disposed of'));
  }

  private ask(request: Request, onProgress?: Progress): Promise<unknown> {
    if (this.ended) return Promise.reject(this.ended);
    if (this.waiting) return Promise.reject(new Error('engine: it is running; wait for that run to end'));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject, onProgress };
      this.worker.postMessage(request);
    });
  }

  private hear(reply: Reply): void {
    const { waiting } = this;
    if (!waiting) return;
    if ('progress' in reply) {
      if ('failure' in waiting) return;
      try {
        waiting.onProgress?.(reply.progress);
      } catch (error) {
        waiting.failure = error;
        this.worker.postMessage(ABORT);
      }
      return;
    }
    this.waiting = undefined;
    if ('failure' in waiting) waiting.reject(waiting.failure);
    else if ('error' in reply) waiting.reject(errorOf(reply.error));
    else waiting.resolve(reply.answer);
  }

  private end(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    // Its threads end with it.
    this.worker.terminate();
    URL.revokeObjectURL(this.address);
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}
