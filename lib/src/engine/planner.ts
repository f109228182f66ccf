/** Makes the plan of a network (`plan.ts`): walks through the layers, and lays down what each needs. */
import { fuse, isTwoByTwo } from './fusion';
import type { ActivationName, ConvolutionLayer, DenseLayer, Layer, Network, Pads, PoolLayer } from './layers';
import { Unsupported } from './layers';
import { Layout, roundUp } from './memory';
import type { LayerParameters } from './parameters';
import { layParameters, matrixOf } from './parameters';
import type { Operation, Parameter, Plan, View } from './plan';
import { CHUNK } from './plan';
import { Tensors } from './tensors';
import type { LossName } from './types';
import { grow, hasPads, isContiguous, moved, NO_PADS, padsOf, spill } from './views';

export interface PlanOptions {
  readonly batchSize: number;
  readonly threads: number;
  readonly loss: LossName;
}

/** The bits of 1 as a 32-bit float. */
const FLOAT_ONE = 0x3f800000;

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
  private readonly layers: readonly Layer[];
  private readonly tensors: Tensors;
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
    this.tensors = new Tensors(this.layers, this.layout, options.batchSize, options.threads);
    this.groups = Math.ceil(options.batchSize / groupSizeFor(options.batchSize));
    this.zeros = this.layout.take(64);
    // A network with nothing to train still has a loss, which writes a gradient.
    this.trained = !network.weights.some((weight) => weight.trainable);
  }

  plan(): Plan {
    const { batchSize, threads } = this.options;
    const { layers: parameters, ...state } = layParameters(this.network, this.layout);
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
      ...state,
      constants: this.constants,
      pages: this.layout.pages,
      bytes: this.layout.bytes,
    };
  }

  private tensor(height: number, width: number, channels: number, next: number, perBatch = false): View {
    return this.tensors.take([height, width, channels], next, { gradient: this.trained, perBatch });
  }

  /** The view itself if enough zeros stand around it, else a copy with them, for layer `i`. */
  private bordered(view: View, pads: Pads, i: number): View {
    return hasPads(view, pads)
      ? view
      : this.copy(view, i, this.tensor(view.height, view.width, view.channels, i));
  }

  /** The view itself if its numbers stand side by side, else a copy. */
  private contiguous(view: View, i: number): View {
    if (isContiguous(view)) return view;
    return this.copy(
      view,
      i,
      this.tensor(view.height, view.width, view.channels, this.layers.length, this.tensors.feedDense(i)),
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
    parameters: LayerParameters,
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
    const y = this.tensor(outHeight, outWidth, channels, next, dense || this.tensors.feedDense(fusion.next));

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
      return this.record([
        ...[matrix.rows, matrix.run, matrix.paddedRun, table],
        ...[channels, outVectors, height, width, xStepX, xStepY, channels * 4, target.row],
        ...[packed, kernel.weights, this.zeros, fusion.relu ? 1 : 0],
        this.record(Array.from({ length: height }, (_, row) => row * target.row)),
        spill(target),
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
      const winners = this.tensors.winners(outHeight * outWidth, channels);
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
    return this.record([
      ...[x.height, x.width, x.channels, y.height, y.width],
      ...[rows.kernel, columns.kernel, rows.stride, columns.stride, rows.before, columns.before],
      ...[x.row, y.channels * 4, y.row, spill(y)],
      ...[codeX, codeY, relu ? 1 : 0],
    ]);
  }

  private pool(layer: PoolLayer, i: number, x: View): View {
    const [height, width, channels] = layer.output;
    const { rows, columns } = layer.windows;
    // A global pool's output is a list; it is one pixel all the same.
    const y = this.tensor(rows.output, columns.output, channels, i + 1);
    const winners = layer.kind === 'maxPool' ? this.tensors.winners(height * width, channels) : null;
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
      this.tensors.feedDense(i + 1),
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
    parameters: LayerParameters,
  ): View {
    const gamma = parameters.gamma as Parameter;
    const beta = parameters.beta as Parameter;
    const inputGradient = this.trained;
    this.trained ||= gamma.trainable || beta.trainable;
    const y = this.tensor(x.height, x.width, x.channels, i + 1);
    this.scratchFloats = Math.max(this.scratchFloats, 6 * (x.channels + 4));
    if (!this.network.weights.some(({ layer, role }) => layer === i && role === 'gamma')) {
      const ones = new Array<number>(x.channels).fill(FLOAT_ONE);
      this.constants.push({ at: gamma.weights, values: ones }, { at: gamma.average, values: ones });
    }
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
