/**
 * The machine is a worker of a page: threads are workers within it, where the page is cross-origin isolated. The
 * browser build (scripts/browserBuild.ts) puts this file in the place of `node.ts`, and the kernels into it.
 */
import { EnvironmentError } from '../errors';
import type { Platform, ThreadKind, WorkerPort } from './platform';

/** The kernels' modules by name, in hexadecimal: what the build defines. */
declare const CONVLAB_KERNELS: Readonly<Record<string, string>>;

/** What a worker has around it, as far as it is used here. */
interface WorkerScope {
  readonly name: string;
  readonly crossOriginIsolated?: boolean;
  readonly location: { readonly href: string };
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

declare const self: WorkerScope;

/** By its name a thread knows what it is, since it has the same script as the worker that started it. */
export const THREAD_NAMES: Readonly<Record<ThreadKind, string>> = {
  engine: 'convlab engine thread',
  augment: 'convlab augment thread',
};

/** Whether memory can be shared with workers, and there can be workers within this one. */
export const hasThreads = (): boolean => self.crossOriginIsolated === true && typeof Worker === 'function';

/**
 * Where a page is not isolated, browsers hide the constructor of shared memory; WebAssembly can still make some. It cannot
 * be sent to other threads, and need not be.
 */
export function uncoverSharedMemory(): void {
  if (typeof SharedArrayBuffer === 'function' || typeof WebAssembly === 'undefined') return;
  try {
    const memory = new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true });
    (globalThis as { SharedArrayBuffer: unknown }).SharedArrayBuffer = memory.buffer.constructor;
  } catch {
    // An old browser, of which the engine says what is missing.
  }
}

let serveHere: ((port: WorkerPort) => void) | undefined;

/** Says what the engine's thread does, for one that is none of its own: it runs in this worker, between messages. */
export function serveWith(serve: (port: WorkerPort) => void): void {
  serveHere = serve;
}

export const platform: Platform = {
  cores: () => (hasThreads() ? navigator.hardwareConcurrency : 1),
  threadsSetting: () => undefined,
  startWorker(kind, listener) {
    if (!hasThreads()) {
      let onMessage: (message: unknown) => void = () => undefined;
      serveHere?.({
        listen: (listen) => void (onMessage = listen),
        post: (message) => listener.onMessage(message),
      });
      // After the caller has noted that it waits for an answer.
      return {
        post: (message) => queueMicrotask(() => onMessage(message)),
        keepAlive: () => undefined,
        end: () => Promise.resolve(),
      };
    }
    const worker = new Worker(self.location.href, { name: THREAD_NAMES[kind] });
    worker.addEventListener('message', ({ data }) => listener.onMessage(data));
    worker.addEventListener('error', (event) => {
      // Else it would fail this worker, too.
      event.preventDefault();
      const why = event.message ?? 'it was not started';
      listener.onEnd(new EnvironmentError('NO_THREADS', `${kind}: a worker thread failed: ${why}`));
    });
    return {
      post: (message) => worker.postMessage(message),
      keepAlive: () => undefined,
      end: () => Promise.resolve(worker.terminate()),
    };
  },
  workerPort: () => ({
    listen: (onMessage) => self.addEventListener('message', ({ data }) => onMessage(data)),
    post: (message) => self.postMessage(message),
  }),
  giveWay: () => undefined,
  // Not by a timer, which browsers make wait for four milliseconds.
  turn: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    }),
  readModule: (name) =>
    Uint8Array.from(CONVLAB_KERNELS[name].match(/../g) ?? [], (byte) => parseInt(byte, 16)),
  allowRelaxedSimd: () => undefined,
};
