/** What a network costs: for each layer its shape, parameters and multiply-adds; for all, the memory to train it. */
import type { layers as tfLayers, Sequential } from '@tensorflow/tfjs-layers';
import { checkOptions, whole } from '../check';
import type { OptionRules } from '../check';
import { checkShapes, Unsupported } from '../engine';
import { checkModel } from '../engine/layers/checkModel';
import { allLayers } from '../engine/layers/layerChain';
import { readLayers } from '../engine/layers/readLayers';
import type { PlanOptions } from '../engine/plan/builder';
import { planNetwork } from '../engine/plan/lowering';
import { threadsRule } from '../threadCount';
import { multiplyAddsOf, sizesOf, type Shape } from './multiplyAdds';

export interface LayerDescription {
  readonly name: string;
  /** The name of its class in TensorFlow.js: `Conv2D`. */
  readonly kind: string;
  /** [height, width, channels], or [features]; NaN for a length that is not fixed. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
  /**
   * Multiplications, each with an addition, for one image, forward: those of sums of products, none for pooling,
   * normalisation and activations. NaN where their number is not fixed, or not known, as for a class of your own.
   */
  readonly multiplyAdds: number;
}

export interface NetworkDescription {
  /** NaN for a length that is not fixed. */
  readonly inputShape: readonly number[];
  readonly layers: readonly LayerDescription[];
  /** A layer that stands in several places has its parameters only once. */
  readonly parameters: number;
  /** NaN where that of a layer is. */
  readonly multiplyAdds: number;
  readonly batchSize: number;
  readonly threads: number;
  /**
   * Memory of ConvLab's engine while it trains: weights, gradients, the optimizer's state, and the images it is working
   * on. NaN if the engine cannot train the network.
   */
  readonly bytes: number;
  /** Why ConvLab's engine cannot train the network; absent if it can. */
  readonly unsupported?: string;
  /** All of it as a table. */
  readonly text: string;
}

export interface DescribeOptions {
  /** Images a step. Default 32. */
  readonly batchSize?: number;
  /** Default 2. */
  readonly threads?: number;
}

const optionRules: OptionRules<DescribeOptions> = { batchSize: whole(1, 2 ** 20), threads: threadsRule };

/**
 * Describes any `tf.Sequential`, whichever engine trains it. The layers of a nested `tf.Sequential` stand in its place;
 * another nested model is one layer.
 *
 * @param o memory grows a little with both
 * @throws TypeError when the model has no input shape yet
 * @throws RangeError when a layer has nothing to give, such as one whose window is larger than its input
 * @example console.log(describe(models.twoConvLayers()).text)
 */
export function describe(model: Sequential, o: DescribeOptions = {}): NetworkDescription {
  checkModel('describe', model);
  checkOptions('describe', o, optionRules);
  const { batchSize = 32, threads = 2 } = o;
  const chain = allLayers(model).filter((layer) => layer.getClassName() !== 'InputLayer');
  checkShapes('describe', model, chain);
  const inputShape = sizesOf(model.inputs[0].shape);
  let shape: Shape = model.inputs[0].shape;
  const layers = chain.map((layer): LayerDescription => {
    const input = shape;
    // Not the shapes that the layer knows: it can be part of several models, and has then several.
    shape = layer.computeOutputShape(input as number[]) as Shape;
    return {
      name: layer.name,
      kind: layer.getClassName(),
      outputShape: sizesOf(shape),
      parameters: layer.countParams(),
      multiplyAdds: multiplyAddsOf(layer, input, shape),
    };
  });
  const described = {
    inputShape,
    layers,
    parameters: parametersOf(chain),
    multiplyAdds: layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0),
    batchSize,
    threads,
    ...memoryOf(model, { batchSize, threads, loss: 'crossEntropy' }),
  };
  return { ...described, text: table(described) };
}

function parametersOf(chain: readonly tfLayers.Layer[]): number {
  return [...new Set(chain)].reduce((sum, layer) => sum + layer.countParams(), 0);
}

function memoryOf(model: Sequential, o: PlanOptions): Pick<NetworkDescription, 'bytes' | 'unsupported'> {
  try {
    return { bytes: planNetwork(readLayers(model), o).bytes };
  } catch (error) {
    // The plan's own error: more than the engine's memory can hold.
    const isTooLarge = error instanceof RangeError;
    if (!isTooLarge && !(error instanceof Unsupported)) throw error;
    return { bytes: NaN, unsupported: error.message.replace(/^engine: /, '') };
  }
}

function table(network: Omit<NetworkDescription, 'text'>): string {
  const number = (value: number): string => (Number.isNaN(value) ? '?' : value.toLocaleString('en-US'));
  const sizes = (shape: readonly number[]): string =>
    shape.map((length) => (Number.isNaN(length) ? '?' : length)).join('×');
  const rows = [
    ['layer', 'kind', 'output', 'parameters', 'multiply-adds'],
    ['', 'input', sizes(network.inputShape), '', ''],
    ...network.layers.map(({ name, kind, outputShape, parameters, multiplyAdds }) => {
      return [name, kind, sizes(outputShape), number(parameters), number(multiplyAdds)];
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
  return [...lines, ending(network)].join('\n');
}

function ending({ bytes, batchSize, threads, unsupported }: Omit<NetworkDescription, 'text'>): string {
  if (unsupported !== undefined) return `not for ConvLab's engine: ${unsupported}`;
  return `${bytes.toLocaleString('en-US')} bytes to train with ${batchSize} images a step on ${threads} threads`;
}
