/** The exercise of notebook 8 in which the learner builds a network; what is compared is read off its layers. */
import { isObject, shown } from '../check';
import { outputSize } from '../shape';
import { unusableReason } from './answers';
import { functionExercise, OtherKind } from './exercise';

/** What a network of convolutions and dense layers is, as plain data. */
interface Built {
  /** Of each convolution, the `[height, width, channels]` of its output. */
  readonly maps: readonly (readonly number[])[];
  /** Of each dense layer. */
  readonly units: readonly number[];
  /** Of each layer that has weights. */
  readonly parameters: readonly number[];
  readonly poolings: number;
  /** How many ReLUs are behind each layer that has weights, as its activation or as layers of their own. */
  readonly relus: readonly number[];
  readonly softmaxes: readonly number[];
}

/** As far as a layer of TensorFlow.js is read. */
interface Layer {
  readonly outputShape: readonly (number | null)[];
  countParams(): number;
  getClassName(): string;
  getConfig(): { readonly activation?: unknown };
}

/** How many activations of a kind are behind each layer with weights; one in front of the first counts with it. */
function activationsBehind(layers: readonly Layer[], kind: 'relu' | 'softmax'): number[] {
  const counts: number[] = [];
  let before = 0;
  for (const layer of layers) {
    const isOne = layer.getClassName().toLowerCase() === kind || layer.getConfig().activation === kind;
    if (layer.countParams() > 0) counts.push(counts.length === 0 ? before : 0);
    if (!isOne) continue;
    if (counts.length === 0) before++;
    else counts[counts.length - 1]++;
  }
  return counts;
}

/** A `tf.Sequential` as plain data, after which it is disposed of. */
function readNetwork(value: unknown): unknown {
  if (unusableReason(value, '') !== undefined || (isObject(value) && 'maps' in value)) return value;
  const layers = isObject(value) && Array.isArray(value.layers) ? (value.layers as readonly Layer[]) : [];
  const areLayers = layers.every((layer) => isObject(layer) && 'countParams' in layer);
  if (!isObject(value) || layers.length === 0 || !areLayers) {
    throw new OtherKind(`is ${shown(value)}, expected a tf.Sequential with its layers`);
  }
  const withWeights = layers.filter((layer) => layer.countParams() > 0);
  const sizes = withWeights.map((layer) => layer.outputShape.slice(1).map(Number));
  const built: Built = {
    maps: sizes.filter((size) => size.length === 3),
    units: sizes.filter((size) => size.length === 1).flat(),
    parameters: withWeights.map((layer) => layer.countParams()),
    poolings: layers.filter((layer) => layer.getClassName().includes('Pooling')).length,
    relus: activationsBehind(layers, 'relu'),
    softmaxes: activationsBehind(layers, 'softmax'),
  };
  if (typeof value.dispose === 'function') (value as unknown as { dispose(): void }).dispose();
  return built;
}

interface Slip {
  /** Of both convolutions. */
  readonly paddings?: readonly [number, number];
  /** Of both convolutions. */
  readonly strides?: readonly [number, number];
  readonly pooled?: boolean;
  readonly relus?: readonly number[];
  readonly softmaxes?: readonly number[];
  readonly filters?: readonly [number, number];
  readonly units?: readonly number[];
  /** Side of the kernels. */
  readonly kernel?: number;
  /** The dense layers go over the last maps, place by place. */
  readonly unflattened?: boolean;
}

function built([stride, hidden]: Given, slip: Slip = {}): Built {
  const {
    paddings = [1, stride === 1 ? 1 : 0],
    pooled = false,
    filters = [10, 20],
    units = [hidden, 10],
    kernel = 5,
    unflattened = false,
  } = slip;
  const maps: number[][] = [];
  const parameters: number[] = [];
  let [size, channels] = [28, 1];
  for (const i of [0, 1]) {
    size = outputSize(size, { kernel, stride: slip.strides?.[i] ?? stride, padding: paddings[i] });
    parameters.push((kernel ** 2 * channels + 1) * filters[i]);
    channels = filters[i];
    maps.push([size, size, channels]);
    if (pooled) size = Math.floor(size / 2);
  }
  let inputs = unflattened ? channels : size * size * channels;
  for (const one of units) {
    parameters.push((inputs + 1) * one);
    inputs = one;
  }
  const last = parameters.length - 1;
  const { relus = parameters.map((_, i) => (i < last ? 1 : 0)) } = slip;
  const { softmaxes = parameters.map((_, i) => (i < last ? 0 : 1)) } = slip;
  const others = { parameters, poolings: pooled ? 2 : 0, relus, softmaxes };
  if (unflattened) return { maps: [...maps, ...units.map((one) => [size, size, one])], units: [], ...others };
  return { maps, units, ...others };
}

type Given = [stride: 1 | 2, units: number];

export const builtExercise = functionExercise<Given, Pick<Built, keyof Built>>({
  title: 'the network without pooling',
  signature: 'myUnpooled(stride: 1 | 2, units: number): tf.Sequential',
  axes: {
    maps: ['convolutions', 'sizes'],
    units: ['dense layers'],
    parameters: ['layers'],
    relus: ['layers'],
    softmaxes: ['layers'],
  },
  read: readNetwork,
  cases: () => [
    { name: 'a stride of 1 and 50 units', args: [1, 50] },
    { name: 'a stride of 1 and 20 units', args: [1, 20] },
    { name: 'a stride of 2 and 50 units, the control of 30,840 parameters', args: [2, 50] },
  ],
  right: (...given) => built(given),
  mistakes: [
    {
      hint: 'With a stride of 2 the second convolution takes no padding: (13 − 5)/2 + 1 = 5; with a padding of 1 it would give 6.',
      wrong: (...given) => built(given, { paddings: [1, 1] }),
    },
    {
      hint: 'The padding of 1 is missing in front of the first convolution: tf.layers.zeroPadding2d({ padding: 1 }).',
      wrong: (...given) => built(given, { paddings: [0, 0] }),
    },
    {
      hint: "That is the padding 'same', two pixels on each side. The network has one: zeroPadding2d in front of a convolution without padding.",
      wrong: (...given) => built(given, { paddings: [2, 2] }),
    },
    {
      hint: 'The poolings are still there.',
      wrong: (_, units) => built([1, units], { paddings: [1, 1], pooled: true }),
    },
    {
      hint: 'The convolutions ignore the `stride` that the function is given.',
      wrong: (_, units) => built([1, units], { paddings: [1, 1] }),
    },
    {
      hint: 'Only the first convolution uses the stride.',
      wrong: (...given) => built(given, { strides: [given[0], 1] }),
    },
    {
      hint: 'The convolutions do not step by 2: the option of TensorFlow.js is called `strides`, and one that it does not know is ignored.',
      wrong: (...given) => built(given, { strides: [1, 1] }),
    },
    {
      hint: 'The kernels are of 3 × 3: with kernels of 5 × 5 the first convolution has (25 + 1) · 10 parameters.',
      wrong: (...given) => built(given, { kernel: 3 }),
    },
    {
      hint: 'There is no flatten before the dense layers: they go over the maps place by place, and give maps again.',
      wrong: (...given) => built(given, { unflattened: true }),
    },
    ...[
      [0, 1, 1, 0],
      [1, 0, 1, 0],
      [1, 1, 0, 0],
    ].map((relus) => ({
      hint: 'A ReLU is missing: both convolutions and the hidden dense layer have one.',
      wrong: (...given: Given) => built(given, { relus }),
    })),
    {
      hint: 'There are two ReLUs after the first convolution, and none after the hidden dense layer.',
      wrong: (...given) => built(given, { relus: [2, 1, 0, 0] }),
    },
    {
      hint: 'The hidden dense layer ends with softmax too: its activation is ReLU.',
      wrong: (...given) => built(given, { relus: [1, 1, 0, 0], softmaxes: [0, 0, 1, 1] }),
    },
    {
      hint: 'The activations of the two dense layers are exchanged: ReLU belongs to the hidden one, softmax to the output.',
      wrong: (...given) => built(given, { relus: [1, 1, 0, 1], softmaxes: [0, 0, 1, 0] }),
    },
    {
      hint: 'There is no ReLU after the convolutions: two of them in a row, without one, are a single convolution.',
      wrong: (...given) => built(given, { relus: [0, 0, 1, 0] }),
    },
    {
      hint: 'The output layer has no softmax, so it gives scores and not probabilities.',
      wrong: (...given) => built(given, { softmaxes: [0, 0, 0, 0] }),
    },
    {
      hint: 'The output layer has a ReLU instead of a softmax.',
      wrong: (...given) => built(given, { relus: [1, 1, 1, 1], softmaxes: [0, 0, 0, 0] }),
    },
    {
      hint: 'The hidden dense layer, that of `units`, is missing.',
      wrong: (...given) => built(given, { units: [10] }),
    },
    {
      hint: 'The hidden dense layer has 50 units whatever `units` says.',
      wrong: (stride) => built([stride, 50]),
    },
    {
      hint: 'The numbers of kernels are swapped: the first convolution has 10, the second 20.',
      wrong: (...given) => built(given, { filters: [20, 10] }),
    },
  ],
});
