/** Which TensorFlow.js backend runs here, and why. */
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { checkOneOf } from '../check';
import { mendAvgPoolGrad } from './avgPoolGrad';
import { borrowKernels } from './borrowedKernels';
import { mendMaxPoolGrad } from './maxPoolGrad';
import { mendResizeGrads } from './resizeGrad';
import { mendSamePadding } from './samePadding';
import { checkWhole, requireLate, tensorflow, type TensorFlow } from './tensorflow';
import { loadTfjsNode, NotInstalled } from './tfjsNode';
import { registerConv2dBackpropFilter } from './wasmConv2dBackpropFilter';

/** From the fastest to the one that works everywhere. */
const names = ['tensorflow', 'wasm', 'cpu'] as const;

export type BackendName = (typeof names)[number];

export interface Backend {
  /** `tensorflow`: the C library, through tfjs-node; `wasm`: WebAssembly; `cpu`: plain JavaScript. */
  readonly name: BackendName;
  /** Why this backend was chosen, in one sentence. */
  readonly reason: string;
  /** What computes, and its version: `TensorFlow 2.9.1`. */
  readonly version: string;
  /** How many threads it computes with. */
  readonly threads: number;
}

let inUse: Backend | undefined;
/** Settles after the latest call. TensorFlow.js starts one backend at a time: a second one would make the first fail. */
let latest: Promise<unknown> = Promise.resolve();

/**
 * Makes TensorFlow.js use the fastest backend that works here: `@tensorflow/tfjs-node` where it is installed and
 * works, else WebAssembly, whose binaries come with the package (nothing is downloaded). Every backend trains CNNs.
 * Nothing is printed. A second call keeps the backend in use and returns at once.
 *
 * @param wanted the name of a backend, instead of the fastest that works. Where it is not given, the environment variable
 *   CONVLAB_BACKEND may name one
 * @throws Error when the backend asked for by name does not work here; it says why
 * @throws EnvironmentError when `@tensorflow/tfjs` is not installed
 * @example const { name, reason } = await useBackend();
 */
export async function useBackend(wanted: 'auto' | BackendName = 'auto'): Promise<Backend> {
  checkOneOf('useBackend', 'wanted', wanted, ['auto', ...names]);
  checkWhole('useBackend');
  const chosen = latest.then(() => choose(wanted));
  latest = chosen.catch(() => undefined);
  return chosen;
}

async function choose(wanted: 'auto' | BackendName): Promise<Backend> {
  const tf = tensorflow();
  const current = inUse;
  if (current && current.name === tf.getBackend() && (wanted === 'auto' || wanted === current.name)) {
    return current;
  }
  const forced = wanted === 'auto' ? backendOfEnvironment() : wanted;
  const failures: string[] = [];
  for (const name of forced ? [forced] : names) {
    const failure = await tryBackend(tf, name);
    if (failure === undefined) {
      const asked = wanted === 'auto' ? 'CONVLAB_BACKEND asks for it' : 'asked for by name';
      const reason = forced ? asked : [...failures, virtues[name]].join('; ');
      inUse = { name, reason, ...computing(tf, name) };
      return inUse;
    }
    failures.push(failure);
  }
  const source = forced && wanted === 'auto' ? `CONVLAB_BACKEND is '${forced}', but ` : '';
  throw new Error(`useBackend: ${source}${failures.join('; ')}`);
}

function backendOfEnvironment(): BackendName | undefined {
  const { CONVLAB_BACKEND: given } = process.env;
  if (given === undefined || given === '' || given === 'auto') return undefined;
  checkOneOf('useBackend', 'CONVLAB_BACKEND', given, names);
  return given;
}

/** The backend that {@link useBackend} chose, if it has been called and nobody has changed the backend since. */
export function backendInUse(): Backend | undefined {
  return inUse && inUse.name === tensorflow().getBackend() ? inUse : undefined;
}

const virtues: Readonly<Record<BackendName, string>> = {
  tensorflow: "TensorFlow's C library is the fastest backend",
  wasm: 'WebAssembly is the fastest backend that needs no installation',
  cpu: 'plain JavaScript works everywhere',
};

function computing(tf: TensorFlow, name: BackendName): Pick<Backend, 'version' | 'threads'> {
  if (name !== 'tensorflow') return { version: `TensorFlow.js ${tf.version_core}`, threads: 1 };
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  // TensorFlow's own choice, which tfjs-node does not change.
  return { version: `TensorFlow ${binding.TF_Version}`, threads: availableParallelism() };
}

/** Switches to the backend; when that fails, says why and leaves the earlier one in use. */
async function tryBackend(tf: TensorFlow, name: BackendName): Promise<string | undefined> {
  const before = tf.getBackend();
  try {
    if (name === 'tensorflow') loadTfjsNode(packages.tensorflow);
    if (name === 'wasm') loadWasm(tf);
    if (name === 'cpu') mendCpu(tf);
    const set = await withoutNewExitListeners(() => tf.setBackend(name));
    if (!set) throw new Error('it does not start');
    withoutDeprecations(() => probe(tf));
    return undefined;
  } catch (error) {
    if (before) await tf.setBackend(before);
    return `${packages[name]} ${error instanceof NotInstalled ? 'is not installed' : `does not work here (${firstLine(error)})`}`;
  }
}

const packages: Readonly<Record<BackendName, string>> = {
  tensorflow: '@tensorflow/tfjs-node',
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs-backend-cpu',
};

function loadWasm(tf: TensorFlow): void {
  const wasm = requireLate('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void };
  const packageFile = requireLate.resolve('@tensorflow/tfjs-backend-wasm/package.json');
  // Once the backend runs, the folder cannot be set again, and need not be.
  if (tf.getBackend() !== 'wasm') wasm.setWasmPaths(join(dirname(packageFile), 'dist') + sep);
  registerConv2dBackpropFilter(tf);
  borrowKernels(tf);
  mendSamePadding(tf);
  mendMaxPoolGrad(tf);
  mendAvgPoolGrad(tf, 'wasm');
}

function mendCpu(tf: TensorFlow): void {
  mendAvgPoolGrad(tf, 'cpu');
  mendResizeGrads(tf);
}

/**
 * Runs `start` and removes the listeners that Emscripten's start-up code adds to the process: they rethrow late
 * exceptions and rejections, which would end a notebook's kernel instead of being reported by it.
 */
async function withoutNewExitListeners<T>(start: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as never)));
  try {
    return await start();
  } finally {
    events.forEach((event, i) => {
      for (const listener of process.listeners(event as never) as ((...args: unknown[]) => void)[]) {
        const fromEmscripten = /ExitStatus|throw reason/.test(String(listener));
        if (fromEmscripten && !before[i].has(listener)) process.removeListener(event, listener);
      }
    });
  }
}

/** tfjs-node 4.22 calls functions that Node 22 deprecates; Node warns only at the first call of each. */
function withoutDeprecations(run: () => void): void {
  const before = process.noDeprecation;
  process.noDeprecation = true;
  try {
    run();
  } finally {
    process.noDeprecation = before;
  }
}

/**
 * Computes a convolution and its gradient, small enough to check by hand: a native library may load, and fail as soon as
 * it computes.
 */
function probe(tf: TensorFlow): void {
  const found = tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const kernelGradient = tf.grad((kernel) => tf.conv2d(x, kernel as Tensor4D, 1, 'valid').sum());
    return [...kernelGradient(tf.ones([2, 2, 1, 1])).dataSync()];
  });
  if (found.join() !== '1,2,3,4')
    throw new Error(`the gradient of a convolution is ${found.join()}, not 1,2,3,4`);
}

/** What went wrong, in one line: the messages of native loaders have many. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
