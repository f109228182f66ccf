/** Networks that contain or give NaN or infinity are refused with the layer's name, since their numbers mean nothing. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { NotFiniteError } from '../engine/engine';
import { checkNotDisposed } from './disposed';

/** @throws Error that names the layer when one of the weights is NaN or infinite, or the model has been disposed of */
export function checkWeights(callee: string, model: Sequential): void {
  checkNotDisposed(callee, model);
  for (const layer of model.layers) {
    for (const weight of layer.weights) {
      const wrong = weight
        .read()
        .dataSync<'float32'>()
        .find((value) => !Number.isFinite(value));
      if (wrong === undefined) continue;
      const name = weight.originalName.split('/').pop();
      throw new Error(`${callee}: layer ${layer.name}: its ${name} holds ${wrong}, expected finite numbers`);
    }
  }
}

/** The output of an engine's prediction; one that is not finite is an error of `callee`. */
export async function finiteOutput(callee: string, output: Promise<Float32Array>): Promise<Float32Array> {
  try {
    return await output;
  } catch (error) {
    if (!(error instanceof NotFiniteError)) throw error;
    const { index, where } = error;
    throw new Error(`${callee}: the output for image ${index} is NaN or infinite, ${where}`, {
      cause: error,
    });
  }
}
