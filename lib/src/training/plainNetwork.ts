/** A `tf.Sequential` as plain data: its layers, their settings and their weights, without TensorFlow.js. */
import type { layers as tfLayers, Sequential } from '@tensorflow/tfjs-layers';
import { checkFinite, shown } from '../check';
import { checkShapes, layerChain, Unsupported } from '../engine';
import { checkModel } from '../engine/layers/checkModel';
import type { Layer, WeightRole } from '../engine/layers/readLayers';
import { readLayers } from '../engine/layers/readLayers';
import type { NDArray } from '../ndarray';
import type {
  LayerOutline,
  NetworkOutline,
  PlainActivation,
  PlainLayer,
  PlainNetwork,
} from '../plainNetwork';
import type { Windows } from '../shape';

type Weights = Partial<Readonly<Record<WeightRole, NDArray>>>;

/**
 * The layers of a network with their weights, for widgets that compute with them: {@link networkExplorer} and
 * {@link drawDigit}. Later training of the model does not change what was taken from it.
 *
 * Convolution, dense, maximum and average pooling (global too), flatten and reshape, zero padding, dropout, batch
 * normalisation, and the activations ReLU, sigmoid, tanh and softmax.
 *
 * @throws TypeError for a layer of another kind, naming it
 * @throws RangeError for weights that are not finite
 * @example networkExplorer(plainNetwork(model), imageBatch(test, [0, 1, 2]))
 */
export function plainNetwork(model: Sequential): PlainNetwork {
  checkModel('plainNetwork', model);
  checkShapes('plainNetwork', model);
  const { layers, weights } = read(model);
  const tensors = model.getWeights();
  const byLayer: Record<string, NDArray>[] = layers.map(() => ({}));
  weights.forEach(({ layer, role, shape }, i) => {
    const data = Float64Array.from(tensors[i].dataSync());
    checkFinite('plainNetwork', `the ${role} of layer ${layers[layer].name}`, data);
    byLayer[layer][role] = { shape, data };
  });
  return {
    inputShape: model.inputs[0].shape.slice(1) as number[],
    layers: layers.map((layer, i) => plainLayer(layer, byLayer[i])),
  };
}

/**
 * The sizes of a network, layer by layer, for {@link networkVolumes}: of every `tf.Sequential` whose shapes are fixed.
 *
 * @throws RangeError for a layer whose shape is not fixed
 * @example networkVolumes(networkOutline(models.twoConvLayers()))
 */
export function networkOutline(model: Sequential): NetworkOutline {
  checkModel('networkOutline', model);
  checkShapes('networkOutline', model);
  let shape = model.inputs[0].shape as readonly (number | null)[];
  const inputShape = fixed('the input', shape);
  const layers = layerChain('networkOutline', model)
    .filter((layer) => layer.getClassName() !== 'InputLayer')
    .map((layer): LayerOutline => {
      shape = layer.computeOutputShape(shape as number[]) as typeof shape;
      return {
        name: layer.name,
        kind: layer.getClassName(),
        outputShape: fixed(`layer ${layer.name}`, shape),
        parameters: layer.countParams(),
        ...windowOf(layer),
      };
    });
  return { inputShape, layers };
}

function windowOf(layer: tfLayers.Layer): Pick<LayerOutline, 'window'> {
  const { kernelSize, poolSize } = layer.getConfig();
  const size: unknown = kernelSize ?? poolSize;
  return Array.isArray(size) && size.length === 2 ? { window: [Number(size[0]), Number(size[1])] } : {};
}

function fixed(what: string, shape: readonly (number | null)[]): number[] {
  const sizes = shape.slice(1);
  if (sizes.every((size): size is number => size !== null)) return sizes;
  throw new RangeError(`networkOutline: the shape of ${what} is ${shown(sizes)}, expected fixed sizes`);
}

function read(model: Sequential): ReturnType<typeof readLayers> {
  try {
    return readLayers(model);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    throw new TypeError(`plainNetwork: ${error.message}`, { cause: error });
  }
}

function plainLayer(layer: Layer, weights: Weights): PlainLayer {
  const { name, className: kind, outputShape } = layer;
  const parameters = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
  const outline: LayerOutline = { name, kind, outputShape, parameters };
  switch (layer.kind) {
    case 'convolution': {
      const { size, ...geometry } = geometryOf(layer.windows);
      const { kernel, bias } = weights as { kernel: NDArray; bias?: NDArray };
      const activation = plainActivation(layer, layer.activation);
      // A dense layer on an image is a 1×1 convolution, with a kernel of two axes.
      const shape = [...size, ...kernel.shape.slice(-2)];
      const ofImages = { ...kernel, shape };
      return { ...outline, window: size, does: 'convolution', kernel: ofImages, bias, geometry, activation };
    }
    case 'dense': {
      const { kernel, bias } = weights as { kernel: NDArray; bias?: NDArray };
      return {
        ...outline,
        does: 'dense',
        kernel,
        bias,
        activation: plainActivation(layer, layer.activation),
      };
    }
    case 'maxPool':
    case 'averagePool': {
      const { size, stride, padding } = geometryOf(layer.windows);
      return { ...outline, window: size, does: layer.kind, geometry: { size, stride, padding } };
    }
    case 'activation':
      return { ...outline, does: 'activation', activation: plainActivation(layer, layer.activation) };
    case 'normalization': {
      const channels = layer.output[2];
      const filled = (value: number): NDArray => ({
        shape: [channels],
        data: new Float64Array(channels).fill(value),
      });
      const { gamma = filled(1), beta = filled(0), movingMean, movingVariance } = weights;
      const [mean, variance] = [movingMean, movingVariance] as NDArray[];
      return { ...outline, does: 'normalization', gamma, beta, mean, variance, epsilon: layer.epsilon };
    }
    case 'zeroPadding': {
      const { top, bottom, left, right } = layer.pads;
      return { ...outline, does: 'zeroPadding', padding: [[top, bottom], [left, right]] }; // prettier-ignore
    }
    case 'dropout':
    case 'reshape':
      return { ...outline, does: 'nothing' };
  }
}

function geometryOf({ rows, columns }: Windows): {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
} {
  return {
    size: [rows.kernel, columns.kernel],
    stride: [rows.stride, columns.stride],
    dilation: [rows.dilation, columns.dilation],
    padding: [[rows.before, rows.after], [columns.before, columns.after]], // prettier-ignore
  };
}

function plainActivation({ name, className }: Layer, activation: string): PlainActivation {
  const known = (['linear', 'relu', 'sigmoid', 'tanh', 'softmax'] as const).find((one) => one === activation);
  if (known) return known;
  throw new TypeError(
    `plainNetwork: layer ${name} (${className}) has the activation '${activation}', ` +
      "expected 'linear', 'relu', 'sigmoid', 'tanh' or 'softmax'",
  );
}
