/** What a network costs: for each layer its shape, parameters and multiply-adds; for all, the memory to train it. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkOptions, whole } from '../check';
import type { OptionRules } from '../check';
import { checkShapes } from '../engine';
import { checkModel } from '../engine/layers/checkModel';
import type { PlanOptions } from '../engine/plan/builder';
import type { Layer, Network } from '../engine/layers/readLayers';
import { readLayers, Unsupported } from '../engine/layers/readLayers';
import type { Plan } from '../engine/plan/plan';
import { planNetwork } from '../engine/plan/lowering';

export interface LayerDescription {
  readonly name: string;
  /** The name of its class in TensorFlow.js: `Conv2D`. */
  readonly kind: string;
  /** [height, width, channels], or [features]. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
  /** Multiplications, each with an addition, for one image, forward. */
  readonly multiplyAdds: number;
}

export interface NetworkDescription {
  readonly inputShape: readonly number[];
  readonly layers: readonly LayerDescription[];
  readonly parameters: number;
  readonly multiplyAdds: number;
  readonly batchSize: number;
  readonly threads: number;
  /**
   * Memory of the engine while it trains: weights, gradients, the optimizer's state, and the images it is working on.
   */
  readonly bytes: number;
  /** All of it as a table. */
  readonly text: string;
}

export interface DescribeOptions {
  /** Images a step. Default 32. */
  readonly batchSize?: number;
  /** Default 2. */
  readonly threads?: number;
}

const optionRules: OptionRules<DescribeOptions> = { batchSize: whole(1, 2 ** 20), threads: whole(1, 256) };

/**
 * Describes a network as the engine would train it.
 *
 * @param o memory grows a little with both
 * @throws Unsupported when the engine cannot run the model, naming the layer and the reason
 * @throws RangeError when a layer has nothing to give, such as one whose window is larger than its input
 * @example console.log(describe(models.twoConvLayers()).text)
 */
export function describe(model: Sequential, o: DescribeOptions = {}): NetworkDescription {
  checkModel('describe', model);
  checkOptions('describe', o, optionRules);
  const { batchSize = 32, threads = 2 } = o;
  checkShapes('describe', model);
  const { network, plan } = planOf(model, { batchSize, threads, loss: 'crossEntropy' });
  const layers = network.layers.map((layer, i): LayerDescription => {
    const own = network.weights.filter((weight) => weight.layer === i);
    const parameters = own.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    const { name, className, outputShape } = layer;
    return { name, kind: className, outputShape, parameters, multiplyAdds: multiplyAdds(layer) };
  });
  const total = {
    inputShape: model.inputs[0].shape.slice(1) as number[],
    layers,
    parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
    multiplyAdds: layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0),
    ...{ batchSize, threads, bytes: plan.bytes },
  };
  return { ...total, text: table(total) };
}

function planOf(model: Sequential, o: PlanOptions): { readonly network: Network; readonly plan: Plan } {
  try {
    const network = readLayers(model);
    return { network, plan: planNetwork(network, o) };
  } catch (error) {
    throw error instanceof Unsupported
      ? new Unsupported(`describe: ${error.message}`, { cause: error })
      : error;
  }
}

/** Each number of the output is a sum of as many products as the kernel has numbers. */
function multiplyAdds(layer: Layer): number {
  const [height, width, channels] = layer.output;
  if (layer.kind === 'dense') return layer.input[2] * channels;
  if (layer.kind !== 'convolution') return 0;
  const { rows, columns } = layer.windows;
  return height * width * channels * rows.kernel * columns.kernel * layer.input[2];
}

function table(network: Omit<NetworkDescription, 'text'>): string {
  const number = (value: number): string => value.toLocaleString('en-US');
  const rows = [
    ['layer', 'kind', 'output', 'parameters', 'multiply-adds'],
    ['', 'input', network.inputShape.join('×'), '', ''],
    ...network.layers.map(({ name, kind, outputShape, parameters, multiplyAdds: products }) => {
      return [name, kind, outputShape.join('×'), number(parameters), number(products)];
    }),
    ['', '', 'in all', number(network.parameters), number(network.multiplyAdds)],
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  const memory = `${number(network.bytes)} bytes to train with ${network.batchSize} images a step on ${network.threads} threads`;
  return [...lines, memory].join('\n');
}
