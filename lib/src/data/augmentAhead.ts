/**
 * The augmented images of one epoch after another: while an epoch is in use, worker threads make the images of the next.
 * They take blocks of images from a counter in shared memory, and whoever waits for the images takes blocks, too. So it
 * works without any thread, and a thread that gets no core holds nobody up for longer than a block takes.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { checkBuilt } from '../built';
import { shareImages } from '../shareImages';
import { threadCount } from '../threadCount';
import type { Dataset } from './dataset';
import { changer, type AugmentOptions, type Changes } from './randomChanges';

/** The images of an epoch to be made; all of it is in shared memory. */
export interface AugmentJob extends Changes {
  /** How many images. */
  readonly size: number;
  /** How many blocks have been begun, and how many are finished. */
  readonly counters: Int32Array;
}

const BEGUN = 0;
const FINISHED = 1;

/** Images in a block: about a millisecond's work. */
const BLOCK = 64;
/** Fewer images take less time than threads take to start. */
const FEWEST_FOR_THREADS = 2000;
/** For how many milliseconds the main thread works before it lets others have a turn. */
const TURN = 10;

/**
 * Makes blocks of images until all have been begun, or `enough`.
 *
 * @returns whether the last block was finished here
 */
export function makeImages(job: AugmentJob, enough: () => boolean = () => false): boolean {
  const { size, counters } = job;
  const change = changer(job);
  while (!enough()) {
    const from = Atomics.add(counters, BEGUN, 1) * BLOCK;
    if (from >= size) break;
    change(from, Math.min(from + BLOCK, size));
    const finished = Atomics.add(counters, FINISHED, 1) + 1;
    if (finished * BLOCK >= size) return true;
  }
  return false;
}

/**
 * Gives the images of the epochs `firstEpoch` … `lastEpoch`. Those of one are valid until the next are asked for: there
 * is room for two epochs, the one in use and the one being made.
 */
export async function* imagesAhead(
  dataset: Dataset,
  limits: AugmentOptions,
  seed: number,
  firstEpoch: number,
  lastEpoch: number,
): AsyncGenerator<Float32Array, void, void> {
  const { size, imageShape, images } = dataset;
  const workers = size < FEWEST_FOR_THREADS ? [] : startWorkers();
  try {
    const source = workers.length === 0 ? images : shareImages(images);
    const rooms = [0, 1].map(() => new Float32Array(new SharedArrayBuffer(images.byteLength)));
    const begin = (epoch: number): Making => {
      const counters = new Int32Array(new SharedArrayBuffer(8));
      const target = rooms[epoch % 2];
      return new Making({ source, target, imageShape, size, limits, epoch, seed, counters }, workers);
    };
    let making = begin(firstEpoch);
    for (let epoch = firstEpoch; epoch <= lastEpoch; epoch++) {
      const made = await making.whole();
      if (epoch < lastEpoch) making = begin(epoch + 1);
      yield made;
    }
  } finally {
    for (const worker of workers) void worker.terminate();
  }
}

/** The work on one epoch. */
class Making {
  private readonly byWorkers: Promise<void>;

  constructor(
    private readonly job: AugmentJob,
    private readonly workers: readonly Worker[],
  ) {
    this.byWorkers = new Promise((resolve, reject) => {
      for (const worker of workers) {
        worker.removeAllListeners();
        worker.once('message', () => resolve());
        worker.once('error', (cause) => {
          reject(new Error(`augment: a worker thread failed: ${cause.message}`, { cause }));
        });
        worker.once('exit', (code) => {
          reject(new Error(`augment: a worker thread ended with code ${code}`));
        });
        worker.postMessage(job);
      }
    });
    // Whether it has failed is asked later.
    this.byWorkers.catch(() => undefined);
  }

  /** Helps until all images are made. */
  async whole(): Promise<Float32Array> {
    const { job, workers } = this;
    if (job.size === 0) return job.target;
    while (Atomics.load(job.counters, BEGUN) * BLOCK < job.size) {
      const end = performance.now() + TURN;
      if (makeImages(job, () => performance.now() >= end)) return job.target;
      await setImmediate();
    }
    // Workers that idle do not keep the process alive, but these have a block to finish.
    for (const worker of workers) worker.ref();
    await this.byWorkers;
    for (const worker of workers) worker.unref();
    return job.target;
  }
}

/** One for each core but this thread's own, as far as threads are allowed here. */
function startWorkers(): Worker[] {
  const count = threadCount(process.env.CONVLAB_THREADS, availableParallelism()) - 1;
  checkBuilt();
  // The build's, also when this file runs from source, as in tests.
  const script = join(__dirname, __filename.endsWith('.ts') ? '../../dist/data' : '.', 'augmentWorker.js');
  try {
    return Array.from({ length: count }, () => {
      const worker = new Worker(script, { execArgv: [] });
      worker.unref();
      return worker;
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED') return [];
    throw error;
  }
}
