/** The output of a layer in the middle of a network: feature maps, features. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { check, shown, text } from '../check';
import { checkShapes } from '../engine';
import { checkModel } from '../engine/layers/checkModel';
import { allLayers } from '../engine/layers/layerChain';
import type { NDArray } from '../ndarray';
import { checkNotDisposed } from './disposed';
import { predictFor } from './evaluate';
import { assign, disposeWeights, layerWeights, unlikeItsCopy } from './layerWeights';
import type { RunOptions } from './options';
import { buildingTrouble } from './unknownClass';

/**
 * The output of one layer for each image, by the fastest engine. With ConvLab's engine it is the same on every
 * machine, to the bit. The model is not changed.
 *
 * @param layer the layer's name
 * @param images [n, height, width, channels], one after another
 * @returns `[n, …the layer's output]`: feature maps are `[n, height, width, channels]`
 * @throws RangeError when the model has no layer of that name
 * @example const maps = await activations(model, 'conv1', test.images); // [2000, 26, 26, 10]
 */
export async function activations(
  model: Sequential,
  layer: string,
  images: Float32Array,
  o: RunOptions = {},
): Promise<NDArray> {
  checkModel('activations', model);
  checkNotDisposed('activations', model);
  checkShapes('activations', model);
  check('activations', 'layer', layer, text);
  const head = headOf(model, layer);
  try {
    const values = await predictFor('activations', head, images, o);
    const shape = head.getLayer(layer).outputShape.slice(1) as number[];
    const features = head.outputShape[1] as number;
    return { shape: [values.length / features, ...shape], data: Float64Array.from(values) };
  } finally {
    disposeWeights(head);
  }
}

/** A copy of the layers up to the one named, which gives its output as one row of numbers. */
function headOf(model: Sequential, name: string): Sequential {
  const tf = tensorflow();
  const last = model.layers.findIndex((layer) => layer.name === name);
  if (last < 0) {
    const names = model.layers.map((layer) => layer.name).join(', ');
    const outer = model.layers.find(
      (layer) => layer instanceof tf.Sequential && allLayers(layer).some((inner) => inner.name === name),
    );
    const place = outer ? `, a layer within ${outer.name}` : '';
    throw new RangeError(`activations: layer is ${shown(name)}${place}, expected one of ${names}`);
  }
  // Copies, because a layer that is part of two models no longer has a single output (tf.Layer.output throws).
  const originals = model.layers.slice(0, last + 1);
  const layers = originals.map((layer) => ({ className: layer.getClassName(), config: layer.getConfig() }));
  const head = built({ name: `${model.name}-${name}`, layers });
  const unlike = unlikeItsCopy(originals, head.layers);
  if (unlike) {
    disposeWeights(head);
    throw new Error(
      `activations: layer ${unlike.name} cannot be copied: the weights of its copy have other shapes, expected a ` +
        'getConfig() that tells all of it',
    );
  }
  const weights = layerWeights(originals);
  layerWeights(head.layers).forEach((copy, i) => assign(copy, weights[i].read()));
  if (head.outputs[0].shape.length !== 2) head.add(tf.layers.flatten());
  return head;
}

function built(config: Parameters<typeof Sequential.fromConfig>[1]): Sequential {
  const tf = tensorflow();
  try {
    return tf.Sequential.fromConfig<Sequential>(tf.Sequential, config);
  } catch (error) {
    throw new Error(`activations: the layers of the model cannot be copied: ${buildingTrouble(error)}`, {
      cause: error,
    });
  }
}
