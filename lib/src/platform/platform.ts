/** What the engine needs of the machine it runs on: all that is not plain JavaScript and WebAssembly. */

export interface Platform {
  /** How many threads can run at the same time. */
  cores(): number;
  /** How many threads an engine is to have, as the user has set it (CONVLAB_THREADS), unread; undefined if not at all. */
  threadsSetting(): string | undefined;
  /** Starts the engine's worker script in a thread of its own, which waits for its first message. */
  startWorker(listener: WorkerListener): WorkerThread;
  /** In that script: the connection to the code that started the thread. @throws Error elsewhere */
  workerPort(): WorkerPort;
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
