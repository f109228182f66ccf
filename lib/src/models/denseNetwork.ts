/** Fully connected networks: every unit sees every unit of the layer before it. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { checkWhole, shown } from '../check';
import { network, type ModelOptions } from './network';

export interface DenseOptions extends ModelOptions {
  /** Units of each hidden layer, from input to output. Default [128]. */
  readonly hidden?: readonly number[];
}

/**
 * A dense network with ReLU in its hidden layers; by default the three layers input, hidden and output, 784-128-10,
 * 101,770 parameters. Input [batch, 28, 28, 1], output probabilities [batch, 10].
 *
 * @example models.denseNetwork({ hidden: [128, 64] }) // 784-128-64-10, 109,386 parameters
 */
export function denseNetwork(o: DenseOptions = {}): Sequential {
  return build('denseNetwork', o);
}

/** @deprecated The old name of {@link denseNetwork}, easily taken for the operation `dense`. */
export function dense(o: DenseOptions = {}): Sequential {
  return build('dense', o);
}

function build(name: string, o: DenseOptions): Sequential {
  const { hidden = [128] } = o;
  if (!Array.isArray(hidden)) {
    throw new TypeError(`models.${name}: hidden is ${shown(hidden)}, expected a list such as [128]`);
  }
  hidden.forEach((units, i) => checkWhole(`models.${name}`, `hidden[${i}]`, units, 1));
  return network(name, o, (layers, init) => [
    layers.flatten({ name: 'flatten', inputShape: [28, 28, 1] }), // 784
    ...hidden.map((units: number, i: number) =>
      layers.dense({ name: `dense${i + 1}`, units, activation: 'relu', kernelInitializer: init() }),
    ),
    layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
  ]);
}
