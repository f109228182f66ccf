/** The engine's machine is Node: worker threads, and files that `npm run build` has put next to the compiled engine. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { parentPort, Worker } from 'node:worker_threads';
import { checkBuilt, readRecord } from '../built';
import { EnvironmentError } from '../errors';
import type { Platform } from './platform';

/** The build's, also when this file runs from source, as in tests. */
const folder = join(__dirname, __filename.endsWith('.ts') ? '../../dist/engine' : '../engine');

/** The build from which this process has loaded the engine. */
const loadedBuild = readRecord()?.id;
let checked = false;

/**
 * Where `npm run build` puts what the engine needs at run time.
 *
 * @throws Error if it is not there, if a source is newer, or if it was built again after this process loaded
 *   its part: the two might misunderstand each other and wait for each other forever
 */
function builtFile(name: string): string {
  if (!checked) checkBuilt();
  checked = true;
  const path = join(folder, name);
  if (!existsSync(path)) {
    throw new EnvironmentError(
      'NOT_BUILT',
      `engine: ${path} is missing; run \`npm run build\`, or, where a bundler has left it behind, keep convlab out of the bundle`,
    );
  }
  if (readRecord()?.id !== loadedBuild) {
    throw new EnvironmentError(
      'NOT_BUILT',
      'engine: convlab was rebuilt after this process loaded it; restart the kernel',
    );
  }
  return path;
}

function newWorker(path: string): Worker {
  try {
    return new Worker(path, { execArgv: [] });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_ACCESS_DENIED') throw cause;
    throw new EnvironmentError(
      'NO_THREADS',
      `engine: worker threads are forbidden here (${message}); node needs --allow-worker`,
      { cause },
    );
  }
}

/**
 * A message in an envelope. Deno searches what a thread receives for message ports, in typed arrays number by number:
 * tens of seconds and gigabytes for a data set, each time. It does not look into a map.
 */
type Envelope = ReadonlyMap<'message', unknown>;
const enclosed = (message: unknown): Envelope => new Map([['message', message]]);
const opened = (envelope: Envelope): unknown => envelope.get('message');

export const platform: Platform = {
  cores: availableParallelism,
  threadsSetting: () => process.env.CONVLAB_THREADS,
  startWorker(listener) {
    const worker = newWorker(builtFile('threads/worker.js'));
    worker.on('message', (envelope: Envelope) => listener.onMessage(opened(envelope)));
    worker.on('error', (error) =>
      listener.onEnd(new Error(`engine: a worker thread failed: ${error.message}`, { cause: error })),
    );
    worker.on('exit', (code) => listener.onEnd(new Error(`engine: a worker thread ended with code ${code}`)));
    worker.unref();
    return {
      post: (message) => worker.postMessage(enclosed(message)),
      keepAlive: (alive) => (alive ? worker.ref() : worker.unref()),
      end: async () => void (await worker.terminate()),
    };
  },
  workerPort() {
    const port = parentPort;
    if (!port) throw new Error('engine/threads/worker.js is a worker thread’s script');
    return {
      listen: (onMessage) => void port.on('message', (envelope: Envelope) => onMessage(opened(envelope))),
      post: (message) => port.postMessage(enclosed(message)),
    };
  },
  readModule: (name) => readFileSync(builtFile(`kernels/${name}`)),
  allowRelaxedSimd() {
    // Later versions of Node have it as is.
    if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  },
};
