/**
 * The second half of a step: the gradients of all images put together, the optimizer, and the weights packed for the
 * next forward pass. The work is cut by output channels, so that each unit owns its weights.
 */
import type { Kernels } from './kernels';
import { roundUp } from './memory';
import type { ConvolutionOperation, NormalizationOperation, Parameter, Plan } from './plan';
import { PANEL } from './plan';
import type { EngineOptions, OptimizerSettings } from './types';

/** A piece of weights: some vectors of a convolution's output channels, or panels of a dense layer's inputs. */
interface Piece {
  readonly operation: ConvolutionOperation;
  readonly from: number;
  readonly to: number;
}

type Unit = Piece | { readonly operation: NormalizationOperation };

/** A unit has at least so many weights: cutting them finer costs more than it spreads. */
const LEAST_WEIGHTS = 2048;

export type OptimizerNumbers = Required<OptimizerSettings>;

/** Defaults: those of tf.train.momentum's usage (0.9) and tf.train.adam (0.9, 0.999, 1e-7). */
export function optimizerNumbers(settings: OptimizerSettings): OptimizerNumbers {
  const weightDecay = settings.weightDecay ?? 0;
  switch (settings.kind) {
    case 'sgd':
      return { kind: 'sgd', weightDecay };
    case 'momentum':
      return { kind: 'momentum', momentum: settings.momentum ?? 0.9, weightDecay };
    case 'adam':
      return {
        kind: 'adam',
        beta1: settings.beta1 ?? 0.9,
        beta2: settings.beta2 ?? 0.999,
        epsilon: settings.epsilon ?? 1e-7,
        weightDecay,
      };
  }
}

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
    private readonly options: Pick<EngineOptions, 'optimizer' | 'average'>,
  ) {
    this.optimizer = optimizerNumbers(options.optimizer);
    this.units = plan.operations.flatMap((operation): Unit[] => {
      if (operation.kind === 'normalization') return [{ operation }];
      if (operation.kind !== 'convolution') return [];
      const { dense, kernel, run, outChannels } = operation;
      const parts = dense ? Math.ceil(run / PANEL) : Math.ceil(outChannels / 4);
      const width = Math.ceil(LEAST_WEIGHTS / (kernel.floats / parts));
      return Array.from({ length: Math.ceil(parts / width) }, (_, i) => {
        return { operation, from: i * width, to: Math.min(parts, (i + 1) * width) };
      });
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
    const source = (parameter: Parameter): number => (averaged ? parameter.average : parameter.weights);
    const { kernels } = this;
    const { operation } = unit;
    if (operation.kind === 'convolution') {
      const { kernel, bias, geometry, dense } = operation;
      const { from, to } = unit as Piece;
      const pack = dense ? kernels.densePack : kernels.convolutionPack;
      pack(geometry, source(kernel), source(bias), from, to);
      return;
    }
    const { gamma, beta, used } = operation;
    kernels.sumParts(1, 0, source(gamma), used, gamma.floats);
    kernels.sumParts(1, 0, source(beta), used + gamma.floats * 4, beta.floats);
  }

  /** Puts a unit's gradient together, from `images` images in `groups` groups. */
  gather(unit: Unit, images: number, groups: number): void {
    const { operation } = unit;
    if (operation.kind !== 'convolution') return;
    const { plan, kernels } = this;
    const { kernel, bias, x, y } = operation;
    if (!kernel.trainable && !bias.trainable) return;
    const { offset, floats, biasOffset, channels } = extent(unit as Piece);
    if (operation.dense) {
      const { geometry } = operation;
      const { from, to } = unit as Piece;
      kernels.denseWeightGradient(
        geometry,
        images,
        x.at,
        x.image,
        y.gradient,
        y.image,
        kernel.gradient,
        from,
        to,
      );
      if (from === 0) kernels.denseBiasGradient(geometry, images, y.gradient, y.image, bias.gradient);
      return;
    }
    const part = plan.parts + operation.part;
    kernels.sumParts(groups, plan.partBytes, part + offset, kernel.gradient + offset, floats);
    const at = kernel.floats * 4 + biasOffset;
    kernels.sumParts(groups, plan.partBytes, part + at, bias.gradient + biasOffset, channels);
  }

  /** The optimizer's step on a unit, its average, and its packing. */
  apply(unit: Unit, rate: number): void {
    const { operation } = unit;
    if (operation.kind === 'convolution') {
      const { kernel, bias, dense, run, paddedRun } = operation;
      const { offset, floats, biasOffset, channels } = extent(unit as Piece);
      // Of a dense layer the padding's gradients are 0, and all numbers one run.
      const [rows, length] = dense ? [1, floats] : [floats / paddedRun, run];
      this.step(kernel, offset, rows, length, rate, this.optimizer.weightDecay);
      this.average(kernel, offset, floats);
      if (channels > 0) {
        this.step(bias, biasOffset, 1, channels, rate, 0);
        this.average(bias, biasOffset, channels);
      }
    } else {
      for (const parameter of [operation.gamma, operation.beta]) {
        this.step(parameter, 0, 1, operation.x.channels, rate, 0);
        this.average(parameter, 0, parameter.floats);
      }
    }
    this.prepare(unit, false);
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
        kernels.adam(
          ...[rows, run, w, g, first, parameter.second + offset, beta1, 1 - beta1, beta2, 1 - beta2],
          ...[rate / (1 - this.power1), 1 / Math.sqrt(1 - this.power2), epsilon, keep],
        );
        break;
      }
    }
  }

  private average(parameter: Parameter, offset: number, floats: number): void {
    const { average } = this.options;
    if (!average || this.steps % average.every !== 0) return;
    this.kernels.average(floats, parameter.average + offset, parameter.weights + offset, 1 - average.decay);
  }
}

/** The floats of a unit, in bytes from the parameter's beginning, and the biases that go with them. */
function extent({ operation, from, to }: Piece): {
  offset: number;
  floats: number;
  biasOffset: number;
  channels: number;
} {
  const { dense, rows, paddedRun, outChannels } = operation;
  if (dense) {
    const panel = roundUp(outChannels, 4) * PANEL;
    const channels = from === 0 ? outChannels : 0;
    return { offset: from * panel * 4, floats: (to - from) * panel, biasOffset: 0, channels };
  }
  const channels = Math.min(to * 4, outChannels) - from * 4;
  const channelFloats = rows * paddedRun;
  return {
    offset: from * 4 * channelFloats * 4,
    floats: channels * channelFloats,
    biasOffset: from * 16,
    channels,
  };
}
