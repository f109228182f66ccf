/**
 * Reads a `tf.Sequential` into plain data: what each layer does, with all sizes resolved. What the engine cannot run
 * is an error here, which names the layer and the reason, and nowhere later.
 */
import type { layers, Sequential } from '@tensorflow/tfjs-layers';
import { shown } from '../../check';
import type { Windows } from '../../shape';
import { planWindows } from '../../shape';
import { allLayers, isOwnKind, repeated } from './layerChain';

/** [height, width, channels]; a list of n features is [1, 1, n]. */
export type ImageShape = readonly [height: number, width: number, channels: number];

export type ActivationName =
  | 'linear'
  | 'relu'
  | 'relu6'
  | 'clippedRelu'
  | 'leakyRelu'
  | 'elu'
  | 'sigmoid'
  | 'tanh'
  | 'swish'
  | 'softmax';

interface Base {
  readonly name: string;
  readonly className: string;
  readonly input: ImageShape;
  readonly output: ImageShape;
  /** As TensorFlow.js has it, without the batch: [features] where `output` is [1, 1, features]. */
  readonly outputShape: readonly number[];
}

export interface ConvolutionLayer extends Base {
  readonly kind: 'convolution';
  readonly windows: Windows;
  readonly activation: ActivationName;
  readonly bias: boolean;
}

export interface DenseLayer extends Base {
  readonly kind: 'dense';
  readonly activation: ActivationName;
  readonly bias: boolean;
}

export interface PoolLayer extends Base {
  readonly kind: 'maxPool' | 'averagePool';
  readonly windows: Windows;
}

export interface ActivationLayer extends Base {
  readonly kind: 'activation';
  readonly activation: ActivationName;
  /** Slope of leakyRelu below 0, limit of clippedRelu above, of elu below. */
  readonly alpha: number;
}

export interface PaddingLayer extends Base {
  readonly kind: 'zeroPadding';
  readonly pads: Pads;
}

export interface DropoutLayer extends Base {
  readonly kind: 'dropout';
  readonly rate: number;
}

export interface NormalizationLayer extends Base {
  readonly kind: 'normalization';
  readonly momentum: number;
  readonly epsilon: number;
}

/** The same numbers under another shape. */
export interface ReshapeLayer extends Base {
  readonly kind: 'reshape';
}

export type Layer =
  | ConvolutionLayer
  | DenseLayer
  | PoolLayer
  | ActivationLayer
  | PaddingLayer
  | DropoutLayer
  | NormalizationLayer
  | ReshapeLayer;

export interface Pads {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export type WeightRole = 'kernel' | 'bias' | 'gamma' | 'beta' | 'movingMean' | 'movingVariance';

/** One of the model's weights, in the order of `model.getWeights()`. */
export interface Weight {
  /** Index into `layers`. */
  readonly layer: number;
  readonly role: WeightRole;
  readonly shape: readonly number[];
  readonly trainable: boolean;
}

export interface Network {
  readonly input: ImageShape;
  readonly layers: readonly Layer[];
  readonly weights: readonly Weight[];
}

/** What the engine cannot run. In Node `train` then takes TensorFlow.js; asked for the engine, it throws this as a cause. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

type Config = Readonly<Record<string, unknown>>;

/** Lengths of axes, the batch first; null where one is not known. */
type Shape = readonly (number | null)[];

/**
 * @throws Unsupported naming the layer and the reason
 */
export function readLayers(model: Sequential): Network {
  if (!Array.isArray(model.layers) || model.layers.length === 0) {
    throw new Unsupported('the model has no layers');
  }
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new Unsupported('the model has more than one input or output');
  }
  const chain = allLayers(model);
  const twice = repeated(chain);
  if (twice) throw new Unsupported(`layer ${twice.name} is in the model twice`);
  const layers: Layer[] = [];
  const places = new Map<layers.Layer, number>();
  let shape = model.inputs[0].shape as Shape;
  for (const layer of chain) {
    if (layer.getClassName() === 'InputLayer') continue;
    // Not the shapes that the layer knows: it can be part of several models, and has then several.
    const output = layer.computeOutputShape(shape as number[]) as Shape | readonly Shape[];
    places.set(layer, layers.length);
    layers.push(readLayer(layer, shape, output));
    shape = output as Shape;
  }
  if (layers.length === 0) throw new Unsupported('the model has no layers');
  const input = imageShape(model.layers[0].name, model.inputs[0].shape.slice(1));
  return { input, layers, weights: readWeightList(model, places) };
}

function readLayer(layer: layers.Layer, input: Shape, output: Shape | readonly Shape[]): Layer {
  const name = layer.name;
  const className = layer.getClassName();
  const config = layer.getConfig() as Config;
  const fail = (reason: string): never => {
    throw new Unsupported(`layer ${name} (${className}): ${reason}`);
  };
  for (const key of Object.keys(config)) {
    if (/(Regularizer|Constraint)$/.test(key) && config[key] !== null && config[key] !== undefined)
      fail(`${key} is not supported`);
  }
  if (config.dataFormat === 'channelsFirst') fail("dataFormat 'channelsFirst' is not supported");
  if (!isOwnKind(layer)) return fail("its class is not one of TensorFlow.js'");
  if (!isShape(output)) return fail('has several outputs');
  const inputShape = input.slice(1);
  const base: Base = {
    name,
    className,
    input: imageShape(name, inputShape),
    output: imageShape(name, output.slice(1)),
    outputShape: output.slice(1) as number[],
  };
  const [height, width, channels] = base.input;
  const flat = inputShape.length === 1;
  const windows = (size: unknown, stride: unknown, padding: unknown, dilation: unknown = 1): Windows => {
    if (flat) fail('needs an image, its input is a list');
    if (padding === 'causal') fail("padding 'causal' is not supported");
    return planWindows(name, [height, width], size as [number, number], {
      stride: stride as [number, number],
      padding: padding as 'valid' | 'same',
      dilation: (dilation ?? 1) as [number, number],
    });
  };
  const finite = (key: string, value: unknown): number =>
    typeof value === 'number' && Number.isFinite(value) ? value : fail(`${key} is ${shown(value)}`);
  switch (className) {
    case 'Conv2D':
      return {
        ...base,
        kind: 'convolution',
        windows: windows(config.kernelSize, config.strides, config.padding, config.dilationRate),
        activation: activationOf(config.activation, fail),
        bias: config.useBias !== false,
      };
    case 'Dense': {
      const common = {
        ...base,
        activation: activationOf(config.activation, fail),
        bias: config.useBias !== false,
      };
      // On an image, a dense layer is a 1×1 convolution.
      if (flat) return { ...common, kind: 'dense' };
      return { ...common, kind: 'convolution', windows: windows(1, 1, 'valid') };
    }
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return {
        ...base,
        kind: className === 'MaxPooling2D' ? 'maxPool' : 'averagePool',
        windows: windows(config.poolSize, config.strides, config.padding),
      };
    case 'GlobalAveragePooling2D':
    case 'GlobalMaxPooling2D':
      return {
        ...base,
        kind: className === 'GlobalMaxPooling2D' ? 'maxPool' : 'averagePool',
        windows: windows([height, width], 1, 'valid'),
      };
    case 'Flatten':
    case 'Reshape':
      return { ...base, kind: 'reshape' };
    case 'ZeroPadding2D': {
      const [[top, bottom], [left, right]] = config.padding as [[number, number], [number, number]];
      return { ...base, kind: 'zeroPadding', pads: { top, bottom, left, right } };
    }
    case 'Activation':
      return { ...base, kind: 'activation', activation: activationOf(config.activation, fail), alpha: 1 };
    case 'ReLU': {
      const limit = config.maxValue ?? null;
      if (limit === null) return { ...base, kind: 'activation', activation: 'relu', alpha: 0 };
      const alpha = finite('maxValue', limit);
      if (alpha < 0) fail('maxValue is below 0');
      return { ...base, kind: 'activation', activation: 'clippedRelu', alpha };
    }
    case 'LeakyReLU':
      return { ...base, kind: 'activation', activation: 'leakyRelu', alpha: finite('alpha', config.alpha) };
    case 'ELU':
      return { ...base, kind: 'activation', activation: 'elu', alpha: finite('alpha', config.alpha) };
    case 'Softmax':
      if (config.axis !== -1 && config.axis !== inputShape.length)
        fail('an axis other than the last is not supported');
      return { ...base, kind: 'activation', activation: 'softmax', alpha: 0 };
    case 'Dropout':
      if (config.noiseShape !== null && config.noiseShape !== undefined) fail('noiseShape is not supported');
      // A dropout that drops nothing must not come between layers that are planned together.
      if (config.rate === 0) return { ...base, kind: 'reshape' };
      return { ...base, kind: 'dropout', rate: finite('rate', config.rate) };
    case 'BatchNormalization':
      if (config.axis !== -1 && config.axis !== inputShape.length)
        fail('an axis other than the last is not supported');
      return {
        ...base,
        kind: 'normalization',
        momentum: Number(config.momentum),
        epsilon: Number(config.epsilon),
      };
    default:
      return fail(channels > 0 ? 'this kind of layer is not supported' : 'has no channels');
  }
}

function isShape(shape: Shape | readonly Shape[]): shape is Shape {
  return !shape.some(Array.isArray);
}

function activationOf(value: unknown, fail: (reason: string) => never): ActivationName {
  const names: readonly ActivationName[] = [
    'linear',
    'relu',
    'relu6',
    'elu',
    'sigmoid',
    'tanh',
    'swish',
    'softmax',
  ];
  // tfjs' own names are those of its classes in snake case; older configs have null for none.
  const name = value ?? 'linear';
  return (
    names.find((known) => known === name) ?? fail(`activation ${JSON.stringify(value)} is not supported`)
  );
}

function imageShape(name: string, shape: readonly (number | null)[]): ImageShape {
  if (shape.some((size) => size === null || !(size > 0))) {
    throw new Unsupported(`layer ${name}: its shape [${shape.join(', ')}] is not fixed`);
  }
  const sizes = shape as readonly number[];
  if (sizes.length === 1) return [1, 1, sizes[0]];
  if (sizes.length === 2) return [1, sizes[0], sizes[1]];
  if (sizes.length === 3) return [sizes[0], sizes[1], sizes[2]];
  throw new Unsupported(`layer ${name}: a shape of ${sizes.length} axes is not supported`);
}

function readWeightList(model: Sequential, places: ReadonlyMap<layers.Layer, number>): Weight[] {
  const known = new Map<unknown, Weight>();
  const trainable = new Set<unknown>(model.trainableWeights);
  for (const [layer, place] of places) {
    layer.weights.forEach((weight) => {
      known.set(weight, {
        layer: place,
        role: roles[weight.originalName.slice(weight.originalName.lastIndexOf('/') + 1)],
        shape: weight.shape as number[],
        trainable: trainable.has(weight),
      });
    });
  }
  return (model.weights as unknown as unknown[]).map((weight) => {
    const entry = known.get(weight);
    if (!entry) throw new Unsupported('the model holds weights that belong to none of its layers');
    return entry;
  });
}

/** By what TensorFlow.js' layers call their weights. Their order does not tell: what is not trained comes last. */
const roles: Readonly<Record<string, WeightRole>> = {
  kernel: 'kernel',
  bias: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  moving_mean: 'movingMean',
  moving_variance: 'movingVariance',
};
