/** Makes the plan of a network (`plan.ts`): walks through the layers and lays out what each needs. */
import { PlanBuilder, type PlanOptions } from './builder';
import type { ActivationName, Layer, Network, PoolLayer } from '../layers/readLayers';
import { Unsupported } from '../layers/readLayers';
import { roundUp } from './arena';
import type { LayerParameters } from './parameters';
import { layParameters } from './parameters';
import { planConvolution, planPool } from './convolution';
import type { Parameter, Plan, View } from './plan';
import { CHUNK } from './plan';
import { grow, NO_PADS } from './tensors';

/** The bits of 1 as a 32-bit float. */
const FLOAT_ONE = 0x3f800000;

/** Images of a group: small batches still give every thread something, large ones at most 16 groups. */
function groupSizeFor(batchSize: number): number {
  if (batchSize < 4) return 1;
  if (batchSize < 16) return 2;
  return roundUp(Math.ceil(batchSize / 16), CHUNK);
}

export function planNetwork(network: Network, options: PlanOptions): Plan {
  return new Planner(network, options).plan();
}

class Planner {
  private readonly builder: PlanBuilder;
  private readonly groups: number;
  private softmaxOutput = false;

  constructor(
    private readonly network: Network,
    private readonly options: PlanOptions,
  ) {
    this.builder = new PlanBuilder(network, options);
    this.groups = Math.ceil(options.batchSize / groupSizeFor(options.batchSize));
  }

  plan(): Plan {
    const { batchSize, threads } = this.options;
    const { builder } = this;
    const { layers, arena } = builder;
    const { layers: parameters, ...state } = layParameters(this.network, arena);
    const [height, width, channels] = this.network.input;
    const input = builder.tensor(height, width, channels, 0);
    let view = input;
    for (let i = 0; i < layers.length;) {
      const layer = layers[i];
      switch (layer.kind) {
        case 'convolution':
        case 'dense': {
          const own = layer.activation;
          const [y, next] = planConvolution(builder, layer, i, view, parameters[i]);
          view = own === 'linear' || own === 'relu' ? y : this.activation(own, 1, i, y);
          i = next;
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
          view = grow(builder.bordered(view, layer.pads, i), layer.pads);
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
    const partBytes = roundUp(builder.partBytes, 64);
    const staging = height * width * channels * 4;
    const scratchBytes = roundUp(builder.scratchFloats * 4 + 128, 64);
    const rest = {
      parts: arena.take(partBytes * this.groups),
      losses: arena.take(8 * batchSize),
      correct: arena.take(4 * batchSize),
      labels: arena.take(4 * batchSize),
      stagingBytes: roundUp(staging + 16, 64),
      staging: arena.take(roundUp(staging + 16, 64) * threads),
      scratch: arena.take(scratchBytes * threads),
    };
    return {
      ...rest,
      layerNames: layers.map((layer) => layer.name),
      operations: builder.operations,
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
      constants: builder.constants,
      pages: arena.pages,
      bytes: arena.bytes,
    };
  }

  private pool(layer: PoolLayer, i: number, x: View): View {
    const { builder } = this;
    const [height, width, channels] = layer.output;
    const { rows, columns } = layer.windows;
    // The output of global pooling is a list, but is treated as one pixel.
    const y = builder.tensor(rows.output, columns.output, channels, i + 1);
    const common = { layer: i, x, y, inputGradient: builder.trained };
    const pool = planPool(builder, layer, x, y, { x: channels * 4, y: x.row }, false);
    if (layer.kind === 'maxPool') {
      const argmax = builder.tensors.argmax(height * width, channels);
      builder.operations.push({ ...common, kind: 'maxPool', pool, argmax });
    } else builder.operations.push({ ...common, kind: 'averagePool', pool });
    return y;
  }

  private activation(activation: ActivationName, alpha: number, i: number, x: View): View {
    const { builder } = this;
    if (activation === 'softmax') {
      // The last but for layers that give one list of numbers another shape.
      const last =
        x.height * x.width === 1 && builder.layers.slice(i + 1).every(({ kind }) => kind === 'reshape');
      if (last && this.options.loss !== 'meanSquaredError') {
        this.softmaxOutput = true;
        return x;
      }
      x = builder.contiguous(x, i);
    }
    const y = builder.tensor(
      x.height,
      x.width,
      x.channels,
      activation === 'softmax' ? builder.layers.length : i + 1,
      builder.tensors.feedDense(i + 1),
    );
    builder.operations.push({
      kind: 'activation',
      activation,
      alpha,
      layer: i,
      x,
      y,
      inputGradient: builder.trained,
    });
    return y;
  }

  private dropout(rate: number, i: number, x: View): View {
    const { builder } = this;
    const y = builder.tensor(x.height, x.width, x.channels, i + 1);
    builder.operations.push({ kind: 'dropout', rate, layer: i, x, y, inputGradient: builder.trained });
    return y;
  }

  private normalization(
    momentum: number,
    epsilon: number,
    i: number,
    x: View,
    parameters: LayerParameters,
  ): View {
    const { builder } = this;
    const gamma = parameters.gamma as Parameter;
    const beta = parameters.beta as Parameter;
    const inputGradient = builder.trained;
    builder.trained ||= gamma.trainable || beta.trainable;
    const y = builder.tensor(x.height, x.width, x.channels, i + 1);
    builder.needScratch(6 * (x.channels + 4));
    if (!this.network.weights.some(({ layer, role }) => layer === i && role === 'gamma')) {
      const ones = new Array<number>(x.channels).fill(FLOAT_ONE);
      builder.constants.push({ at: gamma.weights, values: ones }, { at: gamma.average, values: ones });
    }
    builder.operations.push({
      ...{ kind: 'normalization', momentum, epsilon, gamma, beta, layer: i, x, y, inputGradient },
      movingMean: (parameters.movingMean as Parameter).weights,
      movingVariance: (parameters.movingVariance as Parameter).weights,
      used: builder.arena.take(gamma.floats * 8),
      statistics: builder.arena.take(16 * x.channels),
      sums: builder.arena.take(16 * x.channels * this.groups),
      gradientSums: builder.arena.take(16 * x.channels * this.groups),
    });
    return y;
  }

  private reshape(layer: Layer, i: number, view: View): View {
    const [height, width, channels] = layer.output;
    const flat = this.builder.contiguous(view, i);
    return { ...flat, height, width, channels, row: width * channels * 4, pads: NO_PADS };
  }
}
