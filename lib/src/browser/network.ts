/** A network in a page, as plain data: built from a description of its layers, or read from a TensorFlow.js model. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { check, checkFinite, checkOptions, checkSize, isObject, isTyped, shown, whole } from '../check';
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
import { checkLayers, type ConvolutionDescription, type LayerDescription } from './description';
import { glorotUniform } from './glorot';

export interface NetworkOptions {
  /** [height, width, channels]. Default [28, 28, 1]. */
  readonly inputShape?: readonly [number, number, number];
  /** Determines the initial weights, the same as those of `models` in Node. Default 1. */
  readonly seed?: number;
}

/** A network that can be trained: `train` puts the weights that it has learned in the place of these. */
export interface PageNetwork {
  readonly network: Network;
  /** In the order and shapes that `model.weights` had; see `network.weights` for what each is. */
  weights: readonly Float32Array[];
}

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
  checkLayers('buildNetwork', layers);
  checkOptions('buildNetwork', o, optionRules);
  const { inputShape = [28, 28, 1], seed = 1 } = o;
  const stack = new Stack(inputShape, seed);
  layers.forEach((layer, i) => stack.add(`buildNetwork: layers[${i}]`, layer));
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
    const { layers } = this;
    const last = layers[layers.length - 1];
    const named = last.kind === 'dense' ? [...layers.slice(0, -1), { ...last, name: 'output' }] : layers;
    return {
      network: { input: this.input, layers: named, weights: this.places },
      weights: this.weights,
    };
  }

  add(where: string, layer: LayerDescription): void {
    switch (layer.kind) {
      case 'conv':
        return this.convolution(where, layer);
      case 'maxPool':
      case 'avgPool': {
        const { size, stride = size } = layer;
        const windows = this.windows(where, layer.kind, size, stride);
        const isMax = layer.kind === 'maxPool';
        this.push(isMax ? 'MaxPooling2D' : 'AveragePooling2D', this.named('pool'), [
          windows.rows.output,
          windows.columns.output,
          this.shape[2],
        ], { kind: isMax ? 'maxPool' : 'averagePool', windows }); // prettier-ignore
        return;
      }
      case 'dense':
        this.flatten();
        this.push('Dense', this.named('dense'), [1, 1, layer.units], {
          kind: 'dense',
          activation: layer.activation ?? 'relu',
          bias: true,
        });
        this.kernel(where, [this.layers[this.layers.length - 1].input[2], layer.units]);
        return;
      case 'activation':
        this.push('Activation', this.named(layer.activation), this.shape, {
          kind: 'activation',
          activation: layer.activation,
          alpha: 1,
        });
        return;
      case 'dropout':
        this.push('Dropout', this.named('dropout'), this.shape, layer.rate === 0 ? { kind: 'reshape' } : { kind: 'dropout', rate: layer.rate }); // prettier-ignore
    }
  }

  private convolution(where: string, layer: ConvolutionDescription): void {
    const { filters, kernel, stride = 1, padding = 'valid', activation: own = 'relu' } = layer;
    // As TensorFlow.js, which knows no numbers there, would need it: a layer of zeros before.
    if (typeof padding !== 'string') {
      const [vertical, horizontal] = typeof padding === 'number' ? [padding, padding] : padding;
      for (const zeros of [vertical, horizontal]) check(where, 'padding', zeros, whole(0, 4096));
      const [height, width, channels] = this.shape;
      this.push(
        'ZeroPadding2D',
        this.named('pad'),
        [height + 2 * vertical, width + 2 * horizontal, channels],
        {
          kind: 'zeroPadding',
          pads: { top: vertical, bottom: vertical, left: horizontal, right: horizontal },
        },
      );
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
    this.push('Conv2D', this.named('conv'), [rows.output, columns.output, filters], {
      kind: 'convolution',
      windows,
      activation: own,
      bias: true,
    });
    this.kernel(where, [rows.kernel, columns.kernel, channels, filters]);
  }

  private windows(where: string, name: string, size: Pair, stride: Pair, padding: Padding = 'valid') {
    if (this.isFlat) throw new RangeError(`${where} is ${name} after a dense layer, expected dense`);
    return planWindows(where, [this.shape[0], this.shape[1]], size, { stride, padding });
  }

  private flatten(): void {
    if (this.isFlat) return;
    this.isFlat = true;
    const [height, width, channels] = this.shape;
    this.push('Flatten', 'flatten', [1, 1, height * width * channels], { kind: 'reshape' });
  }

  /** As the course names them: conv1, pool1, relu1, conv2, … */
  private named(kind: string): string {
    const count = this.layers.filter(({ name }) => name.replace(/\d+$/, '') === kind).length;
    return `${kind}${count + 1}`;
  }

  private push(className: string, name: string, output: ImageShape, does: Does): void {
    const outputShape = this.isFlat ? [output[2]] : [...output];
    this.layers.push({ name, className, input: this.shape, output, outputShape, ...does });
    this.shape = output;
  }

  /** The weights of the last layer. Layers are counted from 1, as in `models`. */
  private kernel(where: string, shape: readonly number[]): void {
    checkSize(where, 'its kernel', shape);
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
 * The layers and a copy of the weights of a `tf.Sequential`, in the order that `model.weights` has now. With
 * `const variables = model.weights` kept from here, after the training
 * `variables.forEach((v, i) => v.read().assign(tf.tensor(network.weights[i], v.shape)))` gives them back. (Not
 * `setWeights`: it takes another order where a nested model is frozen, and changes weights that have a constraint.)
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
  if (isObject(network) && Array.isArray(network.layers) && Array.isArray(weights)) {
    const given = value as PageNetwork;
    checkWeights(callee, given);
    return checkScores(callee, given);
  }
  const hint = isObject(value) && 'getClassName' in value ? ' or readModel(model)' : '';
  throw new TypeError(`${callee}: network is ${shown(value)}, expected buildNetwork([…])${hint}`);
}

function checkWeights(callee: string, { network, weights }: PageNetwork): void {
  const places = network.weights;
  if (weights.length !== places.length) {
    throw new RangeError(
      `${callee}: network.weights has ${weights.length} arrays, expected ${places.length}`,
    );
  }
  places.forEach(({ layer, role, shape }, i) => {
    const size = shape.reduce((product, length) => product * length, 1);
    if (isTyped(weights[i], 'Float32Array') && weights[i].length === size) return;
    throw new TypeError(
      `${callee}: network.weights[${i}] is ${shown(weights[i])}, expected a Float32Array of ${size}, ` +
        `the ${role} of layer ${network.layers[layer].name}`,
    );
  });
}

/** Throws unless the network gives a number for each class. */
function checkScores(callee: string, { network: { layers } }: PageNetwork): void {
  const { name, className, output, outputShape } = layers[layers.length - 1];
  if (output[0] === 1 && output[1] === 1) return;
  throw new RangeError(
    `${callee}: layer ${name} (${className}), the last one, gives ${shown(outputShape)}, expected [classes]: ` +
      'is a dense layer missing?',
  );
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
