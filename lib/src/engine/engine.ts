/** The engine as its users see it: a model's weights in shared memory, trained and run by worker threads. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { shown } from '../check';
import { platform } from '../platform/node';
import { threadCount } from '../threadCount';
import { RunState } from './run/runState';
import type { Images, Job, Outcome } from './run/job';
import { checkSurroundings, sharedMemory } from './surroundings';
import { compileKernels } from './kernels/kernels';
import { type Network, readLayers, Unsupported } from './layers/readLayers';
import type { Parameter, Plan } from './plan/plan';
import { PREDICT_GROUP } from './plan/plan';
import { planNetwork } from './plan/lowering';
import { SharedCopy } from './threads/sharedImages';
import { WorkerPool } from './threads/pool';
import type { Engine, EngineOptions, PredictOptions, TrainRun } from './types';
import { readWeight, signature, weightSize, writeWeight } from './plan/parameters';

/** WebAssembly's addresses have 32 bits. */
const MOST_PAGES = 65536;

/** Numbers that are NaN or infinite: of a step, of which nothing stays, or in an output. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError';

  constructor(
    readonly what: 'step' | 'image',
    /** Of the step or image in the run, from 0. */
    readonly index: number,
    /** Where it began: `first in the output of layer conv2d_1`. */
    readonly where: string,
  ) {
    const failure =
      what === 'step' ? `the numbers of step ${index} are not` : `the output for image ${index} is not`;
    super(`engine: ${failure} finite, ${where}`);
  }
}

/** What `gradients` returns, for checks. */
export interface Gradients {
  readonly loss: number;
  /** ∂loss/∂weight in the order and shapes of `model.getWeights()`; 0 for what is not trained. */
  readonly gradients: Float32Array[];
}

/**
 * An engine for this model with its present weights.
 *
 * @param options as `train` has checked them
 * @throws Unsupported when the model has something that the engine cannot run
 */
export function createEngine(model: Sequential, options: EngineOptions): SimdEngine {
  const network = readLayers(model);
  return new SimdEngine(
    network,
    model.getWeights().map((weight) => weight.dataSync() as Float32Array),
    options,
  );
}

export class SimdEngine implements Engine {
  readonly threads: number;
  /** Whether multiply-adds are fused, as `fast` asks where the machine can: bits may then differ between machines. */
  readonly fused: boolean;
  readonly plan: Plan;
  private readonly memory: WebAssembly.Memory;
  private readonly floats: Float32Array;
  private readonly state: RunState;
  private readonly pool: WorkerPool;
  private readonly copy: SharedCopy;

  /** @throws EnvironmentError when this machine cannot run it, or has not the memory */
  constructor(
    network: Network,
    /** In the order of `network.weights`. */
    weights: readonly Float32Array[],
    private readonly options: EngineOptions,
  ) {
    checkSurroundings();
    this.copy = new SharedCopy();
    this.threads = options.threads ?? threadCount(platform.threadsSetting(), platform.cores());
    this.state = RunState.create(this.threads);
    // Starting the workers takes longest; their job is prepared in the meantime.
    this.pool = new WorkerPool(this.threads, this.state.barrier);
    try {
      const { batchSize, loss, labelSmoothing, optimizer, average, seed } = options;
      const plan = planNetwork(network, { batchSize, loss, threads: this.threads });
      if (plan.pages > MOST_PAGES) {
        const gigabytes = ((plan.pages * 65536) / 2 ** 30).toFixed(1);
        throw new Unsupported(
          `a step of ${batchSize} images takes ${gigabytes} GiB, and WebAssembly has no more than 4`,
        );
      }
      const { module, fast } = compileKernels(options.fast ?? false);
      const memory = sharedMemory(plan.pages);
      [this.plan, this.fused, this.memory] = [plan, fast, memory];
      this.floats = new Float32Array(memory.buffer);
      const words = new Int32Array(memory.buffer);
      for (const { at, values } of plan.constants) words.set(values, at / 4);
      new Float64Array(memory.buffer, plan.counters, 3).set([0, 1, 1]);
      this.writeWeights(weights);
      const runOptions = { loss, labelSmoothing, optimizer, average, seed };
      this.pool.setUp({ plan, kernels: module, memory, state: this.state.shared, options: runOptions });
    } catch (error) {
      void this.pool.end();
      throw error;
    }
  }

  async train(run: TrainRun): ReturnType<Engine['train']> {
    const { images, labels, order, learningRates, signal, onProgress } = run;
    const size = this.checkImages('train', images);
    const count = images.length / size;
    this.checkLabels('train', labels, count);
    if (order.length === 0) throw new RangeError('engine.train: order is empty, expected at least one image');
    const outside = order.find((index) => !(index >= 0 && index < count));
    if (outside !== undefined) {
      throw new RangeError(
        `engine.train: order holds ${outside}, expected indices below the ${count} images`,
      );
    }
    const steps = Math.ceil(order.length / this.options.batchSize);
    if (learningRates.length !== steps) {
      throw new RangeError(`engine.train: ${learningRates.length} learning rates for ${steps} steps`);
    }
    const wrong = learningRates.findIndex((rate) => !Number.isFinite(rate));
    if (wrong >= 0) {
      throw new RangeError(`engine.train: the learning rate of step ${wrong} is ${learningRates[wrong]}`);
    }
    if (signal?.aborted) return { steps: 0, loss: NaN, accuracy: NaN, aborted: true };
    this.checkIdle();
    const { state } = this;
    state.reset();
    const abort = (): void => state.abort();
    signal?.addEventListener('abort', abort);
    const progress = (done: number): { loss: number; accuracy: number } => {
      const seen = Math.min(order.length, done * this.options.batchSize);
      return { loss: state.totals[0] / seen, accuracy: state.totals[1] / seen };
    };
    let failure: Error | undefined;
    const report = (): void => {
      const step = state.step;
      if (step === 0 || failure !== undefined) return;
      try {
        onProgress?.({ step, steps, ...progress(step) });
      } catch (error) {
        // The caller's own error: end the run, then pass it on.
        failure = error instanceof Error ? error : new Error(String(error));
        state.abort();
      }
    };
    const timer = onProgress && setInterval(report, 100);
    try {
      const ordered = new Uint8Array(new SharedArrayBuffer(order.length));
      order.forEach((index, i) => (ordered[i] = labels[index]));
      const rates = new Float32Array(new SharedArrayBuffer(4 * steps));
      rates.set(learningRates);
      const outcome = await this.run(images, order, (laid) => {
        return { kind: 'train', images: laid, labels: ordered, learningRates: rates };
      });
      if (failure !== undefined) throw failure;
      return { steps: outcome.steps, ...progress(outcome.steps), aborted: outcome.steps < steps };
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * The mean loss of these images, at most a batch, and its gradients, as a training step would compute them. All
   * weights stay as they are. For checks.
   */
  async gradients(images: Float32Array, labels: Uint8Array): Promise<Gradients> {
    const size = this.checkImages('gradients', images);
    const count = images.length / size;
    this.checkLabels('gradients', labels, count);
    if (!(count >= 1 && count <= this.options.batchSize)) {
      throw new RangeError(`engine.gradients: ${count} images, expected 1 to ${this.options.batchSize}`);
    }
    this.checkIdle();
    this.state.reset();
    const learningRates = new Float32Array(1);
    await this.run(images, null, (laid) => ({ kind: 'gradients', images: laid, labels, learningRates }));
    const gradients = this.plan.weights.map((place) =>
      place.parameter.trainable
        ? readWeight(this.floats, place, ({ gradient }) => gradient)
        : new Float32Array(weightSize(place)),
    );
    return { loss: this.state.totals[0] / count, gradients };
  }

  async predict(images: Float32Array, o: PredictOptions = {}): Promise<Float32Array> {
    const size = this.checkImages('predict', images);
    const count = images.length / size;
    const averaged = this.checkAveraged('predict', o.averaged);
    if (count === 0) return new Float32Array(0);
    this.checkIdle();
    this.state.reset();
    const outputs = new Float32Array(new SharedArrayBuffer(4 * count * this.plan.classes));
    const { scores = false, onProgress } = o;
    const groups = Math.ceil(count / PREDICT_GROUP);
    const report = (): void => {
      const begun = this.state.barrier.begun(groups);
      onProgress?.(Math.min(count, Math.max(0, begun - this.threads) * PREDICT_GROUP));
    };
    const timer = onProgress && setInterval(report, 100);
    try {
      await this.run(images, null, (laid) => ({ kind: 'predict', images: laid, averaged, scores, outputs }));
    } finally {
      clearInterval(timer);
    }
    return outputs.slice();
  }

  readWeights(o: { averaged?: boolean } = {}): Float32Array[] {
    this.checkIdle();
    const averaged = this.checkAveraged('readWeights', o.averaged);
    const address = (parameter: Parameter): number =>
      averaged && parameter.trainable ? parameter.average : parameter.weights;
    return this.plan.weights.map((place) => readWeight(this.floats, place, address));
  }

  /** Sets the weights, and their averages to the same; the optimizer's state stays. */
  writeWeights(weights: readonly Float32Array[]): void {
    this.checkIdle();
    const places = this.plan.weights;
    if (weights.length !== places.length) {
      throw new RangeError(`engine.writeWeights: ${weights.length} weights, expected ${places.length}`);
    }
    places.forEach((place, i) => {
      if (weights[i].length !== weightSize(place)) {
        const expected = `${weightSize(place)} for shape ${shown(place.shape)}`;
        throw new RangeError(
          `engine.writeWeights: weight ${i} has ${weights[i].length} numbers, expected ${expected}`,
        );
      }
    });
    places.forEach((place, i) => {
      writeWeight(this.floats, place, (parameter) => parameter.weights, weights[i]);
      const { weights: from, average: to, floats } = place.parameter;
      this.floats.copyWithin(to / 4, from / 4, from / 4 + floats);
    });
  }

  saveState(): Uint8Array {
    this.checkIdle();
    const head = this.stateHead();
    const { stateFrom, stateTo } = this.plan;
    const state = new Uint8Array(head.length + stateTo - stateFrom);
    state.set(head);
    state.set(new Uint8Array(this.memory.buffer, stateFrom, stateTo - stateFrom), head.length);
    return state;
  }

  restoreState(state: Uint8Array): void {
    this.checkIdle();
    const head = this.stateHead();
    const { stateFrom, stateTo } = this.plan;
    const fits =
      state.length === head.length + stateTo - stateFrom && head.every((byte, i) => byte === state[i]);
    if (!fits) {
      throw new RangeError(
        'engine.restoreState: the state is of another network, optimizer or version, or not complete',
      );
    }
    new Uint8Array(this.memory.buffer, stateFrom, stateTo - stateFrom).set(state.subarray(head.length));
  }

  dispose(): Promise<void> {
    return this.pool.end();
  }

  /** One job on all threads, with these images in this order. */
  private async run(
    images: Float32Array,
    order: Int32Array | null,
    job: (images: Images) => Job,
  ): Promise<Outcome> {
    const { height, width, channels } = this.plan.input;
    const count = order ? order.length : images.length / (height * width * channels);
    const asked = job({ pixels: this.copy.of(images), order, count });
    const outcome = await this.pool.run(asked);
    const { notFinite } = outcome;
    if (notFinite) {
      const what = asked.kind === 'predict' ? 'image' : 'step';
      throw new NotFiniteError(what, notFinite.index, notFinite.where);
    }
    return outcome;
  }

  private stateHead(): Uint8Array {
    const text = new TextEncoder().encode(signature(this.plan, this.options.optimizer.kind));
    const head = new Uint8Array(Math.ceil((text.length + 1) / 8) * 8);
    head.set(text);
    return head;
  }

  private checkIdle(): void {
    if (this.pool.busy) throw new Error('engine: it is running; wait for that run to end');
  }

  private checkAveraged(callee: string, averaged = false): boolean {
    if (averaged && !this.options.average) {
      throw new Error(`engine.${callee}: no averages are kept; the engine was made without \`average\``);
    }
    return averaged;
  }

  /** The numbers of one image. */
  private checkImages(callee: string, images: Float32Array): number {
    const { height, width, channels } = this.plan.input;
    const size = height * width * channels;
    if (!(images instanceof Float32Array) || images.length % size !== 0) {
      throw new RangeError(
        `engine.${callee}: images have ${images?.length} numbers, expected a multiple of ` +
          `${height}·${width}·${channels} = ${size}`,
      );
    }
    return size;
  }

  private checkLabels(callee: string, labels: Uint8Array, count: number): void {
    if (labels.length !== count) {
      throw new RangeError(`engine.${callee}: ${labels.length} labels for ${count} images`);
    }
    // `train` has checked them, but here an invalid label would be an address outside of the scores.
    const wrong = labels.findIndex(
      (label) => !(Number.isInteger(label) && label >= 0 && label < this.plan.classes),
    );
    if (wrong >= 0) {
      const expected = `a class below ${this.plan.classes}`;
      throw new RangeError(
        `engine.${callee}: the label of image ${wrong} is ${labels[wrong]}, expected ${expected}`,
      );
    }
  }
}
