/** Fully connected networks: every unit sees every unit of the layer before it. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { tensorflow } from '../backend/tensorflow';
import { checkWhole, shown } from '../check';
import { initialWeights, type ModelOptions } from './initialWeights';

export interface DenseOptions extends ModelOptions {
  /** Units of each hidden layer, from input to output. Default [128]. */
  readonly hidden?: readonly number[];
}

/**
 * A dense network with ReLU in its hidden layers; by default the three layers input, hidden and output, 784-128-10,
 * 101,770 parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10].
 *
 * @example models.dense({ hidden: [128, 64] }) // 784-128-64-10, 109,386 parameters
 */
export function dense(o: DenseOptions = {}): Sequential {
  if (!Array.isArray(o.hidden ?? [])) {
    throw new TypeError(`models.dense: hidden is ${shown(o.hidden)}, expected a list such as [128]`);
  }
  const hidden = o.hidden ?? [128];
  hidden.forEach((units, i) => checkWhole('models.dense', `hidden[${i}]`, units, 1));
  const { sequential, layers } = tensorflow();
  const init = initialWeights('models.dense', o);
  return sequential({
    name: 'dense',
    layers: [
      layers.flatten({ name: 'flatten', inputShape: [28, 28, 1] }), // 784
      ...hidden.map((units, i) =>
        layers.dense({ name: `dense${i + 1}`, units, activation: 'relu', kernelInitializer: init() }),
      ),
      layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
    ],
  });
}
