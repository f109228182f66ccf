/**
 * The augmented images of one epoch after another: while an epoch is in use, worker threads make the images of the next.
 * They take blocks of images from a counter in shared memory, and whoever waits for the images takes blocks, too. So it
 * works without any thread, and a thread that gets no core holds nobody up for longer than a block takes.
 */
import { EnvironmentError } from '../errors';
import { platform } from '../platform/node';
import type { WorkerThread } from '../platform/platform';
import { canShare, sharedBuffer, sharedPixels, shareImages } from '../shareImages';
import { threadCount } from '../threadCount';
import type { Dataset } from './dataset';
import { changer, type AugmentOptions, type Changes } from './randomChanges';

/** The images of an epoch to be made; where threads help, all of it is in shared memory. */
interface AugmentJob extends Changes {
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
function makeImages(job: AugmentJob, enough: () => boolean = () => false): boolean {
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

/** What a thread does: it makes images of one job after another, and says so when it has finished the last of one. */
export function serveImages(): void {
  // The threads that train wait for each other, and must not be held up.
  platform.giveWay();
  const port = platform.workerPort();
  port.listen((job) => {
    if (makeImages(job as AugmentJob)) port.post('finished');
  });
}

/**
 * Gives the images of the epochs `firstEpoch` … `lastEpoch`. Those of one are valid until the next are asked for: there
 * is room for two epochs, the one in use and the one being made.
 */
export async function* imagesAhead(
  dataset: Pick<Dataset, 'images' | 'imageShape' | 'size'>,
  limits: AugmentOptions,
  seed: number,
  firstEpoch: number,
  lastEpoch: number,
): AsyncGenerator<Float32Array, void, void> {
  const { size, imageShape, images } = dataset;
  const helpers = new Helpers(size < FEWEST_FOR_THREADS ? 0 : threadsBesideThis());
  try {
    const source = helpers.count === 0 ? images : shareImages(images);
    // Also the engine's threads, which read them in place.
    const rooms = [0, 1].map(() => sharedPixels(images.length));
    const begin = (epoch: number): AugmentJob => {
      const counters = new Int32Array(sharedBuffer(8));
      const target = rooms[epoch % 2];
      const job = { source, target, imageShape, size, limits, epoch, seed, counters };
      helpers.begin(job);
      return job;
    };
    let job = begin(firstEpoch);
    for (let epoch = firstEpoch; epoch <= lastEpoch; epoch++) {
      await whole(job, helpers);
      const { target } = job;
      if (epoch < lastEpoch) job = begin(epoch + 1);
      yield target;
    }
  } finally {
    helpers.end();
  }
}

/** Helps until all images of a job are made. */
async function whole(job: AugmentJob, helpers: Helpers): Promise<void> {
  const { size, counters } = job;
  while (Atomics.load(counters, BEGUN) * BLOCK < size) {
    const end = performance.now() + TURN;
    if (makeImages(job, () => performance.now() >= end)) return;
    await platform.turn();
  }
  if (size > 0) await helpers.finished();
}

/** The threads that make images beside this one. */
class Helpers {
  private readonly threads: readonly WorkerThread[];
  private atWork: Promise<void> = Promise.resolve();
  private resolve = (): void => undefined;
  private reject: (error: Error) => void = () => undefined;

  constructor(count: number) {
    this.threads = this.start(count);
  }

  get count(): number {
    return this.threads.length;
  }

  /** None, where threads are forbidden. */
  private start(count: number): WorkerThread[] {
    const listener = { onMessage: () => this.resolve(), onEnd: (error: Error) => this.reject(error) };
    try {
      return Array.from({ length: count }, () => platform.startWorker('augment', listener));
    } catch (error) {
      if (error instanceof EnvironmentError && error.code === 'NO_THREADS') return [];
      throw error;
    }
  }

  /** The job before it has to be finished. */
  begin(job: AugmentJob): void {
    this.atWork = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whether it has failed is asked later.
    this.atWork.catch(() => undefined);
    for (const thread of this.threads) thread.post(job);
  }

  /** When they have finished the blocks that they have begun. */
  async finished(): Promise<void> {
    // Idle threads do not keep the process alive, but these have a block to finish.
    for (const thread of this.threads) thread.keepAlive(true);
    try {
      await this.atWork;
    } finally {
      for (const thread of this.threads) thread.keepAlive(false);
    }
  }

  end(): void {
    for (const thread of this.threads) void thread.end();
  }
}

/** One for each core but this thread's own, where memory can be shared with them. */
function threadsBesideThis(): number {
  if (!canShare()) return 0;
  return threadCount(platform.threadsSetting(), platform.cores()) - 1;
}
