/** Which layer TensorFlow.js cannot compute: its own errors name a kernel or nothing. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { forward, type ForwardOptions } from './forward';

type Layer = layers.Layer;

/**
 * The error to throw for one that came out of TensorFlow.js, with the name of the layer.
 *
 * @param callee who was called, for the message
 * @param images what the network was computing
 * @param o how the forward pass was made
 */
export function explain(
  callee: string,
  error: unknown,
  chain: readonly Layer[],
  images: Tensor,
  o: ForwardOptions,
): Error {
  const place = tensorflow().tidy(() => failingPlace(chain, images, o));
  const layer: Layer | undefined = chain[place];
  const what = layer ? `layer ${layer.name} (${layer.getClassName()})` : 'the model';
  const message = error instanceof Error ? error.message : String(error);
  return new Error(
    `${callee}: TensorFlow.js cannot ${o.training ? 'train' : 'compute'} ${what}: ${message}`,
    {
      cause: error,
    },
  );
}

/** The index of the layer, −1 when each of them works alone. */
function failingPlace(chain: readonly Layer[], images: Tensor, o: ForwardOptions): number {
  const inputs: Tensor[] = [];
  try {
    forward(chain, images, { ...o, onLayer: (_layer, _output, input) => inputs.push(input) });
  } catch {
    return inputs.length;
  }
  if (!o.training) return -1;
  // The backward pass goes from the last layer to the first one that learns.
  const first = chain.findIndex((layer) => layer.trainableWeights.length > 0);
  for (let i = chain.length - 1; i >= Math.max(first, 0); i--) {
    try {
      tensorflow().grad((x) => chain[i].apply(x, { training: true }) as Tensor)(inputs[i]);
    } catch {
      return i;
    }
  }
  return -1;
}
