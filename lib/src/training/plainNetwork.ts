/** A `tf.Sequential` as plain data: its layers, their settings and their weights, without TensorFlow.js. */
import type { layers as tfLayers, Sequential } from '@tensorflow/tfjs-layers';
import { shown } from '../check';
import { checkShapes, Unsupported } from '../engine';
import { checkModel } from '../engine/layers/checkModel';
import { allLayers } from '../engine/layers/layerChain';
import { readLayers } from '../engine/layers/readLayers';
import type { LayerOutline, NetworkOutline, PlainNetwork } from '../plainNetwork';
import { checkNotDisposed } from './disposed';
import { plainOf } from './plainLayers';

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
  checkNotDisposed('plainNetwork', model);
  checkShapes('plainNetwork', model);
  const weights = model.getWeights().map((weight) => weight.dataSync());
  return {
    ...plainOf('plainNetwork', read(model), weights),
    inputShape: model.inputs[0].shape.slice(1) as number[],
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
  const chain = allLayers(model);
  checkShapes('networkOutline', model, chain);
  let shape = model.inputs[0].shape as readonly (number | null)[];
  const inputShape = fixed('the input', shape);
  const layers = chain
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
