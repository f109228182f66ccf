/**
 * An exercise of assignment 4: what each layer of a network for 28 × 28 pixels costs. A convolution of k × k has
 * (k²·C + 1)·F parameters and H·W·k²·C·F multiply-adds, a dense layer (N + 1)·M and N·M.
 */
import type { Random } from '../../random';
import { drawn } from '../arrays';
import type { Case } from '../exercise';
import { functionExercise } from '../exercise';

interface Conv {
  readonly kind: 'conv';
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: 'valid' | 'same';
}
interface Pool {
  readonly kind: 'maxPool';
  readonly size: number;
}
interface Dense {
  readonly kind: 'dense';
  readonly units: number;
}
type Layers = readonly (Conv | Pool | Dense)[];
/** Height and width, which are equal, and channels. */
type Shape = readonly [size: number, channels: number];

interface Costs {
  readonly [of: string]: number[];
  readonly parameters: number[];
  readonly multiplyAdds: number[];
}

/** What is counted, and how. */
interface Rules {
  readonly size: (size: number, layer: Conv) => number;
  readonly pooled: (size: number, layer: Pool) => number;
  /** Weights of a convolution, without its biases. */
  readonly weights: (layer: Conv, channels: number) => number;
  readonly biases: (outputs: number, inputs: number) => number;
  readonly poolParameters: (layer: Pool, channels: number) => number;
  /** How often each weight of a convolution is used. */
  readonly uses: (before: number, after: number) => number;
  /** Inputs of a dense layer. */
  readonly inputs: (shape: Shape) => number;
  /** Multiply-adds from the products and the biases of a layer. */
  readonly work: (products: number, biases: number) => number;
}

const usual: Rules = {
  size: (size, { kernel, stride, padding }) =>
    padding === 'same' ? Math.ceil(size / stride) : Math.floor((size - kernel) / stride) + 1,
  pooled: (size, layer) => Math.floor(size / layer.size),
  weights: ({ kernel, filters }, channels) => kernel ** 2 * channels * filters,
  biases: (outputs) => outputs,
  poolParameters: () => 0,
  uses: (_, after) => after ** 2,
  inputs: ([size, channels]) => size ** 2 * channels,
  work: (products) => products,
};

function costsBy(layers: Layers, changed: Partial<Rules> = {}): Costs {
  const rules: Rules = { ...usual, ...changed };
  const parameters: number[] = [];
  const multiplyAdds: number[] = [];
  let shape: Shape = [28, 1];
  for (const layer of layers) {
    const [size, channels] = shape;
    if (layer.kind === 'maxPool') {
      shape = [rules.pooled(size, layer), channels];
      parameters.push(rules.poolParameters(layer, channels));
      multiplyAdds.push(0);
      continue;
    }
    const isDense = layer.kind === 'dense';
    const outputs = isDense ? layer.units : layer.filters;
    const inputs = isDense ? rules.inputs(shape) : channels;
    const weights = isDense ? inputs * outputs : rules.weights(layer, channels);
    shape = isDense ? [1, outputs] : [rules.size(size, layer), outputs];
    const uses = isDense ? 1 : rules.uses(size, shape[0]);
    parameters.push(weights + rules.biases(outputs, inputs));
    multiplyAdds.push(rules.work(weights * uses, outputs * (isDense ? 1 : shape[0] ** 2)));
  }
  return { parameters, multiplyAdds };
}

const conv = (filters: number, kernel: number, stride = 1, padding: Conv['padding'] = 'valid'): Conv => ({
  kind: 'conv',
  filters,
  kernel,
  stride,
  padding,
});
const pool = (size: number): Pool => ({ kind: 'maxPool', size });
const dense = (units: number): Dense => ({ kind: 'dense', units });

function textOf(layer: Layers[number]): string {
  if (layer.kind === 'dense') return `dense ${layer.units}`;
  if (layer.kind === 'maxPool') return `maxPool ${layer.size}`;
  const { filters, kernel, stride, padding } = layer;
  const more = [...(stride > 1 ? [`stride ${stride}`] : []), ...(padding === 'same' ? ['same'] : [])];
  return [`conv ${filters} of ${kernel} × ${kernel}`, ...more].join(' ');
}

function layersCase(...layers: Layers): Case<[Layers]> {
  return { name: `the layers (${layers.map(textOf).join('), (')})`, args: [layers] };
}

function drawnCase(generator: Random): Case<[Layers]> {
  return layersCase(
    conv(drawn(generator, 2, 9), drawn(generator, 2, 5), 1, 'same'),
    pool(2),
    conv(drawn(generator, 5, 12), drawn(generator, 2, 4), drawn(generator, 1, 2)),
    pool(drawn(generator, 2, 3)),
    dense(drawn(generator, 11, 30)),
    dense(10),
  );
}

export const networkCosts = functionExercise<[Layers], Costs>({
  title: 'what each layer costs',
  signature:
    "costsOf(\n  layers: (\n    | { kind: 'conv'; filters: number; kernel: number; stride: number; padding: 'valid' | 'same' }\n    | { kind: 'maxPool'; size: number }\n    | { kind: 'dense'; units: number }\n  )[],\n): { parameters: number[]; multiplyAdds: number[] }",
  axes: { parameters: ['layers'], multiplyAdds: ['layers'] },
  cases: (generator) => [
    layersCase(conv(8, 3), pool(2), dense(10)),
    layersCase(dense(10)),
    layersCase(conv(4, 5, 2, 'same'), conv(6, 3), pool(3), dense(10)),
    layersCase(conv(2, 2), conv(3, 3, 2, 'same'), dense(10)),
    layersCase(conv(2, 3), pool(2), pool(2), dense(10)),
    ...Array.from({ length: 5 }, () => drawnCase(generator)),
  ],
  right: (layers) => costsBy(layers),
  mistakes: [
    {
      hint: 'The biases are left out: each filter and each unit has one.',
      wrong: (layers) => costsBy(layers, { biases: () => 0 }),
    },
    {
      hint: 'There is one bias for each input: it is one for each filter or unit, for what comes out.',
      wrong: (layers) => costsBy(layers, { biases: (_, inputs) => inputs }),
    },
    {
      hint: 'There is one bias for the whole layer: each filter and each unit has its own.',
      wrong: (layers) => costsBy(layers, { biases: () => 1 }),
    },
    {
      hint: 'The channels that come in are left out: a filter has k × k weights for each of them.',
      wrong: (layers) => costsBy(layers, { weights: ({ kernel, filters }) => kernel ** 2 * filters }),
    },
    {
      hint: 'The filters are left out: each of them has its own weights.',
      wrong: (layers) => costsBy(layers, { weights: ({ kernel }, channels) => kernel ** 2 * channels }),
    },
    {
      hint: 'The kernel is a square: it has k × k weights, not k.',
      wrong: (layers) =>
        costsBy(layers, { weights: ({ kernel, filters }, channels) => kernel * channels * filters }),
    },
    {
      hint: 'Pooling is given parameters, but it has nothing to learn.',
      wrong: (layers) => costsBy(layers, { poolParameters: ({ size }, channels) => size ** 2 * channels }),
    },
    {
      hint: 'The dense layer forgets the channels: it is connected to every pixel of every map.',
      wrong: (layers) => costsBy(layers, { inputs: ([size]) => size ** 2 }),
    },
    {
      hint: 'The dense layer is connected to every channel once: it is connected to every pixel of every map.',
      wrong: (layers) => costsBy(layers, { inputs: ([, channels]) => channels }),
    },
    {
      hint: 'Pooling leaves the size as it was: it is divided by the window’s, rounded down.',
      wrong: (layers) => costsBy(layers, { pooled: (size) => size }),
    },
    {
      hint: 'Pooling moves one pixel at a time: without a stride of its own it moves by its size.',
      wrong: (layers) => costsBy(layers, { pooled: (size, layer) => size - layer.size + 1 }),
    },
    {
      hint: 'A size that pooling does not divide is rounded up: a last window that does not fit is not taken.',
      wrong: (layers) => costsBy(layers, { pooled: (size, layer) => Math.ceil(size / layer.size) }),
    },
    {
      hint: 'A size that pooling does not divide is rounded to the nearest number: a last window that does not fit is not taken.',
      wrong: (layers) => costsBy(layers, { pooled: (size, layer) => Math.round(size / layer.size) }),
    },
    {
      hint: '*Same* padding gives n/s, rounded up, not down.',
      wrong: (layers) =>
        costsBy(layers, {
          size: (size, o) => (o.padding === 'same' ? Math.floor(size / o.stride) : usual.size(size, o)),
        }),
    },
    {
      hint: 'The padding is not read: every convolution is computed with *valid* padding.',
      wrong: (layers) => costsBy(layers, { size: (size, o) => usual.size(size, { ...o, padding: 'valid' }) }),
    },
    {
      hint: 'The padding is not read: every convolution is computed with *same* padding.',
      wrong: (layers) => costsBy(layers, { size: (size, o) => usual.size(size, { ...o, padding: 'same' }) }),
    },
    {
      hint: 'The stride is left out.',
      wrong: (layers) => costsBy(layers, { size: (size, o) => usual.size(size, { ...o, stride: 1 }) }),
    },
    {
      hint: '*Same* padding gives n/s, rounded up: it keeps the size for a stride of 1 only.',
      wrong: (layers) =>
        costsBy(layers, { size: (size, o) => (o.padding === 'same' ? size : usual.size(size, o)) }),
    },
    {
      hint: 'The multiply-adds are those of a single position: a convolution uses each weight at every position of what comes out.',
      wrong: (layers) => costsBy(layers, { uses: () => 1 }),
    },
    {
      hint: 'The multiply-adds are counted at every pixel of what goes in: a window stands only where a number comes out.',
      wrong: (layers) => costsBy(layers, { uses: (before) => before ** 2 }),
    },
    {
      hint: 'The biases are counted among the multiply-adds: nothing is multiplied with them.',
      wrong: (layers) => costsBy(layers, { work: (products, biases) => products + biases }),
    },
    {
      hint: 'A multiplication and its addition count as one multiply-add here, not as two.',
      wrong: (layers) => costsBy(layers, { work: (products) => 2 * products }),
    },
  ],
});
