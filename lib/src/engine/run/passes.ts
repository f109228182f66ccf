/** Forward and backward through the network's operations, for the few images that one thread works on at a time. */
import type { Kernels } from '../kernels/signatures';
import { ACTIVATION } from '../kernels/signatures';
import type { ActivationName } from '../layers/readLayers';
import type {
  ActivationOperation,
  ConvolutionOperation,
  NormalizationOperation,
  Operation,
  Parameter,
  Plan,
  View,
  Argmax,
} from '../plan/plan';
import { CHUNK } from '../plan/plan';

/** As the kernels number them. */
const ACTIVATIONS: Readonly<Record<Exclude<ActivationName, 'softmax'>, number>> = {
  linear: ACTIVATION.LINEAR,
  relu: ACTIVATION.RELU,
  sigmoid: ACTIVATION.SIGMOID,
  tanh: ACTIVATION.TANH,
  relu6: ACTIVATION.RELU6,
  leakyRelu: ACTIVATION.LEAKY,
  elu: ACTIVATION.ELU,
  clippedRelu: ACTIVATION.CLIPPED,
  swish: ACTIVATION.SWISH,
};

/** Activations whose derivative follows from the result; that of the others is taken from the input. */
const DECIDED_BY_RESULT: ReadonlySet<ActivationName> = new Set(['relu', 'sigmoid', 'tanh']);

/** Images of a batch that go through the layers together. */
export interface Chunk {
  /** How many, 1 … CHUNK. */
  readonly images: number;
  /** Index of the first in the batch. */
  readonly first: number;
}

/** The weights of an operation. */
export function parametersOf(operation: Operation): readonly Parameter[] {
  if (operation.kind === 'convolution') return [operation.kernel, operation.bias];
  return operation.kind === 'normalization' ? [operation.gamma, operation.beta] : [];
}

export class Passes {
  /** Products with zero may be left out. */
  private weightsFinite = false;

  constructor(
    private readonly plan: Plan,
    private readonly kernels: Kernels,
    private readonly thread: number,
    private readonly seed: number,
  ) {}

  /** Looks at the weights with which a run begins. Those of its steps are finite: the first step that fails is the last. */
  begin(averaged: boolean): void {
    const parameters = this.plan.operations.flatMap(parametersOf);
    this.weightsFinite = parameters.every(({ weights, average, floats }) =>
      this.kernels.allFinite(averaged ? average : weights, floats),
    );
  }

  /** This thread's own room: lists of maxima or of what is not zero, or a batch normalisation's coefficients. */
  get scratch(): number {
    return this.plan.scratch + this.thread * this.plan.scratchBytes;
  }

  /** Address of a tensor for this chunk. */
  at(view: View | Argmax, chunk: Chunk): number {
    return view.at + this.slot(view, chunk) * view.image;
  }

  gradientAt(view: View, chunk: Chunk): number {
    return view.gradient + this.slot(view, chunk) * view.image;
  }

  private slot(view: View | Argmax, chunk: Chunk): number {
    return view.perBatch ? chunk.first : this.thread * CHUNK;
  }

  /** `step`: the step whose dropout masks to draw; null for inference. */
  forward(operation: Operation, chunk: Chunk, step: number | null): void {
    const { kernels } = this;
    const { x, y } = operation;
    const n = chunk.images;
    const from = this.at(x, chunk);
    const to = this.at(y, chunk);
    switch (operation.kind) {
      case 'convolution':
        this.convolutionForward(operation, chunk);
        break;
      case 'maxPool': {
        const { argmax } = operation;
        const positions = this.at(argmax, chunk);
        kernels.maxPoolForward(operation.pool, n, from, x.image, to, y.image, positions, argmax.image);
        break;
      }
      case 'averagePool':
        kernels.averagePoolForward(operation.pool, n, from, x.image, to, y.image);
        break;
      case 'activation':
        if (operation.activation === 'softmax') {
          kernels.softmaxForward(n, x.height * x.width, x.channels, from, x.image, to, y.image);
        } else this.activate(operation, chunk);
        break;
      case 'copy':
        this.copy(x, y, from, to, chunk);
        break;
      case 'dropout':
        if (step === null) this.copy(x, y, from, to, chunk);
        else {
          const row = x.width * x.channels;
          const key = this.dropoutKey(operation.layer, step);
          const { rate } = operation;
          // prettier-ignore
          kernels.dropout(rate, key, chunk.first, n, x.height, row, from, x.image, x.row, to, y.image, y.row);
        }
        break;
      case 'normalization': {
        const { statistics, used, gamma } = operation;
        // prettier-ignore
        kernels.normalizationForward(
          n, x.height, x.width, x.channels, from, x.image, x.row, to, y.image, y.row,
          statistics, used, used + gamma.floats * 4, this.scratch,
        );
        break;
      }
    }
  }

  /** `part`: address of the group's part of the convolutions' gradients. */
  backward(operation: Operation, chunk: Chunk, step: number, part: number): void {
    if (operation.kind === 'convolution') return this.convolutionBackward(operation, chunk, part);
    if (!operation.inputGradient) return;
    const { kernels } = this;
    const { x, y } = operation;
    const n = chunk.images;
    const dy = this.gradientAt(y, chunk);
    const dx = this.gradientAt(x, chunk);
    switch (operation.kind) {
      case 'maxPool': {
        const { argmax } = operation;
        const positions = this.at(argmax, chunk);
        this.clearGradient(x, chunk);
        kernels.maxPoolBackward(operation.pool, n, dy, y.image, dx, x.image, positions, argmax.image);
        break;
      }
      case 'averagePool':
        this.clearGradient(x, chunk);
        kernels.averagePoolBackward(operation.pool, n, dy, y.image, dx, x.image);
        break;
      case 'activation': {
        const { activation, alpha } = operation;
        if (activation === 'softmax') {
          const [pixels, result] = [x.height * x.width, this.at(y, chunk)];
          kernels.softmaxBackward(n, pixels, x.channels, result, y.image, dy, y.image, dx, x.image);
        } else {
          const decides = DECIDED_BY_RESULT.has(activation) ? y : x;
          // prettier-ignore
          kernels.activationBackward(
            ACTIVATIONS[activation], alpha, n, x.height, x.width * x.channels,
            this.at(decides, chunk), decides.image, decides.row, dy, y.image, y.row, dx, x.image, x.row,
          );
        }
        break;
      }
      case 'copy':
        this.copy(y, x, dy, dx, chunk);
        break;
      case 'dropout': {
        const row = x.width * x.channels;
        const key = this.dropoutKey(operation.layer, step);
        const { rate } = operation;
        // prettier-ignore
        kernels.dropout(rate, key, chunk.first, n, x.height, row, dy, y.image, y.row, dx, x.image, x.row);
        break;
      }
      case 'normalization':
        // prettier-ignore
        kernels.normalizationBackward(
          n, x.height, x.width, x.channels, this.normalizedCount(operation),
          this.at(x, chunk), x.image, x.row, dy, y.image, y.row, dx, x.image, x.row,
          operation.statistics, operation.used, operation.gradientSums, this.scratch,
        );
        break;
    }
  }

  /** Images of the step: batch normalisation divides by their pixels. */
  batchImages = 0;

  normalizedCount(operation: NormalizationOperation): number {
    return this.batchImages * operation.x.height * operation.x.width;
  }

  private activate({ activation, alpha, x, y }: ActivationOperation, chunk: Chunk): void {
    if (activation === 'softmax') return;
    // prettier-ignore
    this.kernels.activationForward(
      ACTIVATIONS[activation], alpha, chunk.images, x.height, x.width * x.channels,
      this.at(x, chunk), x.image, x.row, this.at(y, chunk), y.image, y.row,
    );
  }

  /** From one tensor, or its gradient, to another. */
  private copy(x: View, y: View, from: number, to: number, chunk: Chunk): void {
    const floats = x.width * x.channels;
    this.kernels.copy(chunk.images, x.height, floats, from, x.image, x.row, to, y.image, y.row);
  }

  /** One number from the seed, the step and the layer; the kernel mixes in image and element. */
  private dropoutKey(layer: number, step: number): number {
    return (this.seed ^ Math.imul(step + 1, 0x9e3779b1) ^ Math.imul(layer + 1, 0x85ebca77)) | 0;
  }

  private clearGradient(view: View, chunk: Chunk): void {
    this.kernels.clear(view.gradientTensor + this.slot(view, chunk) * view.image, chunk.images * view.image);
  }

  private convolutionForward(operation: ConvolutionOperation, chunk: Chunk): void {
    const { kernels } = this;
    const { x, y, geometry } = operation;
    const n = chunk.images;
    const from = this.at(x, chunk);
    const to = this.at(y, chunk);
    if (operation.dense) {
      kernels.denseForward(geometry, n, from, x.image, to, y.image, this.weightsFinite ? this.scratch : 0);
      return;
    }
    const { pooling } = operation;
    if (pooling.kind === 'none') {
      kernels.convolutionForward(geometry, n, from, x.image, to, y.image);
      return;
    }
    const { argmax } = pooling;
    const positions = this.at(argmax, chunk);
    if (pooling.kind === 'fused') {
      // prettier-ignore
      kernels.pooledConvolutionForward(
        geometry, n, from, x.image, to, y.image, positions, argmax.image, this.weightsFinite ? this.scratch : 0,
      );
    } else {
      const { middle } = pooling;
      const at = this.at(middle, chunk);
      kernels.convolutionForward(geometry, n, from, x.image, at, middle.image);
      kernels.maxPoolForward(pooling.pool, n, at, middle.image, to, y.image, positions, argmax.image);
    }
  }

  private convolutionBackward(operation: ConvolutionOperation, chunk: Chunk, part: number): void {
    const { kernels } = this;
    const { x, y, geometry, kernel, bias } = operation;
    const n = chunk.images;
    const from = this.at(x, chunk);
    const to = this.at(y, chunk);
    const dy = this.gradientAt(y, chunk);
    const dx = this.gradientAt(x, chunk);
    const dw = part + operation.part;
    const db = dw + kernel.floats * 4;
    const learns = kernel.trainable || bias.trainable;
    // Of a frozen layer with nothing that learns before it, y has no gradient at all.
    if (!learns && !operation.inputGradient) return;
    if (operation.inputGradient && !operation.dense) this.clearGradient(x, chunk);
    const { pooling } = operation;
    if (pooling.kind !== 'none') {
      const { argmax } = pooling;
      // prettier-ignore
      kernels.pooledConvolutionBackward(
        pooling.geometry, n, from, x.image, to, y.image, dy, y.image,
        this.at(argmax, chunk), argmax.image, operation.inputGradient ? dx - from : 0, dw, db, this.scratch,
      );
      return;
    }
    if (operation.relu) {
      const row = y.width * y.channels;
      // prettier-ignore
      kernels.activationBackward(
        ACTIVATIONS.relu, 0, n, y.height, row, to, y.image, y.row, dy, y.image, y.row, dy, y.image, y.row,
      );
    }
    if (operation.dense) {
      // The weights' gradient runs over the whole batch: see `update.ts`.
      if (operation.inputGradient) kernels.denseInputGradient(geometry, n, dy, y.image, dx, x.image);
      return;
    }
    if (learns) kernels.convolutionWeightGradient(geometry, n, from, x.image, dy, y.image, dw, db);
    if (operation.inputGradient) kernels.convolutionInputGradient(geometry, n, dy, y.image, dx, x.image);
  }
}
