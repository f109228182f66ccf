/**
 * A network as plain data: what is handed in, what can be counted without building it, and what `models.fromLayers`
 * builds.
 */
import { check, checkList, checkOptions, isObject, oneOf, shown, whole } from './check';
import type { OptionRules } from './check';
import { convCost, denseCost, poolCost } from './cost';
import type { LayerCost } from './cost';

export type LayerActivation = 'relu' | 'tanh' | 'sigmoid' | 'linear';

export interface ConvLayer {
  readonly kind: 'conv';
  readonly filters: number;
  /** Square: 3 is 3 × 3. */
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default `'valid'`. */
  readonly padding?: 'valid' | 'same';
  /** Default `'relu'`. */
  readonly activation?: LayerActivation;
}

export interface PoolLayer {
  readonly kind: 'maxPool' | 'avgPool';
  readonly size: number;
  /** Default the size. */
  readonly stride?: number;
}

/** Flattens what comes before it. */
export interface DenseLayer {
  readonly kind: 'dense';
  readonly units: number;
  /** Default `'relu'`. */
  readonly activation?: LayerActivation;
}

/** The layers between a digit of 28 × 28 × 1 and its ten scores; a softmax follows. */
export type NetworkLayers = readonly (ConvLayer | PoolLayer | DenseLayer)[];

export interface NetworkCost extends LayerCost {
  /** Numbers that pooling compares or adds up, for one image. */
  readonly reads: number;
  /** Of each layer, in order. */
  readonly layers: readonly LayerCost[];
}

const activation = oneOf('relu', 'tanh', 'sigmoid', 'linear');
/** More units of one layer than any network for digits has use for. */
const most = 4096;
const convRules: OptionRules<ConvLayer> = {
  kind: oneOf('conv'),
  filters: whole(1, most),
  kernel: whole(1, 28),
  stride: whole(1),
  padding: oneOf('valid', 'same'),
  activation,
};
const poolRules: OptionRules<PoolLayer> = {
  kind: oneOf('maxPool', 'avgPool'),
  size: whole(1),
  stride: whole(1),
};
const denseRules: OptionRules<DenseLayer> = { kind: oneOf('dense'), units: whole(1, most), activation };

/**
 * Counts the learned numbers of a network, and its multiply-adds for one image.
 *
 * @throws TypeError or RangeError that names the layer when it is none, when a window does not fit, or when the last
 *   layer does not give ten numbers
 * @example networkCost([{ kind: 'dense', units: 10, activation: 'linear' }]).parameters // 7850
 */
export function networkCost(layers: NetworkLayers): NetworkCost {
  return costOfNetwork('networkCost', layers);
}

/** As {@link networkCost}; errors begin with `callee`. */
export function costOfNetwork(callee: string, layers: NetworkLayers): NetworkCost {
  checkList(callee, 'layers', layers, 'a list of layers', 1);
  let shape: readonly number[] = [28, 28, 1];
  let reads = 0;
  const costs = layers.map((layer, i): LayerCost => {
    const cost = costOf(layer, shape, `${callee}: layers[${i}]`);
    shape = cost.output;
    reads += cost.reads ?? 0;
    return { parameters: cost.parameters, multiplyAdds: cost.multiplyAdds };
  });
  const scores = shape.reduce((product, length) => product * length, 1);
  if (shape.length !== 1 || scores !== 10) {
    throw new RangeError(
      `${callee}: layers give ${shape.join(' × ')} numbers, expected a dense layer of 10 units as the last`,
    );
  }
  return {
    layers: costs,
    reads,
    parameters: costs.reduce((sum, cost) => sum + cost.parameters, 0),
    multiplyAdds: costs.reduce((sum, cost) => sum + cost.multiplyAdds, 0),
  };
}

function costOf(
  layer: NetworkLayers[number],
  shape: readonly number[],
  where: string,
): LayerCost & { readonly output: readonly number[]; readonly reads?: number } {
  if (!isObject(layer)) throw new TypeError(`${where} is ${shown(layer)}, expected an object { kind, … }`);
  if (layer.kind === 'dense') {
    checkOptions(where, layer, denseRules, { required: ['units'] });
    const inputs = shape.reduce((product, length) => product * length, 1);
    return { output: [layer.units], ...denseCost({ inputs, outputs: layer.units }) };
  }
  check(where, 'kind', layer.kind, oneOf('conv', 'maxPool', 'avgPool', 'dense'));
  if (shape.length !== 3)
    throw new RangeError(`${where} is ${layer.kind} after a dense layer, expected dense`);
  const input = [shape[0], shape[1], shape[2]] as const;
  try {
    if (layer.kind !== 'conv') {
      checkOptions(where, layer, poolRules, { required: ['size'] });
      return poolCost({ input, size: layer.size, stride: layer.stride ?? layer.size });
    }
    checkOptions(where, layer, convRules, { required: ['filters', 'kernel'] });
    const { kernel, filters, stride = 1, padding = 'valid' } = layer;
    return convCost({ input, kernel, filters, stride, padding });
  } catch (error) {
    // The window's own message does not know which layer it is.
    const { message } = error as Error;
    throw message.startsWith(where) ? error : new RangeError(`${where}: ${message}`);
  }
}
