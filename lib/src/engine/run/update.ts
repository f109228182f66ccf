/**
 * The second half of a step: the gradients of all images put together, the optimizer, and the weights packed for the
 * next forward pass. The work is cut by output channels, so that each unit owns its weights.
 */
import type { Kernels } from '../kernels/signatures';
import { DENSE } from '../kernels/signatures';
import { roundUp } from '../plan/arena';
import type { ConvolutionOperation, NormalizationOperation, Parameter, Plan } from '../plan/plan';
import type { EngineOptions } from '../types';
import { averageDecay } from '../averageDecay';
import { optimizerNumbers, type OptimizerNumbers } from '../optimizerNumbers';

/**
 * A piece of weights: some vectors of a convolution's output channels, or panels of a dense layer's inputs. What the
 * kernels need to know about it is computed once; a step of a small network has no time for that.
 */
interface Piece {
  readonly kind: 'piece';
  readonly operation: ConvolutionOperation;
  readonly from: number;
  readonly to: number;
  /** Its weights, in bytes from the kernel's beginning, and how many floats. */
  readonly offset: number;
  readonly floats: number;
  /** The same as rows of this many floats, padding not counted. */
  readonly rows: number;
  readonly run: number;
  /** The biases that go with them: bytes from the first, and how many. */
  readonly biasOffset: number;
  readonly biases: number;
}

interface Normalization {
  readonly kind: 'normalization';
  readonly operation: NormalizationOperation;
}

type Unit = Piece | Normalization;

/** The minimum number of weights of a unit: smaller units cost more than spreading them gains. */
const LEAST_WEIGHTS = 2048;

export class Update {
  readonly units: readonly Unit[];
  private readonly optimizer: OptimizerNumbers;
  private steps: number;
  private power1: number;
  private power2: number;

  constructor(
    private readonly plan: Plan,
    private readonly kernels: Kernels,
    private readonly counters: Float64Array,
    /** Room of this thread's kernels. */
    private readonly scratch: number,
    private readonly options: Pick<EngineOptions, 'optimizer' | 'average'>,
  ) {
    this.optimizer = optimizerNumbers(options.optimizer);
    this.units = plan.operations.flatMap((operation): Unit[] => {
      if (operation.kind === 'normalization') return [{ kind: 'normalization', operation }];
      if (operation.kind !== 'convolution') return [];
      const { dense, kernel, run, outChannels } = operation;
      const parts = dense ? Math.ceil(run / DENSE.PANEL) : Math.ceil(outChannels / 4);
      const width = Math.ceil(LEAST_WEIGHTS / (kernel.floats / parts));
      return Array.from({ length: Math.ceil(parts / width) }, (_, i) =>
        pieceOf(operation, i * width, Math.min(parts, (i + 1) * width)),
      );
    });
    [this.steps, this.power1, this.power2] = counters;
  }

  /** Steps done since the beginning, in all runs. */
  get stepsDone(): number {
    return this.steps;
  }

  /** Begins a step: Adam's powers of β, by multiplication, since a library's `pow` may differ between machines. */
  advance(): void {
    this.steps++;
    if (this.optimizer.kind !== 'adam') return;
    this.power1 *= this.optimizer.beta1;
    this.power2 *= this.optimizer.beta2;
  }

  /** Writes the counters back; one thread, at the end of a run. */
  finish(): void {
    this.counters.set([this.steps, this.power1, this.power2]);
  }

  /** Packs weights, or their averages, for the forward pass. */
  prepare(unit: Unit, averaged: boolean): void {
    const { kernels } = this;
    if (unit.kind === 'normalization') {
      const { gamma, beta, used } = unit.operation;
      const copy = (from: number, to: number, floats: number): void =>
        kernels.copy(1, 1, floats, from, 0, 0, to, 0, 0);
      copy(averaged ? gamma.average : gamma.weights, used, gamma.floats);
      copy(averaged ? beta.average : beta.weights, used + gamma.floats * 4, beta.floats);
      return;
    }
    const { kernel, bias, geometry, dense } = unit.operation;
    const weights = averaged ? kernel.average : kernel.weights;
    const biases = averaged ? bias.average : bias.weights;
    if (dense) kernels.densePack(geometry, weights, biases, unit.from, unit.to);
    else kernels.convolutionPack(geometry, weights, biases, unit.from, unit.to);
  }

  /** Assembles a unit's gradient, from `images` images in `groups` groups. */
  gather(unit: Unit, images: number, groups: number): void {
    if (unit.kind === 'normalization') return;
    const { plan, kernels } = this;
    const { operation, offset, from, to } = unit;
    const { kernel, bias, x, y, geometry } = operation;
    if (!kernel.trainable && !bias.trainable) return;
    if (operation.dense) {
      const { gradient, image } = y;
      kernels.denseWeightGradient(
        geometry,
        images,
        x.at,
        x.image,
        gradient,
        image,
        kernel.gradient,
        from,
        to,
        this.scratch,
      );
      if (from === 0) kernels.denseBiasGradient(geometry, images, gradient, image, bias.gradient);
      return;
    }
    const part = plan.parts + operation.part;
    kernels.sumParts(groups, plan.partBytes, part + offset, kernel.gradient + offset, unit.floats);
    const at = kernel.floats * 4 + unit.biasOffset;
    kernels.sumParts(groups, plan.partBytes, part + at, bias.gradient + unit.biasOffset, unit.biases);
  }

  /** The optimizer's step on a unit, its average, and its packing; whether all of it is finite. */
  apply(unit: Unit, rate: number): boolean {
    let finite = true;
    if (unit.kind === 'piece') {
      const { kernel, bias } = unit.operation;
      this.step(kernel, unit.offset, unit.rows, unit.run, rate, this.optimizer.weightDecay);
      this.average(kernel, unit.offset, unit.floats);
      finite = this.isFinite(kernel, unit.offset, unit.floats);
      if (unit.biases > 0) {
        this.step(bias, unit.biasOffset, 1, unit.biases, rate, 0);
        this.average(bias, unit.biasOffset, unit.biases);
        finite &&= this.isFinite(bias, unit.biasOffset, unit.biases);
      }
    } else {
      const { gamma, beta, x } = unit.operation;
      for (const parameter of [gamma, beta]) {
        this.step(parameter, 0, 1, x.channels, rate, 0);
        this.average(parameter, 0, parameter.floats);
        finite &&= this.isFinite(parameter, 0, parameter.floats);
      }
    }
    this.prepare(unit, false);
    return finite;
  }

  /** Where a gradient or a velocity overflows, so do the weights; but Adam divides by its second moment. */
  private isFinite(parameter: Parameter, offset: number, floats: number): boolean {
    const { kernels, optimizer } = this;
    if (!kernels.allFinite(parameter.weights + offset, floats)) return false;
    return optimizer.kind !== 'adam' || kernels.allFinite(parameter.second + offset, floats) === 1;
  }

  private step(
    parameter: Parameter,
    offset: number,
    rows: number,
    run: number,
    rate: number,
    decay: number,
  ): void {
    if (!parameter.trainable) return;
    const { kernels, optimizer } = this;
    const w = parameter.weights + offset;
    const g = parameter.gradient + offset;
    const first = parameter.first + offset;
    const keep = 1 - rate * decay;
    switch (optimizer.kind) {
      case 'sgd':
        kernels.sgd(rows, run, w, g, rate, keep);
        break;
      case 'momentum':
        kernels.momentum(rows, run, w, g, first, optimizer.momentum, rate, keep);
        break;
      case 'adam': {
        const { beta1, beta2, epsilon } = optimizer;
        const second = parameter.second + offset;
        const rate1 = rate / (1 - this.power1);
        const root2 = 1 / Math.sqrt(1 - this.power2);
        const [rest1, rest2] = [1 - beta1, 1 - beta2];
        // prettier-ignore
        kernels.adam(rows, run, w, g, first, second, beta1, rest1, beta2, rest2, rate1, root2, epsilon, keep);
        break;
      }
    }
  }

  private average(parameter: Parameter, offset: number, floats: number): void {
    const { average } = this.options;
    if (!average || this.steps % average.every !== 0) return;
    const share = 1 - averageDecay(average, this.steps);
    this.kernels.average(floats, parameter.average + offset, parameter.weights + offset, share);
  }
}

function pieceOf(operation: ConvolutionOperation, from: number, to: number): Piece {
  const { dense, rows, run, paddedRun, outChannels } = operation;
  if (dense) {
    const panel = roundUp(outChannels, 4) * DENSE.PANEL;
    const floats = (to - from) * panel;
    const biases = from === 0 ? outChannels : 0;
    // The gradients of the padding are 0, so all numbers can be treated as one run.
    const own = { offset: from * panel * 4, floats, rows: 1, run: floats, biasOffset: 0, biases };
    return { kind: 'piece', operation, from, to, ...own };
  }
  const channels = Math.min(to * 4, outChannels) - from * 4;
  const floats = channels * rows * paddedRun;
  const own = { offset: from * 16 * rows * paddedRun, floats, rows: channels * rows, run };
  return { kind: 'piece', operation, from, to, ...own, biasOffset: from * 16, biases: channels };
}
