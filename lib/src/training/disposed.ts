/** A model after `model.dispose()`: its layers are there, their weights are not. */
import type { layers, Sequential } from '@tensorflow/tfjs-layers';

/** @throws Error that names the call, and a layer without weights, when the model has been disposed of */
export function checkNotDisposed(callee: string, model: Sequential): void {
  for (const { name, weights } of model.layers) {
    try {
      weights.forEach((weight: layers.Layer['weights'][number]) => weight.read());
    } catch (cause) {
      throw new Error(
        `${callee}: the model has been disposed of (layer ${name} has no weights any more), expected one that has not`,
        { cause },
      );
    }
  }
}
