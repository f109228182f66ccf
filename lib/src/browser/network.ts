/** A network in a page, as plain data: built from a description of its layers, or read from a TensorFlow.js model. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { check, checkFinite, checkList, checkOptions, finite, isObject, oneOf, shown, whole } from '../check';
import type { OptionRules } from '../check';
import { checkDataset, type Dataset } from '../data/dataset';
import { checkModel } from '../engine/layers/checkModel';
import { checkShapes } from '../engine/layers/checkShapes';
import { readLayers } from '../engine/layers/readLayers';
import type { ImageShape, Layer, Network, Weight } from '../engine/layers/readLayers';
import type { PlainNetwork } from '../plainNetwork';
import type { Padding, Pair } from '../shape';
import { planWindows } from '../shape';
import { plainOf } from '../training/plainLayers';
import { glorotUniform } from './glorot';

/** What a layer does to each number of its sums. */
export type Activation = 'linear' | 'relu' | 'tanh' | 'sigmoid' | 'softmax';

export interface ConvolutionDescription {
  readonly kind: 'conv';
  readonly filters: number;
  readonly kernel: Pair;
  /** Default 1. */
  readonly stride?: Pair;
  /** Zeros on each side, or how many is to be chosen. Default `'valid'`. */
  readonly padding?: Pair | 'valid' | 'same';
  /** Default relu. */
  readonly activation?: Activation;
}

export interface PoolingDescription {
  readonly kind: 'maxPool' | 'avgPool';
  readonly size: Pair;
  /** Default the size. */
  readonly stride?: Pair;
}

/** Flattens what comes before it. */
export interface DenseDescription {
  readonly kind: 'dense';
  readonly units: number;
  /** Default relu. */
  readonly activation?: Activation;
}

export interface ActivationDescription {
  readonly kind: 'activation';
  readonly activation: Activation;
}

export interface DropoutDescription {
  readonly kind: 'dropout';
  /** The share that is dropped. */
  readonly rate: number;
}

/** Layers from the image to the outputs. */
export type LayerDescription =
  ConvolutionDescription | PoolingDescription | DenseDescription | ActivationDescription | DropoutDescription;

export interface NetworkOptions {
  /** [height, width, channels]. Default [28, 28, 1]. */
  readonly inputShape?: readonly [number, number, number];
  /** Determines the initial weights, the same as those of `models` in Node. Default 1. */
  readonly seed?: number;
}

/** A network that can be trained: `train` puts the weights that it has learned in the place of these. */
export interface PageNetwork {
  readonly network: Network;
  /** In the order and shapes of `model.getWeights()`; see `network.weights` for what each is. */
  weights: readonly Float32Array[];
}

/** Seed 001's network, `models.twoConvLayers` in Node: 30,840 parameters. */
export const twoConvLayers: readonly LayerDescription[] = [
  { kind: 'conv', filters: 10, kernel: 5, padding: 1, activation: 'linear' }, // 26×26×10
  { kind: 'maxPool', size: 2 }, // 13×13×10
  { kind: 'activation', activation: 'relu' },
  { kind: 'conv', filters: 20, kernel: 5, padding: 1, activation: 'linear' }, // 11×11×20
  { kind: 'maxPool', size: 2 }, // 5×5×20
  { kind: 'activation', activation: 'relu' },
  { kind: 'dense', units: 50 },
  { kind: 'dense', units: 10, activation: 'softmax' },
];

const activation = oneOf<Activation>('linear', 'relu', 'tanh', 'sigmoid', 'softmax');
/** More of them than a network in a page has use for. */
const many = whole(1, 65536);
/** What a window is made of is checked with the image that it has to fit. */
const anyPair = { expected: 'a number or a pair of numbers', holds: (value: unknown) => value !== undefined };

const kind = oneOf<LayerDescription['kind']>('conv', 'maxPool', 'avgPool', 'dense', 'activation', 'dropout');
const convolutionRules: OptionRules<ConvolutionDescription> = {
  kind,
  filters: many,
  kernel: anyPair,
  stride: anyPair,
  padding: anyPair,
  activation,
};
const poolingRules: OptionRules<PoolingDescription> = { kind, size: anyPair, stride: anyPair };
const denseRules: OptionRules<DenseDescription> = { kind, units: many, activation };
const activationRules: OptionRules<ActivationDescription> = { kind, activation };
const dropoutRules: OptionRules<DropoutDescription> = { kind, rate: finite({ from: 0, to: 1 }) };
const rules: Readonly<Record<LayerDescription['kind'], unknown>> = {
  conv: convolutionRules,
  maxPool: poolingRules,
  avgPool: poolingRules,
  dense: denseRules,
  activation: activationRules,
  dropout: dropoutRules,
};
const required: Readonly<Record<LayerDescription['kind'], readonly string[]>> = {
  conv: ['filters', 'kernel'],
  maxPool: ['size'],
  avgPool: ['size'],
  dense: ['units'],
  activation: ['activation'],
  dropout: ['rate'],
};

const optionRules: OptionRules<NetworkOptions> = {
  inputShape: {
    expected: '[height, width, channels]',
    holds: (value) =>
      Array.isArray(value) &&
      value.length === 3 &&
      value.every((length) => Number.isInteger(length) && length >= 1),
  },
  seed: whole(0, 2 ** 32 - 1),
};

/**
 * Builds a network from a description, with kernels drawn from the seed and biases of 0.
 *
 * @throws TypeError or RangeError that names the layer when it is none, or when a window does not fit
 * @example const network = buildNetwork([{ kind: 'dense', units: 10, activation: 'softmax' }]);
 */
export function buildNetwork(layers: readonly LayerDescription[], o: NetworkOptions = {}): PageNetwork {
  checkList('buildNetwork', 'layers', layers, 'a list of layers', 1);
  checkOptions('buildNetwork', o, optionRules);
  const { inputShape = [28, 28, 1], seed = 1 } = o;
  const stack = new Stack(inputShape, seed);
  layers.forEach((layer, i) => {
    const where = `buildNetwork: layers[${i}]`;
    if (!isObject(layer)) throw new TypeError(`${where} is ${shown(layer)}, expected an object { kind, … }`);
    check(where, 'kind', layer.kind, kind);
    checkOptions(where, layer, rules[layer.kind] as OptionRules<object>, { required: required[layer.kind] });
    stack.add(where, layer, i);
  });
  return stack.network();
}

class Stack {
  private readonly layers: Layer[] = [];
  private readonly places: Weight[] = [];
  private readonly weights: Float32Array[] = [];
  private shape: ImageShape;
  private isFlat = false;

  constructor(
    private readonly input: ImageShape,
    private readonly seed: number,
  ) {
    this.shape = input;
  }

  network(): PageNetwork {
    return {
      network: { input: this.input, layers: this.layers, weights: this.places },
      weights: this.weights,
    };
  }

  add(where: string, layer: LayerDescription, i: number): void {
    switch (layer.kind) {
      case 'conv':
        return this.convolution(where, layer, i);
      case 'maxPool':
      case 'avgPool': {
        const { size, stride = size } = layer;
        const windows = this.windows(where, layer.kind, size, stride);
        const isMax = layer.kind === 'maxPool';
        this.push(isMax ? 'MaxPooling2D' : 'AveragePooling2D', `pool${i}`, [
          windows.rows.output,
          windows.columns.output,
          this.shape[2],
        ], { kind: isMax ? 'maxPool' : 'averagePool', windows }); // prettier-ignore
        return;
      }
      case 'dense':
        this.flatten(i);
        this.push('Dense', `dense${i}`, [1, 1, layer.units], {
          kind: 'dense',
          activation: layer.activation ?? 'relu',
          bias: true,
        });
        this.kernel([this.layers[this.layers.length - 1].input[2], layer.units]);
        return;
      case 'activation':
        this.push('Activation', `activation${i}`, this.shape, {
          kind: 'activation',
          activation: layer.activation,
          alpha: 1,
        });
        return;
      case 'dropout':
        this.push('Dropout', `dropout${i}`, this.shape, layer.rate === 0 ? { kind: 'reshape' } : { kind: 'dropout', rate: layer.rate }); // prettier-ignore
    }
  }

  private convolution(where: string, layer: ConvolutionDescription, i: number): void {
    const { filters, kernel, stride = 1, padding = 'valid', activation: own = 'relu' } = layer;
    // As TensorFlow.js, which knows no numbers there, would need it: a layer of zeros before.
    if (typeof padding !== 'string') {
      const [vertical, horizontal] = typeof padding === 'number' ? [padding, padding] : padding;
      for (const zeros of [vertical, horizontal]) check(where, 'padding', zeros, whole(0, 4096));
      const [height, width, channels] = this.shape;
      this.push('ZeroPadding2D', `pad${i}`, [height + 2 * vertical, width + 2 * horizontal, channels], {
        kind: 'zeroPadding',
        pads: { top: vertical, bottom: vertical, left: horizontal, right: horizontal },
      });
    }
    const windows = this.windows(
      where,
      'conv',
      kernel,
      stride,
      typeof padding === 'string' ? padding : 'valid',
    );
    const { rows, columns } = windows;
    const channels = this.shape[2];
    this.push('Conv2D', `conv${i}`, [rows.output, columns.output, filters], {
      kind: 'convolution',
      windows,
      activation: own,
      bias: true,
    });
    this.kernel([rows.kernel, columns.kernel, channels, filters]);
  }

  private windows(where: string, name: string, size: Pair, stride: Pair, padding: Padding = 'valid') {
    if (this.isFlat) throw new RangeError(`${where} is ${name} after a dense layer, expected dense`);
    return planWindows(where, [this.shape[0], this.shape[1]], size, { stride, padding });
  }

  private flatten(i: number): void {
    if (this.isFlat) return;
    this.isFlat = true;
    const [height, width, channels] = this.shape;
    this.push('Flatten', `flatten${i}`, [1, 1, height * width * channels], { kind: 'reshape' });
  }

  private push(className: string, name: string, output: ImageShape, does: Does): void {
    const outputShape = this.isFlat ? [output[2]] : [...output];
    this.layers.push({ name, className, input: this.shape, output, outputShape, ...does });
    this.shape = output;
  }

  /** The weights of the last layer. Layers are counted from 1, as in `models`. */
  private kernel(shape: readonly number[]): void {
    const layer = this.layers.length - 1;
    const count = this.places.filter(({ role }) => role === 'kernel').length + 1;
    const outputs = shape[shape.length - 1];
    this.places.push(
      { layer, role: 'kernel', shape, trainable: true },
      { layer, role: 'bias', shape: [outputs], trainable: true },
    );
    this.weights.push(glorotUniform(shape, this.seed * 1000 + count), new Float32Array(outputs));
  }
}

/** What tells one layer from another of the same sizes. */
type Does = Layer extends infer L ? (L extends Layer ? Omit<L, keyof BaseOfLayer> : never) : never;
type BaseOfLayer = Pick<Layer, 'name' | 'className' | 'input' | 'output' | 'outputShape'>;

/**
 * The layers and a copy of the weights of a `tf.Sequential`. After the training,
 * `model.setWeights(network.weights.map((w, i) => tf.tensor(w, network.network.weights[i].shape)))` gives them back.
 *
 * @throws Unsupported for a layer that the engine cannot run, with the reason
 */
export function readModel(model: Sequential): PageNetwork {
  checkModel('readModel', model);
  checkShapes('readModel', model);
  return {
    network: readLayers(model),
    weights: model.getWeights().map((weight) => Float32Array.from(weight.dataSync())),
  };
}

/** The network as widgets take it, and as `ops` compute with it. */
export function plainNetwork({ network, weights }: PageNetwork): PlainNetwork {
  return plainOf('plainNetwork', network, weights);
}

export function checkNetwork(callee: string, value: unknown): asserts value is PageNetwork {
  const { network, weights } = isObject(value) ? value : {};
  if (isObject(network) && Array.isArray(network.layers) && Array.isArray(weights)) return;
  const hint = isObject(value) && 'getClassName' in value ? ' or readModel(model)' : '';
  throw new TypeError(`${callee}: network is ${shown(value)}, expected buildNetwork([…])${hint}`);
}

/** Throws unless the data set is whole and fits the network. */
export function checkFits(callee: string, name: string, { network }: PageNetwork, dataset: Dataset): void {
  checkDataset(callee, name, dataset);
  const { images, labels, size, imageShape } = dataset;
  if (size === 0) throw new RangeError(`${callee}: ${name} is empty, expected at least one image`);
  if (imageShape.join() !== network.input.join()) {
    throw new RangeError(
      `${callee}: ${name}.images have the shape ${shown(imageShape)}, expected ${shown(network.input)}, the input of the network`,
    );
  }
  checkFinite(callee, `${name}.images`, images);
  const outputs = network.layers[network.layers.length - 1].output[2];
  const wrong = labels.findIndex((label) => label >= outputs);
  if (wrong >= 0) {
    throw new RangeError(
      `${callee}: ${name}.labels[${wrong}] is ${labels[wrong]}, expected less than ${outputs}, the outputs of the network`,
    );
  }
}
