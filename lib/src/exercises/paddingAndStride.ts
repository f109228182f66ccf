/** Exercises of notebook 2: output sizes and receptive fields. */
import type { Random } from '../random';
import { outputSize, receptiveField } from '../shape';
import { drawn } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';
import { stridedConvolution } from './stridedConvolution';

export interface SizeOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}
export type Size = [input: number, o: SizeOptions];

function sizeCase(input: number, kernel: number, stride: number, padding: number, dilation = 1): Case<Size> {
  const given = [`kernel ${kernel}`, `stride ${stride}`, `padding ${padding}`, `dilation ${dilation}`];
  return {
    name: `${input} pixels, ${given.filter((text) => !/stride 1$|padding 0|dilation 1$/.test(text)).join(', ')}`,
    args: [input, { kernel, stride, padding, dilation }],
  };
}

function drawnSize(generator: Random): Case<Size> {
  const [kernel, dilation] = [drawn(generator, 2, 5), drawn(generator, 1, 3)];
  const input = drawn(generator, 20, 60);
  return sizeCase(input, kernel, drawn(generator, 2, 4), drawn(generator, 0, 3), dilation);
}

/** Pixels that a kernel spans. */
export const span = ({ kernel, dilation }: Pick<SizeOptions, 'kernel' | 'dilation'>): number =>
  dilation * (kernel - 1) + 1;

export const sizeExercise = functionExercise<Size, number>({
  title: 'the output size of a window',
  signature:
    'myOutputSize(\n  input: number,\n  o: { kernel: number; stride: number; padding: number; dilation: number },\n): number',
  cases: (generator) => [
    sizeCase(5, 3, 1, 0),
    sizeCase(28, 5, 1, 1),
    sizeCase(7, 3, 2, 0),
    sizeCase(8, 3, 2, 0),
    sizeCase(28, 3, 2, 1),
    sizeCase(28, 3, 1, 2, 2),
    ...Array.from({ length: 5 }, () => drawnSize(generator)),
    sizeCase(224, 11, 4, 2),
    sizeCase(30, 3, 3, 2, 4),
  ],
  right: outputSize,
  mistakes: [
    {
      hint: 'That is the size without padding.',
      wrong: (n, o) => Math.floor((n - span(o)) / o.stride) + 1,
    },
    {
      hint: 'The padding is on both sides: it counts twice.',
      wrong: (n, o) => Math.floor((n + o.padding - span(o)) / o.stride) + 1,
    },
    {
      hint: 'The + 1 is missing: the window has a place before it takes its first step.',
      wrong: (n, o) => Math.floor((n + 2 * o.padding - span(o)) / o.stride),
    },
    {
      hint: 'Rounded up: a last step that does not fit is not taken (Math.floor).',
      wrong: (n, o) => Math.ceil((n + 2 * o.padding - span(o)) / o.stride) + 1,
    },
    {
      hint: 'Rounded to the nearest: a last step that does not fit is not taken (Math.floor).',
      wrong: (n, o) => Math.round((n + 2 * o.padding - span(o)) / o.stride) + 1,
    },
    {
      hint: 'Not rounded: a window has no half places (Math.floor).',
      wrong: (n, o) => (n + 2 * o.padding - span(o)) / o.stride + 1,
    },
    {
      hint: 'The dilation is left out: a dilated kernel spans d·(k − 1) + 1 pixels.',
      wrong: (n, o) => Math.floor((n + 2 * o.padding - o.kernel) / o.stride) + 1,
    },
    {
      hint: 'A dilated kernel spans d·(k − 1) + 1 pixels, not d·k: there is no gap after its last number.',
      wrong: (n, o) => Math.floor((n + 2 * o.padding - o.dilation * o.kernel) / o.stride) + 1,
    },
    {
      hint: 'The stride is left out: divide by it.',
      wrong: (n, o) => n + 2 * o.padding - span(o) + 1,
    },
    {
      hint: 'The + 1 is divided by the stride too: add it after dividing and rounding down.',
      wrong: (n, o) => Math.floor((n + 2 * o.padding - span(o) + 1) / o.stride),
    },
  ],
});

interface FieldLayer {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}
type Field = [layers: readonly FieldLayer[]];

function fieldCase(...layers: readonly [kernel: number, stride?: number, dilation?: number][]): Case<Field> {
  const list = layers.map(([kernel, stride = 1, dilation = 1]) => ({ kernel, stride, dilation }));
  const texts = list.map(({ kernel, stride, dilation }) =>
    [
      `kernel ${kernel}`,
      ...(stride > 1 ? [`stride ${stride}`] : []),
      ...(dilation > 1 ? [`dilation ${dilation}`] : []),
    ].join(' '),
  );
  return { name: `the layers (${texts.join('), (')})`, args: [list] };
}

/** size ← size + `growth`·jump, with the jump before the layer or, by mistake, after it. */
function grown(
  layers: readonly FieldLayer[],
  {
    growth,
    start = 1,
    late = false,
  }: { growth: (layer: FieldLayer) => number; start?: number; late?: boolean },
): number {
  let [size, jump] = [start, 1];
  for (const layer of layers) {
    if (late) jump *= layer.stride;
    size += growth(layer) * jump;
    if (!late) jump *= layer.stride;
  }
  return size;
}

const reach = ({ kernel, dilation }: FieldLayer): number => dilation * (kernel - 1);

const fieldExercise = functionExercise<Field, number>({
  title: 'the receptive field of a chain of layers',
  signature: 'myReceptiveField(layers: { kernel: number; stride: number; dilation: number }[]): number',
  cases: (generator) => [
    fieldCase([3]),
    fieldCase([3], [3]),
    fieldCase([3], [2, 2], [3]),
    fieldCase([5], [2, 2], [5], [2, 2]),
    fieldCase([3, 1, 1], [3, 1, 2], [3, 1, 4]),
    fieldCase([3, 2], [3, 2], [3, 2]),
    ...Array.from({ length: 4 }, () =>
      fieldCase(
        ...Array.from({ length: drawn(generator, 2, 4) }, (): [number, number, number] => [
          drawn(generator, 2, 5),
          drawn(generator, 1, 3),
          drawn(generator, 1, 2),
        ]),
      ),
    ),
    fieldCase([3, 2, 2], [3, 2], [2, 1, 3]),
  ],
  right: (layers) => receptiveField(10_000, layers).at(-1)?.size ?? 1,
  mistakes: [
    {
      hint: 'The stride is left out: after a stride of 2, neighbouring units are two pixels of the input apart.',
      wrong: (layers) => layers.reduce((size, layer) => size + reach(layer), 1),
    },
    {
      hint: 'A layer’s own stride counts too early: it sets how far apart the units after the layer are, not those that it reads.',
      wrong: (layers) => grown(layers, { growth: reach, late: true }),
    },
    {
      hint: 'A kernel adds k − 1 pixels, not k: one of them was seen before.',
      wrong: (layers) => grown(layers, { growth: ({ kernel, dilation }) => dilation * kernel }),
    },
    {
      hint: 'One pixel is missing: before the first layer, a unit sees 1 pixel, itself.',
      wrong: (layers) => grown(layers, { growth: reach, start: 0 }),
    },
    {
      hint: 'The dilation is left out: a dilated kernel adds d·(k − 1).',
      wrong: (layers) => grown(layers, { growth: ({ kernel }) => kernel - 1 }),
    },
    {
      hint: 'This is the distance between neighbouring units, the product of the strides, not what one of them sees.',
      wrong: (layers) => layers.reduce((jump, { stride }) => jump * stride, 1),
    },
    {
      hint: 'The field grows by adding, not by multiplying: two layers of 3 × 3 see 5 × 5.',
      wrong: (layers) => layers.reduce((size, layer) => size * (reach(layer) + 1), 1),
    },
  ],
});

export const paddingExercises: Exercises = {
  '02.1': valueExercise('paddings that keep the size, and the zeros of same', {
    padding: {
      answer: 3,
      mistakes: [
        { answer: 6, hint: 'That is for both sides together.' },
        { answer: 3.5, hint: 'Half of k − 1, not half of k: the middle of the kernel lies on a pixel.' },
        { answer: 4, hint: 'Half of k − 1: the middle of the kernel lies on a pixel.' },
      ],
    },
    dilated: {
      answer: 6,
      mistakes: [
        { answer: 12, hint: 'That is for both sides together.' },
        { answer: 3, hint: 'That is without the dilation: the kernel now spans 13 pixels.' },
        {
          answer: 7,
          hint: 'The kernel spans d·(k − 1) + 1 = 13 pixels, not 14 or 15: there is no gap after its last number.',
        },
      ],
    },
    sameBefore: {
      answer: 1,
      mistakes: [
        {
          answer: 2,
          hint: 'Three zeros are missing in all, and the odd one goes after the last pixel: TensorFlow’s rule.',
        },
        { answer: 3, hint: 'That is for both sides together.' },
        { answer: 1.5, hint: 'There is no half zero: the odd one goes after the last pixel.' },
        { answer: 0, hint: 'Three zeros are missing in all: 8 places need 33 pixels.' },
      ],
    },
    sameAfter: {
      answer: 2,
      mistakes: [
        {
          answer: 1,
          hint: 'Three zeros are missing in all, and the odd one goes after the last pixel: TensorFlow’s rule.',
        },
        { answer: 3, hint: 'That is for both sides together.' },
        { answer: 1.5, hint: 'There is no half zero: the odd one goes after the last pixel.' },
        { answer: 0, hint: 'Three zeros are missing in all: 8 places need 33 pixels.' },
      ],
    },
  }),
  '02.2': valueExercise('a layer of 11 × 11 with stride 4 on 224 × 224', {
    size: {
      answer: 54,
      mistakes: [
        {
          answer: 55,
          hint: 'That is the size that the description gives, and the last step to it does not fit.',
        },
        { answer: 54.25, hint: 'A step that does not fit is not taken: round down.' },
        {
          answer: 53,
          hint: 'That is the number of steps: the window also has a place before the first one.',
        },
        { answer: 53.25, hint: 'That is the number of steps, and the last one does not fit.' },
        { answer: 214, hint: 'That is with stride 1.' },
        { answer: 56, hint: 'The kernel is left out: 224 / 4.' },
      ],
    },
    smallest: {
      answer: 227,
      mistakes: [
        { answer: 231, hint: 'It takes 54 steps to reach 55 places.' },
        { answer: 228, hint: 'That fits too, but one pixel is left over: a smaller picture is enough.' },
        { answer: 220, hint: '55 windows of stride 4 end beyond that: the last one needs 11 pixels.' },
        { answer: 216, hint: 'That is where the last window begins; it needs 11 pixels more.' },
      ],
    },
  }),
  '02.3': sizeExercise,
  '02.4': stridedConvolution,
  '02.5': fieldExercise,
};
