/** Exercises of assignment 1 on paper and in one line: output sizes, padding, the size that is needed. */
import { outputSize, resolvePadding } from '../../shape';
import { drawn } from '../arrays';
import type { Case, Mistake } from '../exercise';
import { functionExercise, valueExercise } from '../exercise';
import type { Size, SizeOptions } from '../paddingAndStride';
import { sizeExercise, span } from '../paddingAndStride';

export const layerSizes = valueExercise('sizes of five layers', {
  first: {
    answer: 60,
    mistakes: [
      { answer: 59, hint: 'Count the first position too: there is one more than there are steps.' },
      { answer: 64, hint: 'That is the size of the input: without padding a window of 5 must stay inside.' },
    ],
  },
  second: {
    answer: 32,
    mistakes: [
      {
        answer: 31,
        hint: 'The padding counts twice, it is on both sides, and there is one position more than there are steps.',
      },
      { answer: 30, hint: 'That is without the padding.' },
      { answer: 33, hint: 'Rounded up: a last step that does not fit is not taken.' },
      { answer: 32.5, hint: 'A window has no half positions: round down.' },
    ],
  },
  third: {
    answer: 16,
    mistakes: [
      { answer: 15, hint: 'Count the first position too: there is one more than there are steps.' },
      {
        answer: 31,
        hint: 'The stride is left out. A pooling window moves by its own size unless told otherwise.',
      },
    ],
  },
  fourth: {
    answer: 10,
    mistakes: [
      { answer: 14, hint: 'The dilation is left out: a dilated kernel spans d·(k − 1) + 1 pixels.' },
      { answer: 8, hint: 'A dilated kernel spans d·(k − 1) + 1 pixels, not d·k.' },
      { answer: 9, hint: 'Count the first position too: there is one more than there are steps.' },
    ],
  },
  fifth: {
    answer: 10,
    mistakes: [
      { answer: 9, hint: '*Same* padding gives n/s, rounded up.' },
      { answer: 9.5, hint: '*Same* padding gives n/s, rounded up.' },
      { answer: 19, hint: 'The stride is left out: *same* keeps the size for a stride of 1 only.' },
    ],
  },
});

type Chain = [input: number, layers: readonly SizeOptions[]];

function chainCase(input: number, ...layers: readonly SizeOptions[]): Case<Chain> {
  const texts = layers.map(({ kernel, stride, padding, dilation }) =>
    [
      `kernel ${kernel}`,
      ...(stride > 1 ? [`stride ${stride}`] : []),
      ...(padding > 0 ? [`padding ${padding}`] : []),
      ...(dilation > 1 ? [`dilation ${dilation}`] : []),
    ].join(' '),
  );
  return { name: `${input} pixels and the layers (${texts.join('), (')})`, args: [input, layers] };
}

function layer(kernel: number, stride = 1, padding = 0, dilation = 1): SizeOptions {
  return { kernel, stride, padding, dilation };
}

/** The sizes after each layer, by whatever gives the size after one. */
function sizesBy(size: (...args: Size) => number, [input, layers]: Chain): number[] {
  let last = input;
  return layers.map((options) => (last = size(last, options)));
}

export const sizesThrough = functionExercise<Chain, number[]>({
  title: 'the sizes through a chain of layers',
  signature:
    'sizesThrough(\n  input: number,\n  layers: { kernel: number; stride: number; padding: number; dilation: number }[],\n): number[]',
  axes: ['layers'],
  cases: (generator) => [
    chainCase(28, layer(5, 1, 1), layer(2, 2), layer(5, 1, 1), layer(2, 2)),
    chainCase(8, layer(3, 2)),
    chainCase(32, layer(3, 1, 2, 2), layer(3, 2, 1)),
    ...Array.from({ length: 5 }, () =>
      chainCase(
        drawn(generator, 40, 90),
        ...Array.from({ length: drawn(generator, 2, 3) }, () =>
          layer(
            drawn(generator, 2, 5),
            drawn(generator, 1, 2),
            drawn(generator, 0, 3),
            drawn(generator, 1, 2),
          ),
        ),
      ),
    ),
    chainCase(224, layer(11, 4, 2), layer(3, 2), layer(5, 1, 2), layer(3, 2)),
  ],
  right: (input, layers) => sizesBy(outputSize, [input, layers]),
  mistakes: [
    ...sizeExercise.mistakes.map(({ hint, wrong }) => ({
      hint,
      wrong: (input: number, layers: readonly SizeOptions[]) =>
        sizesBy(wrong as Mistake<never[], number>['wrong'] as (...args: Size) => number, [input, layers]),
    })),
    {
      hint: 'Every layer is given the picture itself: it sees what the layer before it puts out.',
      wrong: (input, layers) => layers.map((options) => outputSize(input, options)),
    },
    {
      hint: 'The list begins with the input: only the sizes after the layers are asked for.',
      wrong: (input, layers) => [input, ...sizesBy(outputSize, [input, layers])],
    },
    {
      hint: 'Only the last size is there: the answer is the list of all of them.',
      wrong: (input, layers) => sizesBy(outputSize, [input, layers]).slice(-1),
    },
  ],
});

type Needed = [output: number, o: SizeOptions];

function neededCase(output: number, o: SizeOptions): Case<Needed> {
  const { kernel, stride, padding, dilation } = o;
  return {
    name: `${output} positions of a kernel of ${kernel} with stride ${stride}, padding ${padding} and dilation ${dilation}`,
    args: [output, o],
  };
}

export const smallestInput = functionExercise<Needed, number>({
  title: 'the smallest input for an output',
  signature:
    'smallestInput(\n  output: number,\n  o: { kernel: number; stride: number; padding: number; dilation: number },\n): number',
  cases: (generator) => [
    neededCase(1, layer(3)),
    neededCase(55, layer(11, 4)),
    neededCase(14, layer(3, 2, 1)),
    ...Array.from({ length: 5 }, () =>
      neededCase(
        drawn(generator, 10, 40),
        layer(drawn(generator, 3, 7), drawn(generator, 2, 4), drawn(generator, 1, 3), drawn(generator, 2, 3)),
      ),
    ),
  ],
  right: (output, o) => (output - 1) * o.stride + span(o) - 2 * o.padding,
  mistakes: [
    {
      hint: 'It takes one step fewer than there are positions.',
      wrong: (output, o) => output * o.stride + span(o) - 2 * o.padding,
    },
    {
      hint: 'That is where the last window begins: it covers more than that pixel.',
      wrong: (output, o) => (output - 1) * o.stride - 2 * o.padding,
    },
    {
      hint: 'The padding need not be in the picture: take it off, on both sides.',
      wrong: (output, o) => (output - 1) * o.stride + span(o),
    },
    {
      hint: 'The padding is on both sides: it counts twice.',
      wrong: (output, o) => (output - 1) * o.stride + span(o) - o.padding,
    },
    {
      hint: 'The padding is added. It is a part of the picture that need not be there: take it off.',
      wrong: (output, o) => (output - 1) * o.stride + span(o) + 2 * o.padding,
    },
    {
      hint: 'That fits too, but pixels are left over: it is the largest such picture, not the smallest.',
      wrong: (output, o) => output * o.stride - 1 + span(o) - 2 * o.padding,
    },
    {
      hint: 'The dilation is left out: a dilated kernel spans d·(k − 1) + 1 pixels.',
      wrong: (output, o) => (output - 1) * o.stride + o.kernel - 2 * o.padding,
    },
    {
      hint: 'A dilated kernel spans d·(k − 1) + 1 pixels, not d·k: there is no gap after its last number.',
      wrong: (output, o) => (output - 1) * o.stride + o.kernel * o.dilation - 2 * o.padding,
    },
    {
      hint: 'The stride is left out: each step is that many pixels long.',
      wrong: (output, o) => output - 1 + span(o) - 2 * o.padding,
    },
  ],
});

interface SameOptions {
  readonly kernel: number;
  readonly stride: number;
}
type Same = [input: number, o: SameOptions];
interface Sides {
  readonly [side: string]: number;
  readonly before: number;
  readonly after: number;
}

function sidesOf(total: number): Sides {
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2) };
}

const reach = (n: number, { kernel, stride }: SameOptions): number =>
  (Math.ceil(n / stride) - 1) * stride + kernel;

export const samePadding = functionExercise<Same, Sides>({
  title: 'TensorFlow’s *same* padding',
  signature:
    'samePadding(\n  input: number,\n  o: { kernel: number; stride: number },\n): { before: number; after: number }',
  cases: (generator) =>
    [
      [28, 3, 1],
      [28, 2, 1],
      [7, 3, 2],
      [8, 3, 2],
      [8, 1, 3],
      ...Array.from({ length: 6 }, () => [
        drawn(generator, 10, 60),
        drawn(generator, 4, 7),
        drawn(generator, 2, 3),
      ]),
      [9, 1, 2],
    ].map(([input, kernel, stride]) => ({
      name: `${input} pixels, kernel ${kernel} and stride ${stride}`,
      args: [input, { kernel, stride }],
    })),
  right: (input, o) => {
    const [before, after] = resolvePadding(input, { ...o, padding: 'same' });
    return { before, after };
  },
  mistakes: [
    {
      hint: 'That is PyTorch’s padding (k − 1)/2, whatever the stride: with a larger stride the windows may need fewer zeros.',
      wrong: (_, o) => sidesOf(o.kernel - 1),
    },
    {
      hint: 'The odd zero is before the first pixel. TensorFlow puts it after the last one: at the bottom and on the right.',
      wrong: (input, o) => {
        const { before, after } = sidesOf(Math.max(0, reach(input, o) - input));
        return { before: after, after: before };
      },
    },
    {
      hint: 'The whole padding is on each side: it is to be divided between the two.',
      wrong: (input, o) => {
        const total = Math.max(0, reach(input, o) - input);
        return { before: total, after: total };
      },
    },
    {
      hint: 'Half of the padding is rounded down on both sides, so the odd zero is lost.',
      wrong: (input, o) => {
        const half = Math.floor(Math.max(0, reach(input, o) - input) / 2);
        return { before: half, after: half };
      },
    },
    {
      hint: 'Half of the padding is rounded up on both sides, so there is a zero too many where it is odd.',
      wrong: (input, o) => {
        const half = Math.ceil(Math.max(0, reach(input, o) - input) / 2);
        return { before: half, after: half };
      },
    },
    {
      hint: 'Less than no padding: where the windows do not reach the end of the picture it is 0.',
      wrong: (input, o) => sidesOf(reach(input, o) - input),
    },
    {
      hint: 'The number of windows is n/s rounded up, not down.',
      wrong: (input, o) =>
        sidesOf(Math.max(0, (Math.floor(input / o.stride) - 1) * o.stride + o.kernel - input)),
    },
    {
      hint: 'That keeps the size of the input. *Same* with a stride keeps n/s, rounded up: fewer windows need fewer zeros.',
      wrong: (input, o) => sidesOf((input - 1) * o.stride + o.kernel - input),
    },
    {
      hint: 'The last window begins one step before that: n/s windows take one step fewer.',
      wrong: (input, o) => sidesOf(Math.max(0, Math.ceil(input / o.stride) * o.stride + o.kernel - input)),
    },
  ],
});
