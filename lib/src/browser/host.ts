/**
 * The script of the worker that holds a page's engine, and of its threads, those that augment included: bundled into the
 * page's module as text.
 *
 * Where the page is not cross-origin isolated, the engine's one thread is this worker itself. A run then goes on in
 * slices, between which the worker hears whether to stop and tells how far it is.
 */
import { imagesAhead, serveImages } from '../data/augmentAhead';
import { SimdEngine } from '../engine/engine';
import { serve } from '../engine/threads/serve';
import { shareImages } from '../shareImages';
import { hasThreads, platform, serveWith, THREAD_NAMES, uncoverSharedMemory } from '../platform/browser';
import { ABORT, plainError, type Reply, type Request, type Trained } from './messages';

/** How long a slice may take, in milliseconds; and how often the page is told of progress. */
const SLICE_MS = 50;
const PROGRESS_MS = 100;

type TrainRequest = Extract<Request, { kind: 'train' }>;

const port = platform.workerPort();
const reply = (message: Reply): void => port.post(message);
const images = new Map<string, Float32Array>();
let engine: SimdEngine;
let batchSize: number;
let augmented: ReturnType<typeof imagesAhead> | undefined;
let training: AbortController | undefined;

async function answer(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'open': {
      const { network, weights, options } = request;
      batchSize = options.batchSize;
      engine = new SimdEngine(network, weights, { ...options, ...(!hasThreads() && { threads: 1 }) });
      return engine.threads;
    }
    case 'images':
      images.set(request.name, shareImages(request.images));
      return undefined;
    case 'augment': {
      const { dataset, limits, seed, epochs } = request;
      augmented = imagesAhead(dataset, limits, seed, 1, epochs);
      return undefined;
    }
    case 'nextEpoch': {
      const made = await augmented?.next();
      if (made?.value) images.set('training', made.value);
      return undefined;
    }
    case 'train':
      training = new AbortController();
      return hasThreads() ? train(request, training.signal) : trainInSlices(request, training.signal);
    case 'predict':
      return engine.predict(imagesOf(request), { averaged: request.averaged, scores: request.scores });
    case 'weights':
      return engine.readWeights({ averaged: request.averaged });
  }
}

function imagesOf({ images: name }: { readonly images: string }): Float32Array {
  return images.get(name) ?? new Float32Array(0);
}

function train(request: TrainRequest, signal: AbortSignal): Promise<Trained> {
  return engine.train({
    ...request,
    images: imagesOf(request),
    signal,
    onProgress: ({ step, loss, accuracy }) => reply({ progress: { step, loss, accuracy } }),
  });
}

/** The same steps, a few at a time: state and numbers go on from run to run, to the bit. */
async function trainInSlices(request: TrainRequest, signal: AbortSignal): Promise<Trained> {
  const { labels, order, learningRates } = request;
  const pixels = imagesOf(request);
  const steps = learningRates.length;
  const sums = { loss: 0, correct: 0 };
  let done = 0;
  let told = performance.now();
  let size = 1;
  const means = () => {
    const seen = Math.min(order.length, done * batchSize);
    return { loss: sums.loss / seen, accuracy: sums.correct / seen };
  };
  while (done < steps && !signal.aborted) {
    const end = Math.min(steps, done + size);
    const part = order.subarray(done * batchSize, end * batchSize);
    const start = performance.now();
    const slice = await engine
      .train({ images: pixels, labels, order: part, learningRates: learningRates.subarray(done, end) })
      .catch((error: unknown) => {
        throw atStep(error, done);
      });
    sums.loss += slice.loss * part.length;
    sums.correct += Math.round(slice.accuracy * part.length);
    done = end;
    const now = performance.now();
    // At most twice as many as before: the first slice also waits for the compiler.
    size = Math.max(1, Math.min(2 * size, Math.floor((size * SLICE_MS) / (now - start))));
    if (now - told >= PROGRESS_MS) {
      told = now;
      reply({ progress: { step: done, ...means() } });
    }
    // Lets messages in.
    await platform.turn();
  }
  return { steps: done, ...means(), aborted: done < steps };
}

/** The error of a slice, its step counted from the beginning of the run. */
function atStep(error: unknown, before: number): unknown {
  const { name, what, index, where } = error as {
    name?: string;
    what?: 'step';
    index?: number;
    where?: string;
  };
  if (name !== 'NotFiniteError' || index === undefined) return error;
  return Object.assign(new Error(''), { name, what, index: index + before, where });
}

function listen(): void {
  uncoverSharedMemory();
  serveWith(serve);
  port.listen((message) => {
    if (message === ABORT) return training?.abort();
    answer(message as Request).then(
      (found) => reply({ answer: found }),
      (error: unknown) => reply({ error: plainError(error) }),
    );
  });
}

if (self.name === THREAD_NAMES.engine) serve(port);
else if (self.name === THREAD_NAMES.augment) serveImages();
else listen();
