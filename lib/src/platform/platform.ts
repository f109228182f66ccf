/**
 * What the engine, and augmentation beside it, need of the machine they run on: all that is not plain JavaScript and
 * WebAssembly.
 */

/** What a thread does: train with the kernels, or change images. Also the first word of its errors. */
export type ThreadKind = 'engine' | 'augment';

export interface Platform {
  /** How many threads can run at the same time. */
  cores(): number;
  /** How many threads an engine is to have, as the user has set it (CONVLAB_THREADS), unread; undefined if not at all. */
  threadsSetting(): string | undefined;
  /**
   * Starts a thread of a kind, which waits for its first message.
   *
   * @throws EnvironmentError with the code NO_THREADS where threads are forbidden
   */
  startWorker(kind: ThreadKind, listener: WorkerListener): WorkerThread;
  /** In that thread: the connection to the code that started it. @throws Error elsewhere */
  workerPort(): WorkerPort;
  /** In that thread: from now on it takes the processor time that others leave, where a thread can be told so. */
  giveWay(): void;
  /** Resolves when whatever else waits in this thread has had its turn. */
  turn(): Promise<void>;
  /** A WebAssembly module of the build, such as `kernels.wasm`. @throws Error when it is missing or outdated */
  readModule(name: string): Uint8Array<ArrayBuffer>;
  /** Turns relaxed SIMD on where it is behind a flag; until the first such module is compiled. */
  allowRelaxedSimd(): void;
}

export interface WorkerListener {
  onMessage(message: unknown): void;
  /** The thread has failed or ended; may be called more than once. */
  onEnd(error: Error): void;
}

export interface WorkerThread {
  post(message: unknown): void;
  /** Whether the thread keeps the process alive. It does not at first. */
  keepAlive(alive: boolean): void;
  /** Resolves when it has ended. */
  end(): Promise<void>;
}

export interface WorkerPort {
  listen(onMessage: (message: unknown) => void): void;
  post(message: unknown): void;
}
