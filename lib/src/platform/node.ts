/** The machine is Node: worker threads, and files that `npm run build` has put beside this one. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { parentPort, Worker } from 'node:worker_threads';
import { checkBuilt, readRecord } from '../built';
import { EnvironmentError } from '../errors';
import type { Platform, ThreadKind } from './platform';

/** The build's, also when this file runs from source, as in tests. */
const folder = join(__dirname, __filename.endsWith('.ts') ? '../../dist' : '..');

const SCRIPTS: Readonly<Record<ThreadKind, string>> = {
  engine: 'engine/threads/worker.js',
  augment: 'data/augmentWorker.js',
};

/** The build from which this process has loaded the engine. */
const loadedBuild = readRecord()?.id;
let checked = false;

/**
 * Where `npm run build` puts what is needed at run time.
 *
 * @throws Error if it is not there, if a source is newer, or if it was built again after this process loaded
 *   its part: the two might misunderstand each other and wait for each other forever
 */
function builtFile(user: ThreadKind, name: string): string {
  if (!checked) checkBuilt();
  checked = true;
  const path = join(folder, name);
  if (!existsSync(path)) {
    throw new EnvironmentError(
      'NOT_BUILT',
      `${user}: ${path} is missing; run \`npm run build\`, or, where a bundler has left it behind, keep convlab out of the bundle`,
    );
  }
  if (readRecord()?.id !== loadedBuild) {
    throw new EnvironmentError(
      'NOT_BUILT',
      `${user}: convlab was rebuilt after this process loaded it; restart the kernel`,
    );
  }
  return path;
}

function newWorker(kind: ThreadKind): Worker {
  const path = builtFile(kind, SCRIPTS[kind]);
  try {
    return new Worker(path, { execArgv: [] });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_ACCESS_DENIED') throw cause;
    throw new EnvironmentError(
      'NO_THREADS',
      `${kind}: worker threads are forbidden here (${message}); node needs --allow-worker`,
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
  startWorker(kind, listener) {
    const worker = newWorker(kind);
    worker.on('message', (envelope: Envelope) => listener.onMessage(opened(envelope)));
    worker.on('error', (error) =>
      listener.onEnd(new Error(`${kind}: a worker thread failed: ${error.message}`, { cause: error })),
    );
    worker.on('exit', (code) =>
      listener.onEnd(new Error(`${kind}: a worker thread ended with code ${code}`)),
    );
    worker.unref();
    return {
      post: (message) => worker.postMessage(enclosed(message)),
      keepAlive: (alive) => (alive ? worker.ref() : worker.unref()),
      end: async () => void (await worker.terminate()),
    };
  },
  workerPort() {
    const port = parentPort;
    if (!port) throw new Error('this is a worker thread’s script');
    return {
      listen: (onMessage) => void port.on('message', (envelope: Envelope) => onMessage(opened(envelope))),
      post: (message) => port.postMessage(enclosed(message)),
    };
  },
  giveWay() {
    // On Linux a priority is a thread's own; elsewhere it would be the process's.
    if (process.platform === 'linux') setPriority(10);
  },
  turn: () => setImmediate(),
  readModule: (name) => readFileSync(builtFile('engine', `engine/kernels/${name}`)),
  allowRelaxedSimd() {
    // Later versions of Node have it as is.
    if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  },
};
