/** Fully connected networks: every unit sees every unit of the layer before it. */
import type { Sequential } from '@tensorflow/tfjs-layers';
import { check, checkOptions, checkSize, shown, whole } from '../check';
import type { OptionRules } from '../check';
import { modelRules, network, type ModelOptions } from './network';

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

const denseRules: OptionRules<DenseOptions> = {
  ...modelRules,
  hidden(callee, field, value) {
    if (!Array.isArray(value)) {
      throw new TypeError(`${callee}: ${field} is ${shown(value)}, expected a list such as [128]`);
    }
    value.forEach((units, i) => check(callee, `${field}[${i}]`, units, whole(1)));
    const sizes = [784, ...(value as number[]), 10];
    sizes.slice(1).forEach((units, i) => checkSize(callee, `${field}: the weights`, [sizes[i], units]));
  },
};

function build(name: string, o: DenseOptions): Sequential {
  checkOptions(`models.${name}`, o, denseRules);
  const { hidden = [128], ...rest } = o;
  return network(name, rest, (layers, init) => [
    layers.flatten({ name: 'flatten', inputShape: [28, 28, 1] }), // 784
    ...hidden.map((units: number, i: number) =>
      layers.dense({ name: `dense${i + 1}`, units, activation: 'relu', kernelInitializer: init() }),
    ),
    layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer: init() }),
  ]);
}
