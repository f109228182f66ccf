/** Exercises of notebook 2: output sizes, a convolution with padding and stride, receptive fields. */
import type { NDArray } from '../ndarray';
import { conv2d, flipKernel } from '../ops';
import type { Random } from '../random';
import { imageFromRows, kernelFromRows } from '../rows';
import { outputSize, receptiveField } from '../shape';
import { drawn, drawnArray, windowSums } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, imageAxes, valueExercise } from './exercise';

interface SizeOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}
type Size = [input: number, o: SizeOptions];

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
const span = ({ kernel, dilation }: SizeOptions): number => dilation * (kernel - 1) + 1;

const sizeExercise = functionExercise<Size, number>({
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
      hint: 'The + 1 is missing: the window is somewhere before it takes its first step.',
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
      hint: 'Not rounded: there is no half place of a window (Math.floor).',
      wrong: (n, o) => (n + 2 * o.padding - span(o)) / o.stride + 1,
    },
    {
      hint: 'The dilation is left out: a dilated kernel spans d·(k − 1) + 1 pixels.',
      wrong: (n, o) => Math.floor((n + 2 * o.padding - o.kernel) / o.stride) + 1,
    },
    {
      hint: 'A dilated kernel spans d·(k − 1) + 1 pixels, not d·k: behind its last number there is no gap.',
      wrong: (n, o) => Math.floor((n + 2 * o.padding - o.dilation * o.kernel) / o.stride) + 1,
    },
    {
      hint: 'The stride is left out: divide by it.',
      wrong: (n, o) => n + 2 * o.padding - span(o) + 1,
    },
    {
      hint: 'The + 1 is divided by the stride too: add it after dividing and rounding.',
      wrong: (n, o) => Math.floor((n + 2 * o.padding - span(o) + 1) / o.stride),
    },
  ],
});

interface ConvOptions {
  readonly stride: readonly [height: number, width: number];
  readonly padding: number;
}
type Conv = [x: NDArray, kernel: NDArray, o: ConvOptions];

function sizesOf([x, kernel, { stride, padding }]: Conv): [number, number] {
  const size = (axis: 0 | 1): number =>
    outputSize(x.shape[axis + 1], { kernel: kernel.shape[axis], stride: stride[axis], padding });
  return [size(0), size(1)];
}

function convCase(
  generator: Random,
  name: string,
  x: readonly number[],
  kernel: readonly number[],
  o: ConvOptions,
): Case<Conv> {
  return { name, args: [drawnArray(generator, ...x), drawnArray(generator, ...kernel), o] };
}

const convExercise = functionExercise<Conv, NDArray>({
  title: 'a convolution with padding and stride',
  signature:
    'myConv2d(\n  x: NDArray,\n  kernel: NDArray,\n  o: { stride: [height: number, width: number]; padding: number },\n): NDArray',
  axes: imageAxes,
  cases: (generator) => [
    {
      name: 'the picture [[1, 2, 0], [3, 1, 4], [0, 5, 2]] and the kernel [[1, 2], [0, 10]]',
      args: [imageFromRows([[1, 2, 0], [3, 1, 4], [0, 5, 2]]), kernelFromRows([[1, 2], [0, 10]]), { stride: [1, 1], padding: 0 }], // prettier-ignore
    },
    convCase(generator, 'padding 1', [1, 5, 5, 1], [3, 3, 1, 1], { stride: [1, 1], padding: 1 }),
    convCase(generator, 'stride [2, 2]', [1, 7, 7, 1], [3, 3, 1, 1], { stride: [2, 2], padding: 0 }),
    convCase(generator, 'stride [2, 1]', [1, 6, 6, 1], [2, 2, 1, 1], { stride: [2, 1], padding: 0 }),
    convCase(generator, 'stride [2, 2], where the last step does not fit', [1, 6, 8, 1], [3, 3, 1, 1], {
      stride: [2, 2],
      padding: 0,
    }),
    convCase(
      generator,
      'two images of two channels, three kernels and padding 2',
      [2, 5, 4, 2],
      [3, 2, 2, 3],
      {
        stride: [1, 1],
        padding: 2,
      },
    ),
    convCase(generator, 'stride [3, 2] with padding 1', [1, 8, 7, 2], [3, 3, 2, 2], {
      stride: [3, 2],
      padding: 1,
    }),
  ],
  right: (x, kernel, { stride, padding }) => conv2d(x, kernel, undefined, { strides: stride, padding }),
  mistakes: [
    {
      hint: 'The padding is left out.',
      wrong: (x, kernel, { stride }) => conv2d(x, kernel, undefined, { strides: stride }),
    },
    {
      hint: 'The output is as large as if there were no padding: the formula without its padding.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, { ...o, padding: 0 }]),
          (i, u) => i * o.stride[0] + u - o.padding,
          (j, v) => j * o.stride[1] + v - o.padding,
        ),
    },
    {
      hint: 'The padding at the top and on the left is missing: the first window begins at pixel −p, not at 0.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => i * o.stride[0] + u,
          (j, v) => j * o.stride[1] + v,
        ),
    },
    {
      hint: 'The zeros stand at the top and on the left only: the padding is on both sides.',
      wrong: (x, kernel, { stride, padding }) =>
        conv2d(x, kernel, undefined, { strides: stride, padding: [[padding, 0], [padding, 0]] }), // prettier-ignore
    },
    {
      hint: 'The padding repeats the pixels at the border. Here it is zeros.',
      wrong: (x, kernel, o) => {
        const inside = (at: number, length: number): number => Math.min(Math.max(at, 0), length - 1);
        return windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => inside(i * o.stride[0] + u - o.padding, x.shape[1]),
          (j, v) => inside(j * o.stride[1] + v - o.padding, x.shape[2]),
        );
      },
    },
    {
      hint: 'The stride is read as [width, height]. Here it is [height, width].',
      wrong: (x, kernel, { stride, padding }) =>
        conv2d(x, kernel, undefined, { strides: [stride[1], stride[0]], padding }),
    },
    {
      hint: 'The stride is left out: the window moves one pixel at a time.',
      wrong: (x, kernel, { padding }) => conv2d(x, kernel, undefined, { padding }),
    },
    {
      hint: 'The size follows the stride, the window does not: it still moves one pixel at a time.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => i + u - o.padding,
          (j, v) => j + v - o.padding,
        ),
    },
    {
      hint: 'Only the step down the rows follows the stride: columns have a stride of their own.',
      wrong: (x, kernel, { stride, padding }) =>
        conv2d(x, kernel, undefined, { strides: [stride[0], 1], padding }),
    },
    {
      hint: 'The stride multiplies the place within the window too, (i + u)·s for i·s + u: that is a dilation.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => (i + u) * o.stride[0] - o.padding,
          (j, v) => (j + v) * o.stride[1] - o.padding,
        ),
    },
    {
      hint: 'The padding is multiplied by the stride, (i − p)·s for i·s − p: it is counted in pixels.',
      wrong: (x, kernel, o) =>
        windowSums(
          x,
          kernel,
          sizesOf([x, kernel, o]),
          (i, u) => (i - o.padding) * o.stride[0] + u,
          (j, v) => (j - o.padding) * o.stride[1] + v,
        ),
    },
    {
      hint: 'There is a place too many where the last step does not fit: the size is rounded down.',
      wrong: (x, kernel, o) => {
        const size = (axis: 0 | 1): number =>
          Math.ceil((x.shape[axis + 1] + 2 * o.padding - kernel.shape[axis]) / o.stride[axis]) + 1;
        return windowSums(
          x,
          kernel,
          [size(0), size(1)],
          (i, u) => i * o.stride[0] + u - o.padding,
          (j, v) => j * o.stride[1] + v - o.padding,
        );
      },
    },
    {
      hint: 'This is true convolution: the kernel is flipped. Here kernel[u, v] meets the pixel at (i·s + u − p, j·s + v − p).',
      wrong: (x, kernel, { stride, padding }) =>
        conv2d(x, flipKernel(kernel), undefined, { strides: stride, padding }),
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
      hint: 'The strides are left out: behind a stride of 2, neighbouring units are two pixels of the input apart.',
      wrong: (layers) => layers.reduce((size, layer) => size + reach(layer), 1),
    },
    {
      hint: 'A layer’s own stride counts too early: it sets how far apart the units behind the layer are, not those that it reads.',
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
      hint: 'The dilations are left out: a dilated kernel adds d·(k − 1).',
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
  '02.1': valueExercise('the padding that keeps the size, for a kernel of 7', {
    padding: {
      answer: 3,
      mistakes: [
        { answer: 6, hint: 'That is for both sides together.' },
        { answer: 3.5, hint: 'Half of k − 1, not half of k: the middle of the kernel stands on a pixel.' },
        { answer: 4, hint: 'Half of k − 1: the middle of the kernel stands on a pixel.' },
      ],
    },
    dilated: {
      answer: 6,
      mistakes: [
        { answer: 12, hint: 'That is for both sides together.' },
        { answer: 3, hint: 'That is without the dilation: the kernel now spans 13 pixels.' },
        {
          answer: 7,
          hint: 'The kernel spans d·(k − 1) + 1 = 13 pixels, not 14 or 15: there is no gap behind its last number.',
        },
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
        { answer: 53, hint: 'Those are the steps. The window is somewhere before the first.' },
        { answer: 53.25, hint: 'Those are the steps, and the last does not fit.' },
        { answer: 214, hint: 'That is with stride 1.' },
        { answer: 56, hint: 'The kernel is left out: 224 / 4.' },
      ],
    },
    smallest: {
      answer: 227,
      mistakes: [
        { answer: 231, hint: 'For 55 places it takes 54 steps.' },
        { answer: 228, hint: 'That fits too, but one pixel is left over: a smaller picture is enough.' },
        { answer: 220, hint: '55 windows of stride 4 end beyond that: the last one needs 11 pixels.' },
        { answer: 216, hint: 'That is where the last window begins; it needs 11 pixels more.' },
      ],
    },
  }),
  '02.3': sizeExercise,
  '02.4': convExercise,
  '02.5': fieldExercise,
};
