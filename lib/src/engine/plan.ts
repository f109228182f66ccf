/**
 * The plan of one network for one batch size: which operations run in which order, and where in memory everything
 * stands. Plain data, made once on the main thread and sent to the workers.
 *
 * Images are [height, width, channels] without gaps between channels or pixels. A tensor that a convolution reads
 * with padding is laid out with a border of zeros, into which its producer writes, so that no kernel tests bounds.
 * The gradient of a tensor stands elsewhere in the same layout.
 *
 * Most tensors exist only for the few images that a thread has in hand (`perBatch` false: one slot for each of
 * `CHUNK` images of each thread). What a later phase needs, the inputs and output gradients of dense layers and
 * everything around batch normalisation, has a slot for each image of the batch.
 */
import type {
  ActivationName,
  ConvolutionLayer,
  DenseLayer,
  Layer,
  Network,
  Pads,
  PoolLayer,
  Weight,
} from './layers';
import { Unsupported } from './layers';
import { Layout, roundUp } from './memory';
import type { LossName } from './types';

/** Images that a thread takes through all layers at once: the rows of a tile. */
export const CHUNK = 4;

/** Inputs of a dense layer whose weights stand together (`assembly/dense.ts`). */
export const PANEL = 8;

/** A part of a tensor, or all of it: byte addresses of its first number in the first slot. */
export interface View {
  readonly at: number;
  /** The same of its gradient; 0 where none is needed. */
  readonly gradient: number;
  /** First byte of the gradient's whole tensor, border included. */
  readonly gradientTensor: number;
  /** Bytes from one slot to the next. */
  readonly image: number;
  /** Bytes from one row to the next. */
  readonly row: number;
  readonly perBatch: boolean;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Zeros that stand around it. */
  readonly pads: Pads;
}

/** Room for the winners of max-pooling. */
export interface Winners {
  readonly at: number;
  readonly image: number;
  readonly perBatch: boolean;
}

/** Where a tensor of weights, its optimizer's state and its gradient stand. */
export interface Parameter {
  readonly weights: number;
  /** Momentum, or Adam's first and second moments. */
  readonly first: number;
  readonly second: number;
  readonly average: number;
  readonly gradient: number;
  /** Floats, padding included. */
  readonly floats: number;
  readonly trainable: boolean;
}

interface Common {
  /** Index and name of the layer that an error names. */
  readonly layer: number;
  readonly x: View;
  readonly y: View;
}

export interface ConvolutionOperation extends Common {
  readonly kind: 'convolution';
  /** Over the whole image at once, images as rows. */
  readonly dense: boolean;
  readonly relu: boolean;
  /** `fused`: 2×2 in registers; `after`: any window, from `middle`. */
  readonly pooling: 'none' | 'fused' | 'after';
  /** Record of the forward pass (`assembly/geometry.ts`). */
  readonly geometry: number;
  /** The same with the pooled output's steps. */
  readonly pooledGeometry: number;
  readonly pool: number;
  readonly winners: Winners | null;
  readonly middle: View | null;
  readonly rows: number;
  readonly run: number;
  readonly paddedRun: number;
  readonly outChannels: number;
  readonly kernel: Parameter;
  readonly bias: Parameter;
  /** Byte offset of the gradients of kernel and bias in a group's part; not for dense layers. */
  readonly part: number;
  readonly inputGradient: boolean;
}

export interface PoolOperation extends Common {
  readonly kind: 'maxPool' | 'averagePool';
  readonly pool: number;
  readonly winners: Winners | null;
  readonly inputGradient: boolean;
}

export interface ActivationOperation extends Common {
  readonly kind: 'activation';
  readonly activation: ActivationName | 'copy';
  readonly alpha: number;
  readonly inputGradient: boolean;
}

export interface DropoutOperation extends Common {
  readonly kind: 'dropout';
  readonly rate: number;
  readonly inputGradient: boolean;
}

export interface NormalizationOperation extends Common {
  readonly kind: 'normalization';
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma: Parameter;
  readonly beta: Parameter;
  readonly movingMean: number;
  readonly movingVariance: number;
  /** γ and β in use, live or averaged. */
  readonly used: number;
  /** f64: mean and 1/deviation of each channel. */
  readonly statistics: number;
  /** f64: two sums a channel for each group, forward and backward. */
  readonly sums: number;
  readonly gradientSums: number;
  readonly inputGradient: boolean;
}

export type Operation =
  ConvolutionOperation | PoolOperation | ActivationOperation | DropoutOperation | NormalizationOperation;

/** How a kernel's numbers stand: [output channel][row][run padded], or for dense layers in panels of eight inputs. */
export interface Matrix {
  readonly channels: number;
  readonly rows: number;
  readonly run: number;
  readonly paddedRun: number;
  readonly panels: boolean;
}

/** Where one of the model's weights stands: a matrix, or a plain list. */
export interface WeightPlace {
  readonly parameter: Parameter;
  readonly shape: readonly number[];
  readonly matrix: Matrix | null;
}

export interface Plan {
  readonly layerNames: readonly string[];
  readonly operations: readonly Operation[];
  readonly input: View;
  readonly output: View;
  readonly classes: number;
  /** The model ends with a softmax that the loss is taken before; predictions apply it. */
  readonly softmaxOutput: boolean;
  readonly batchSize: number;
  readonly threads: number;
  /** Images of a group: the unit of work, with its own part of the convolutions' gradients. */
  readonly groupSize: number;
  readonly groups: number;
  readonly parts: number;
  readonly partBytes: number;
  /** Per image of the batch: f64 loss, i32 hit, i32 label. */
  readonly losses: number;
  readonly hits: number;
  readonly labels: number;
  /** Per thread: one image as it stands in the data set; room that kernels use for themselves. */
  readonly staging: number;
  readonly stagingBytes: number;
  readonly scratch: number;
  readonly scratchBytes: number;
  /** Weights, optimizer state, averages, counters: all that is saved. */
  readonly stateFrom: number;
  readonly stateTo: number;
  /** f64: steps done, β₁ᵗ, β₂ᵗ. */
  readonly counters: number;
  readonly weights: readonly WeightPlace[];
  /** 32-bit numbers to lay down before the first run. */
  readonly constants: readonly { readonly at: number; readonly values: readonly number[] }[];
  readonly pages: number;
  readonly bytes: number;
}

export interface PlanOptions {
  readonly batchSize: number;
  readonly threads: number;
  readonly loss: LossName;
}

const NO_PADS: Pads = { top: 0, bottom: 0, left: 0, right: 0 };

/** Images of a group: small batches still give every thread something, large ones at most 16 groups. */
export function groupSizeFor(batchSize: number): number {
  if (batchSize < 4) return 1;
  if (batchSize < 16) return 2;
  return roundUp(Math.ceil(batchSize / 16), CHUNK);
}

export function planNetwork(network: Network, options: PlanOptions): Plan {
  return new Planner(network, options).plan();
}

/** Everything that the plan of a network is made of while it is being made. */
class Planner {
  private readonly layout = new Layout();
  private readonly operations: Operation[] = [];
  private readonly constants: { at: number; values: readonly number[] }[] = [];
  private readonly parameters: { gradient: number; readonly floats: number }[] = [];
  private readonly places = new Map<Weight, WeightPlace>();
  private readonly layers: readonly Layer[];
  private readonly everything: boolean;
  private readonly slots: number;
  private readonly groups: number;
  private readonly zeros: number;
  private partBytes = 0;
  private scratchFloats = 0;
  private softmaxOutput = false;
  /** Some layer so far has weights to train: gradients must reach back to here. */
  private trained: boolean;

  constructor(
    private readonly network: Network,
    private readonly options: PlanOptions,
  ) {
    this.layers = network.layers;
    this.everything = this.layers.some((layer) => layer.kind === 'normalization');
    this.slots = options.threads * CHUNK;
    this.groups = Math.ceil(options.batchSize / groupSizeFor(options.batchSize));
    this.zeros = this.layout.take(64);
    // A network with nothing to train still has a loss, which writes a gradient.
    this.trained = !network.weights.some((weight) => weight.trainable);
  }

  plan(): Plan {
    const { batchSize, threads } = this.options;
    // The state first, in one piece; parameters are handed out as the layers come.
    const counters = this.layout.take(64);
    const parameters = this.layers.map((layer, i) => this.parametersOf(layer, i));
    const stateTo = this.layout.take(0);
    // Gradients last for a step only.
    for (const parameter of this.parameters) parameter.gradient = this.layout.take(parameter.floats * 4);
    const [height, width, channels] = this.network.input;
    const input = this.tensor(height, width, channels, 0);
    let view = input;
    for (let i = 0; i < this.layers.length;) {
      const layer = this.layers[i];
      switch (layer.kind) {
        case 'convolution':
        case 'dense': {
          const [next, after] = this.convolution(layer, i, view, parameters[i]);
          view = next;
          i = after;
          continue;
        }
        case 'maxPool':
        case 'averagePool':
          view = this.pool(layer, i, view);
          break;
        case 'activation':
          view = this.activation(layer.activation, layer.alpha, i, view);
          break;
        case 'zeroPadding':
          view = grow(this.bordered(view, layer.pads, i), layer.pads);
          break;
        case 'dropout':
          view = this.dropout(layer.rate, i, view);
          break;
        case 'normalization':
          view = this.normalization(layer.momentum, layer.epsilon, i, view, parameters[i]);
          break;
        case 'reshape':
          view = this.reshape(layer, i, view);
          break;
      }
      i++;
    }
    if (view.height !== 1 || view.width !== 1)
      throw new Unsupported('the model’s output is not a list of scores');
    const partBytes = roundUp(this.partBytes, 64);
    const staging = height * width * channels * 4;
    const scratchBytes = roundUp(this.scratchFloats * 4 + 128, 64);
    const rest = {
      parts: this.layout.take(partBytes * this.groups),
      losses: this.layout.take(8 * batchSize),
      hits: this.layout.take(4 * batchSize),
      labels: this.layout.take(4 * batchSize),
      stagingBytes: roundUp(staging + 16, 64),
      staging: this.layout.take(roundUp(staging + 16, 64) * threads),
      scratch: this.layout.take(scratchBytes * threads),
    };
    return {
      ...rest,
      layerNames: this.layers.map((layer) => layer.name),
      operations: this.operations,
      input,
      output: view,
      classes: view.channels,
      softmaxOutput: this.softmaxOutput,
      batchSize,
      threads,
      groupSize: groupSizeFor(batchSize),
      groups: this.groups,
      partBytes,
      scratchBytes,
      stateFrom: counters,
      stateTo,
      counters,
      weights: this.network.weights.map((weight) => this.places.get(weight) as WeightPlace),
      constants: this.constants,
      pages: this.layout.pages,
      bytes: this.layout.bytes,
    };
  }

  /** The parameters of a layer, in the memory that is saved. */
  private parametersOf(layer: Layer, index: number): Partial<Record<Weight['role'], Parameter>> {
    const found: Partial<Record<Weight['role'], Parameter>> = {};
    const own = this.network.weights.filter((weight) => weight.layer === index);
    if (layer.kind === 'convolution' || layer.kind === 'dense') {
      const shape = matrixOf(layer);
      const channels = roundUp(shape.channels, 4);
      const kernel = own.find((weight) => weight.role === 'kernel');
      const bias = own.find((weight) => weight.role === 'bias');
      found.kernel = this.parameter(channels * shape.rows * shape.paddedRun, kernel?.trainable ?? false);
      found.bias = this.parameter(channels, bias?.trainable ?? false);
      if (kernel) this.places.set(kernel, { parameter: found.kernel, shape: kernel.shape, matrix: shape });
      if (bias) this.places.set(bias, { parameter: found.bias, shape: bias.shape, matrix: null });
    } else if (layer.kind === 'normalization') {
      for (const role of ['gamma', 'beta', 'movingMean', 'movingVariance'] as const) {
        const weight = own.find((candidate) => candidate.role === role);
        const parameter = this.parameter(roundUp(layer.output[2], 4), weight?.trainable ?? false);
        found[role] = parameter;
        if (weight) this.places.set(weight, { parameter, shape: weight.shape, matrix: null });
      }
    }
    return found;
  }

  private parameter(floats: number, trainable: boolean): Parameter {
    const take = (): number => this.layout.take(floats * 4);
    const parameter = {
      weights: take(),
      first: take(),
      second: take(),
      average: take(),
      gradient: 0,
      floats,
      trainable,
    };
    this.parameters.push(parameter);
    return parameter;
  }

  /** A tensor for the output of the layer before `next`, with the border that the layers from `next` on read. */
  private tensor(height: number, width: number, channels: number, next: number, perBatch = false): View {
    const pads = this.padsFrom(next);
    const row = (pads.left + width + pads.right) * channels * 4;
    const bytes = (pads.top + height + pads.bottom) * row;
    const image = roundUp(bytes + 16, 64);
    const whole = perBatch || this.everything || this.feedsDense(next);
    const slots = whole ? Math.max(this.options.batchSize, this.slots) : this.slots;
    const start = pads.top * row + pads.left * channels * 4;
    const at = this.layout.take(image * slots) + start;
    const gradientTensor = this.trained ? this.layout.take(image * slots) : 0;
    const gradient = this.trained ? gradientTensor + start : 0;
    return { at, gradient, gradientTensor, image, row, perBatch: whole, height, width, channels, pads };
  }

  /** The zeros that the layers from `next` on want around their input. */
  private padsFrom(next: number): Pads {
    let pads = NO_PADS;
    for (let i = next; i < this.layers.length; i++) {
      const layer = this.layers[i];
      if (layer.kind === 'zeroPadding') pads = add(pads, layer.pads);
      else return layer.kind === 'convolution' ? add(pads, padsOf(layer.windows)) : pads;
    }
    return pads;
  }

  private feedsDense(next: number): boolean {
    const user = this.layers.slice(next).find(({ kind }) => kind !== 'reshape' && kind !== 'zeroPadding');
    return user?.kind === 'dense';
  }

  /** The view itself if enough zeros stand around it, else a copy with them, for layer `i`. */
  private bordered(view: View, pads: Pads, i: number): View {
    const have = view.pads;
    const enough =
      have.top >= pads.top &&
      have.bottom >= pads.bottom &&
      have.left >= pads.left &&
      have.right >= pads.right;
    return enough ? view : this.copy(view, i, this.tensor(view.height, view.width, view.channels, i));
  }

  /** The view itself if its numbers stand side by side, else a copy. */
  private contiguous(view: View, i: number): View {
    if (view.height === 1 || view.row === view.width * view.channels * 4) return view;
    return this.copy(
      view,
      i,
      this.tensor(view.height, view.width, view.channels, this.layers.length, this.feedsDense(i)),
    );
  }

  private copy(x: View, layer: number, y: View): View {
    this.operations.push({
      kind: 'activation',
      activation: 'copy',
      alpha: 0,
      layer,
      x,
      y,
      inputGradient: this.trained,
    });
    return y;
  }

  /** Writes a record of 32-bit numbers. */
  private record(values: readonly number[]): number {
    const at = this.layout.take(values.length * 4);
    this.constants.push({ at, values });
    return at;
  }

  /** Convolution or dense layer `i` and what is computed together with it; gives the next layer's index too. */
  private convolution(
    layer: ConvolutionLayer | DenseLayer,
    i: number,
    input: View,
    parameters: Partial<Record<Weight['role'], Parameter>>,
  ): [View, number] {
    const dense = layer.kind === 'dense';
    const matrix = matrixOf(layer);
    const kernel = parameters.kernel as Parameter;
    const bias = parameters.bias as Parameter;
    const x = dense ? this.contiguous(input, i) : this.bordered(input, padsOf(layer.windows), i);
    const inputGradient = this.trained;
    this.trained ||= kernel.trainable || bias.trainable;

    const fusion = fuse(this.layers, i);
    const [height, width, channels] = layer.output;
    const windows = dense ? null : layer.windows;
    const [outHeight, outWidth] = fusion.pool ? fusion.pool.output : [height, width];
    const softmaxNext = layer.activation !== 'linear' && layer.activation !== 'relu';
    const next = softmaxNext ? this.layers.length : fusion.next;
    const y = this.tensor(outHeight, outWidth, channels, next, dense || this.feedsDense(fusion.next));

    const outVectors = Math.ceil(channels / 4);
    const packed = this.layout.take((outVectors * 4 * (matrix.rows * matrix.run + 1) + 32) * 4);
    const rowOffsets: number[] = [];
    if (windows) {
      const { rows: down, columns: across } = windows;
      for (let a = 0; a < down.kernel; a++) {
        for (let b = 0; b < (across.dilation === 1 ? 1 : across.kernel); b++) {
          rowOffsets.push(a * down.dilation * x.row + b * across.dilation * x.channels * 4);
        }
      }
    } else rowOffsets.push(0);
    const table = this.record(rowOffsets);
    const xStepX = windows ? windows.columns.stride * x.channels * 4 : 0;
    const xStepY = windows ? windows.rows.stride * x.row : 0;
    const geometry = (target: View, pooled: boolean): number => {
      const border = target.row !== target.width * channels * 4 || target.pads.top + target.pads.bottom > 0;
      return this.record([
        ...[matrix.rows, matrix.run, matrix.paddedRun, table],
        ...[channels, outVectors, height, width, xStepX, xStepY, channels * 4, target.row],
        ...[packed, kernel.weights, this.zeros, fusion.relu ? 1 : 0],
        this.record(Array.from({ length: height }, (_, row) => row * target.row)),
        border ? (4 - (channels % 4)) % 4 : 0,
        ...(pooled ? [outHeight, outWidth] : [0, 0]),
        fusion.relu ? 1 : 0,
      ]);
    };
    const common = {
      kind: 'convolution' as const,
      ...{ layer: i, dense, relu: fusion.relu, kernel, bias, inputGradient, y },
      ...{ rows: matrix.rows, run: matrix.run, paddedRun: matrix.paddedRun, outChannels: channels },
      x: windows ? moved(x, -windows.rows.before, -windows.columns.before) : x,
      part: dense ? 0 : this.partBytes,
    };
    if (!dense) this.partBytes += roundUp((kernel.floats + bias.floats) * 4, 64);
    let view = y;
    if (!fusion.pool) {
      const plain = { pooling: 'none' as const, pooledGeometry: 0, pool: 0, winners: null, middle: null };
      this.operations.push({ ...common, ...plain, geometry: geometry(y, false) });
    } else {
      const pool = fusion.pool;
      const winners = this.winners(outHeight * outWidth, channels);
      this.scratchFloats = Math.max(this.scratchFloats, (CHUNK * outHeight * outWidth + 1) * 2 * 4);
      const pooledGeometry = geometry(y, true);
      if (isTwoByTwo(pool)) {
        const fused = { pooling: 'fused' as const, pool: 0, middle: null };
        this.operations.push({ ...common, ...fused, winners, pooledGeometry, geometry: pooledGeometry });
      } else {
        const middle = this.tensor(height, width, channels, this.layers.length);
        const record = this.poolRecord(pool, middle, y, xStepX, xStepY, fusion.relu);
        const after = { pooling: 'after' as const, winners, middle, pooledGeometry, pool: record };
        this.operations.push({ ...common, ...after, geometry: geometry(middle, false) });
      }
    }
    const own = layer.activation;
    if (own !== 'linear' && own !== 'relu') view = this.activation(own, 1, i, view);
    return [view, fusion.next];
  }

  private winners(pixels: number, channels: number): Winners {
    const image = roundUp(pixels * roundUp(channels, 4) * 4, 64);
    const slots = this.everything ? Math.max(this.options.batchSize, this.slots) : this.slots;
    return { at: this.layout.take(image * slots), image, perBatch: this.everything };
  }

  /** The record of `assembly/pool.ts`. */
  private poolRecord(
    layer: PoolLayer,
    x: View,
    y: View,
    codeX: number,
    codeY: number,
    relu: boolean,
  ): number {
    const { rows, columns } = layer.windows;
    const border = y.row !== y.width * y.channels * 4 || y.pads.top + y.pads.bottom > 0;
    return this.record([
      ...[x.height, x.width, x.channels, y.height, y.width],
      ...[rows.kernel, columns.kernel, rows.stride, columns.stride, rows.before, columns.before],
      ...[x.row, y.channels * 4, y.row, border ? (4 - (y.channels % 4)) % 4 : 0],
      ...[codeX, codeY, relu ? 1 : 0],
    ]);
  }

  private pool(layer: PoolLayer, i: number, x: View): View {
    const [height, width, channels] = layer.output;
    const { rows, columns } = layer.windows;
    // A global pool's output is a list; it is one pixel all the same.
    const y = this.tensor(rows.output, columns.output, channels, i + 1);
    const winners = layer.kind === 'maxPool' ? this.winners(height * width, channels) : null;
    const pool = this.poolRecord(layer, x, y, channels * 4, x.row, false);
    this.operations.push({ kind: layer.kind, layer: i, x, y, pool, winners, inputGradient: this.trained });
    return y;
  }

  private activation(activation: ActivationName, alpha: number, i: number, x: View): View {
    if (activation === 'softmax') {
      if (i === this.layers.length - 1 && this.options.loss !== 'meanSquaredError') {
        this.softmaxOutput = true;
        return x;
      }
      x = this.contiguous(x, i);
    }
    const y = this.tensor(
      x.height,
      x.width,
      x.channels,
      activation === 'softmax' ? this.layers.length : i + 1,
      this.feedsDense(i + 1),
    );
    this.operations.push({
      kind: 'activation',
      activation,
      alpha,
      layer: i,
      x,
      y,
      inputGradient: this.trained,
    });
    return y;
  }

  private dropout(rate: number, i: number, x: View): View {
    if (rate === 0) return x;
    const y = this.tensor(x.height, x.width, x.channels, i + 1);
    this.operations.push({ kind: 'dropout', rate, layer: i, x, y, inputGradient: this.trained });
    return y;
  }

  private normalization(
    momentum: number,
    epsilon: number,
    i: number,
    x: View,
    parameters: Partial<Record<Weight['role'], Parameter>>,
  ): View {
    const gamma = parameters.gamma as Parameter;
    const beta = parameters.beta as Parameter;
    const inputGradient = this.trained;
    this.trained ||= gamma.trainable || beta.trainable;
    const y = this.tensor(x.height, x.width, x.channels, i + 1);
    this.scratchFloats = Math.max(this.scratchFloats, 6 * (x.channels + 4));
    this.operations.push({
      ...{ kind: 'normalization', momentum, epsilon, gamma, beta, layer: i, x, y, inputGradient },
      movingMean: (parameters.movingMean as Parameter).weights,
      movingVariance: (parameters.movingVariance as Parameter).weights,
      used: this.layout.take(gamma.floats * 8),
      statistics: this.layout.take(16 * x.channels),
      sums: this.layout.take(16 * x.channels * this.groups),
      gradientSums: this.layout.take(16 * x.channels * this.groups),
    });
    return y;
  }

  private reshape(layer: Layer, i: number, view: View): View {
    const [height, width, channels] = layer.output;
    const flat = this.contiguous(view, i);
    return { ...flat, height, width, channels, row: width * channels * 4, pads: NO_PADS };
  }
}

/** A layer's weights as a matrix: output channels by runs of numbers that stand side by side in the input. */
function matrixOf(layer: ConvolutionLayer | DenseLayer): Matrix {
  const channels = layer.output[2];
  const inputs = layer.input[2];
  if (layer.kind === 'dense') {
    return { channels, rows: 1, run: inputs, paddedRun: roundUp(inputs, PANEL), panels: true };
  }
  const { rows: down, columns: across } = layer.windows;
  const joined = across.dilation === 1;
  const run = joined ? across.kernel * inputs : inputs;
  const rows = joined ? down.kernel : down.kernel * across.kernel;
  return { channels, rows, run, paddedRun: roundUp(run, 4), panels: false };
}

/**
 * What follows layer `i` and is computed with it: a ReLU, a max-pooling, or both in either order (max-pooling and
 * ReLU commute, and so do their gradients).
 */
function fuse(layers: readonly Layer[], i: number): { relu: boolean; pool: PoolLayer | null; next: number } {
  const layer = layers[i] as ConvolutionLayer | DenseLayer;
  let relu = layer.activation === 'relu';
  let next = i + 1;
  if (!relu && layer.activation !== 'linear') return { relu, pool: null, next };
  const isRelu = (candidate: Layer | undefined): boolean =>
    candidate?.kind === 'activation' && candidate.activation === 'relu';
  if (isRelu(layers[next])) {
    relu = true;
    next++;
  }
  const pool = layers[next];
  if (layer.kind === 'dense' || pool?.kind !== 'maxPool') return { relu, pool: null, next };
  const { rows, columns } = pool.windows;
  // Windows that overlap everywhere have as many winners as pixels: nothing to gain.
  if (rows.stride * columns.stride === 1 && rows.output * columns.output > 1)
    return { relu, pool: null, next };
  next++;
  if (isRelu(layers[next])) {
    relu = true;
    next++;
  }
  return { relu, pool, next };
}

function isTwoByTwo(pool: PoolLayer): boolean {
  return [pool.windows.rows, pool.windows.columns].every(
    (axis) => axis.kernel === 2 && axis.stride === 2 && axis.before === 0 && 2 * axis.output <= axis.input,
  );
}

function padsOf(windows: {
  rows: { before: number; after: number };
  columns: { before: number; after: number };
}): Pads {
  const { rows, columns } = windows;
  return { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after };
}

function add(a: Pads, b: Pads): Pads {
  return { top: a.top + b.top, bottom: a.bottom + b.bottom, left: a.left + b.left, right: a.right + b.right };
}

/** The view with part of the zeros around it taken in. */
function grow(view: View, by: Pads): View {
  const { top, bottom, left, right } = by;
  return {
    ...moved(view, -top, -left),
    height: view.height + top + bottom,
    width: view.width + left + right,
    pads: add(view.pads, { top: -top, bottom: -bottom, left: -left, right: -right }),
  };
}

/** The view begun some rows down and pixels to the right. */
function moved(view: View, down: number, right: number): View {
  const by = down * view.row + right * view.channels * 4;
  return { ...view, at: view.at + by, gradient: view.gradient === 0 ? 0 : view.gradient + by };
}
