/**
 * One batch, forward and backward, on one of the threads that share it. Whichever is free takes the next group
 * of images. A group gives the same numbers whichever takes it, and adds them to its own part of the gradients.
 */
import type { Images, RunOptions, TrainJob } from './job';
import type { RunState } from './runState';
import type { Kernels } from '../kernels/signatures';
import { LOSS } from '../kernels/signatures';
import type { Chunk } from './passes';
import { parametersOf, Passes } from './passes';
import type { NormalizationOperation, Operation, Plan, View } from '../plan/plan';
import { CHUNK } from '../plan/plan';

/** As the kernels number them. */
const LOSSES = {
  crossEntropy: LOSS.CROSS_ENTROPY,
  hinge: LOSS.HINGE,
  meanSquaredError: LOSS.SQUARED_ERROR,
} as const;

const IMAGES = 'the images hold a number that is not finite';

export class Batch {
  readonly passes: Passes;
  private readonly floats: Float32Array;
  private readonly labels: Int32Array;
  /** Indices of the batch normalisations among the operations. */
  private readonly boundaries: readonly number[];

  constructor(
    private readonly plan: Plan,
    private readonly kernels: Kernels,
    memory: WebAssembly.Memory,
    private readonly runState: RunState,
    private readonly thread: number,
    private readonly options: RunOptions,
  ) {
    this.passes = new Passes(plan, kernels, thread, options.seed);
    this.floats = new Float32Array(memory.buffer);
    this.labels = new Int32Array(memory.buffer, plan.labels, plan.batchSize);
    this.boundaries = plan.operations.flatMap(({ kind }, i) => (kind === 'normalization' ? [i] : []));
  }

  /** Does pieces 0 … count − 1 together with the other threads. */
  parallelFor(count: number, piece: (index: number) => void): void {
    this.runState.barrier.parallelFor(count, piece);
  }

  /**
   * Computes the losses of `images` images, which begin at `position` in the run, and their gradients, in the
   * groups' parts and the dense layers' tensors. All threads must pass a barrier before these are read.
   *
   * Without batch normalisation, each group goes all the way, forward and back. With it, every group must have reached
   * a normalisation before its statistics are known, and again on the way back.
   */
  run(job: TrainJob, position: number, images: number, step: number): void {
    const { plan, passes, kernels, boundaries } = this;
    const { operations } = plan;
    passes.batchImages = images;
    let from = 0;
    for (const boundary of boundaries) {
      const normalization = operations[boundary] as NormalizationOperation;
      const { x, sums } = normalization;
      this.groups(images, (group, chunks) => {
        const own = this.clearedSums(x.channels, sums, group);
        for (const chunk of chunks) {
          if (from === 0) this.load(job.images, position + chunk.first, chunk, job.labels);
          for (let i = from; i < boundary; i++) passes.forward(operations[i], chunk, step);
          const at = passes.at(x, chunk);
          kernels.normalizationSums(chunk.images, x.height, x.width, x.channels, at, x.image, x.row, own);
        }
      });
      this.alone(() => {
        const count = passes.normalizedCount(normalization);
        const { epsilon, momentum, statistics, movingMean, movingVariance } = normalization;
        kernels.normalizationTotal(this.groupCount(images), x.channels, sums);
        // prettier-ignore
        kernels.normalizationStatistics(
          x.channels, count, epsilon, momentum, sums, statistics, movingMean, movingVariance,
        );
        const moved = [movingMean, movingVariance];
        if (!moved.every((at) => kernels.allFinite(at, x.channels))) this.runState.fail(position);
      });
      from = boundary;
    }
    // From the last normalisation to the loss and back to it; then from one normalisation back to the one before.
    let top = operations.length;
    for (let b = boundaries.length; b >= 0; b--) {
      const bottom = b > 0 ? boundaries[b - 1] : -1;
      const normalization = b > 0 ? (operations[bottom] as NormalizationOperation) : null;
      const first = b === boundaries.length;
      this.groups(images, (group, chunks) => {
        const part = plan.parts + group * plan.partBytes;
        if (first) kernels.clear(part, plan.partBytes);
        const own = normalization
          ? this.clearedSums(normalization.x.channels, normalization.gradientSums, group)
          : 0;
        for (const chunk of chunks) {
          if (first) {
            if (from === 0) this.load(job.images, position + chunk.first, chunk, job.labels);
            for (let i = from; i < operations.length; i++) passes.forward(operations[i], chunk, step);
            this.loss(chunk, images);
          }
          for (let i = top - 1; i > bottom; i--) passes.backward(operations[i], chunk, step, part);
          if (normalization) this.gradientSums(normalization, chunk, own);
        }
      });
      if (normalization) {
        this.alone(() => {
          const { x, gradientSums, gamma, beta } = normalization;
          kernels.normalizationTotal(this.groupCount(images), x.channels, gradientSums);
          kernels.normalizationWeightGradient(x.channels, gradientSums, gamma.gradient, beta.gradient);
        });
        top = bottom + 1;
      }
    }
  }

  groupCount(images: number): number {
    return Math.ceil(images / this.plan.groupSize);
  }

  private groups(images: number, piece: (group: number, chunks: readonly Chunk[]) => void): void {
    const { groupSize } = this.plan;
    this.parallelFor(this.groupCount(images), (group) => {
      const chunks: Chunk[] = [];
      const end = Math.min(images, (group + 1) * groupSize);
      for (let first = group * groupSize; first < end; first += CHUNK) {
        chunks.push({ first, images: Math.min(CHUNK, end - first) });
      }
      piece(group, chunks);
    });
  }

  /** One thread's work, between barriers. */
  private alone(work: () => void): void {
    this.runState.barrier.wait();
    if (this.thread === 0) work();
    this.runState.barrier.wait();
  }

  /**
   * Copies the chunk's images, which begin at `position` in the run, to the network's memory; their labels too if
   * given.
   */
  load(images: Images, position: number, chunk: Chunk, labels?: Uint8Array): void {
    const { plan, floats, kernels } = this;
    const { input } = plan;
    const size = input.height * input.width * input.channels;
    const rowBytes = input.width * input.channels * 4;
    const bordered = input.row !== rowBytes;
    const staging = plan.staging + this.thread * plan.stagingBytes;
    const target = this.passes.at(input, chunk);
    for (let i = 0; i < chunk.images; i++) {
      const index = images.order ? images.order[position + i] : position + i;
      const pixels = images.pixels.subarray(index * size, (index + 1) * size);
      const at = target + i * input.image;
      floats.set(pixels, (bordered ? staging : at) / 4);
      if (bordered) {
        kernels.copy(1, input.height, rowBytes / 4, staging, 0, rowBytes, at, 0, input.row);
      }
      if (labels) this.labels[chunk.first + i] = labels[position + i];
    }
  }

  private loss(chunk: Chunk, images: number): void {
    const { plan, options } = this;
    const { output } = plan;
    const { image } = output;
    const z = this.passes.at(output, chunk);
    const dz = this.passes.gradientAt(output, chunk);
    const { first } = chunk;
    // prettier-ignore
    this.kernels.lossAndGradient(
      LOSSES[options.loss], chunk.images, plan.classes, z, image, dz, image,
      plan.labels + first * 4, plan.losses + first * 8, plan.correct + first * 4,
      options.labelSmoothing ?? 0, 1 / images,
    );
  }

  private clearedSums(channels: number, sums: number, group: number): number {
    const at = sums + group * channels * 16;
    this.kernels.clear(at, channels * 16);
    return at;
  }

  private gradientSums(operation: NormalizationOperation, chunk: Chunk, sums: number): void {
    const { x, y, statistics } = operation;
    // prettier-ignore
    this.kernels.normalizationGradientSums(
      chunk.images, x.height, x.width, x.channels, this.passes.at(x, chunk), x.image, x.row,
      this.passes.gradientAt(y, chunk), y.image, y.row, statistics, sums,
    );
  }

  /**
   * The first layer, in the order of the network, whose output has a NaN or an infinity for any image of the batch.
   * One thread looks for it after a loss that is not finite.
   */
  firstNotFinite(job: TrainJob, position: number, images: number, step: number): string {
    const { plan, passes } = this;
    const { operations } = plan;
    let found = operations.length;
    for (let first = 0; first < images; first += CHUNK) {
      const chunk = { first, images: Math.min(CHUNK, images - first) };
      this.load(job.images, position + chunk.first, chunk, job.labels);
      if (!this.finite(plan.input, chunk)) return IMAGES;
      for (let i = 0; i < found; i++) {
        // A normalisation's statistics are those of the whole batch, and are still in memory.
        passes.forward(operations[i], chunk, step);
        if (!this.finite(operations[i].y, chunk)) found = i;
      }
    }
    return this.outputOf(found);
  }

  /** The same after a forward pass of this chunk, for one of its images. */
  firstNotFiniteFor(chunk: Chunk, image: number): string {
    const { operations, input } = this.plan;
    if (!this.finite(input, chunk, image)) return IMAGES;
    return this.outputOf(operations.findIndex(({ y }) => !this.finite(y, chunk, image)));
  }

  /** After a step that left weights or moments that are not finite: the first layer that has some. */
  firstWeightsNotFinite(): string {
    const { operations, layerNames } = this.plan;
    const found = operations.find((operation) => !this.stateFinite(operation));
    return found ? `first in what the step made of the weights of layer ${layerNames[found.layer]}` : '';
  }

  /** Names the layer of an operation; of the last one, a softmax included, if there is none. */
  private outputOf(index: number): string {
    const { operations, layerNames } = this.plan;
    const operation = operations.at(index) ?? operations[operations.length - 1];
    const name = layerNames[operation.layer];
    if (parametersOf(operation).every(({ weights, floats }) => this.kernels.allFinite(weights, floats))) {
      return `first in the output of layer ${name}`;
    }
    return `first in layer ${name}, whose weights are no longer finite`;
  }

  private finite(view: View, chunk: Chunk, image?: number): boolean {
    const { passes, kernels } = this;
    const { height, width, channels, row } = view;
    for (let n = image ?? 0; n < (image === undefined ? chunk.images : image + 1); n++) {
      for (let i = 0; i < height; i++) {
        const at = passes.at(view, chunk) + n * view.image + i * row;
        if (!kernels.allFinite(at, width * channels)) return false;
      }
    }
    return true;
  }

  private stateFinite(operation: Operation): boolean {
    const { kernels } = this;
    const parametersFinite = parametersOf(operation).every(({ weights, first, second, floats }) =>
      [weights, first, second].every((at) => kernels.allFinite(at, floats)),
    );
    if (operation.kind !== 'normalization') return parametersFinite;
    const { movingMean, movingVariance, x } = operation;
    return parametersFinite && [movingMean, movingVariance].every((at) => kernels.allFinite(at, x.channels));
  }
}
