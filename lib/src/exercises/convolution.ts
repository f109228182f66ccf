/** Exercises of notebook 1: the window, several channels, several kernels. */
import type { NDArray } from '../ndarray';
import { ndarray } from '../ndarray';
import { conv2d, flipKernel } from '../ops';
import type { Random } from '../random';
import type { Rows } from '../rows';
import { imageFromRows, kernelFromRows, rowsOf } from '../rows';
import { drawnArray, drawnRows, mapped, misread, onlyAt, permuted, table, transposed } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, imageAxes, valueExercise } from './exercise';

type Slide = [x: Rows, kernel: Rows];

function slide(x: Rows, kernel: Rows): number[][] {
  return rowsOf(conv2d(imageFromRows(x), kernelFromRows(kernel)));
}

/** {@link slide} with the sum over each window made by `sum`, at `height` by `width` places. */
function slideBy(
  [x, kernel]: Slide,
  sum: (term: (u: number, v: number) => number, k: readonly [number, number]) => number,
  [height, width] = [x.length - kernel.length + 1, x[0].length - kernel[0].length + 1],
): number[][] {
  const size = [kernel.length, kernel[0].length] as const;
  return table(height, width, (i, j) => sum((u, v) => (x[i + u]?.[j + v] ?? 0) * kernel[u][v], size));
}

function total(term: (u: number, v: number) => number, [height, width]: readonly [number, number]): number {
  return table(height, width, term)
    .flat()
    .reduce((a, b) => a + b, 0);
}

const slideCases = (generator: Random): Case<Slide>[] => [
  {
    name: 'the picture [[1, 2, 0], [3, 1, 4], [0, 5, 2]] and the kernel [[1, 2], [0, 10]]',
    args: [[[1, 2, 0], [3, 1, 4], [0, 5, 2]], [[1, 2], [0, 10]]], // prettier-ignore
  },
  {
    name: 'a picture of 5 × 5 and a kernel of 3 × 3',
    args: [drawnRows(generator, 5, 5), drawnRows(generator, 3, 3)],
  },
  {
    name: 'a kernel as large as its picture, 3 × 3',
    args: [drawnRows(generator, 3, 3), drawnRows(generator, 3, 3)],
  },
  { name: 'a wide picture of 4 × 7', args: [drawnRows(generator, 4, 7), drawnRows(generator, 2, 2)] },
  { name: 'a tall picture of 7 × 4', args: [drawnRows(generator, 7, 4), drawnRows(generator, 3, 3)] },
  { name: 'a wide kernel of 2 × 3', args: [drawnRows(generator, 5, 6), drawnRows(generator, 2, 3)] },
];

const slideExercise = functionExercise<Slide, number[][]>({
  title: 'slide a kernel over a picture',
  signature: 'mySlide(x: number[][], kernel: number[][]): number[][]',
  axes: ['rows', 'columns'],
  cases: slideCases,
  right: slide,
  mistakes: [
    {
      hint: 'This is true convolution: the kernel is flipped. Here kernel[u][v] meets x[i + u][j + v].',
      wrong: (x, kernel) =>
        slide(
          x,
          [...kernel].reverse().map((row) => [...row].reverse()),
        ),
    },
    {
      hint: 'The kernel is read with rows and columns exchanged: kernel[v][u] for kernel[u][v].',
      wrong: (x, kernel) => slide(x, transposed(kernel)),
    },
    {
      hint: 'The answer is transposed: what belongs in row i, column j is in row j, column i.',
      wrong: (x, kernel) => transposed(slide(x, kernel)),
    },
    {
      hint: 'The last place of the window is missing on both axes: it also fits at x.length − kernel.length (≤, not <).',
      wrong: (x, kernel) =>
        slide(x, kernel)
          .slice(0, -1)
          .map((row) => row.slice(0, -1)),
    },
    {
      hint: 'The number of columns is worked out from the number of rows: a picture need not be square.',
      wrong: (x, kernel) => {
        const places = x.length - kernel.length + 1;
        return slideBy([x, kernel], total, [places, places]);
      },
    },
    {
      hint: 'The kernel is taken to be square: its number of columns is kernel[0].length.',
      wrong: (x, kernel) =>
        slide(
          x,
          kernel.map((row) => table(1, kernel.length, (_, v) => row[v] ?? 0)[0]),
        ),
    },
    {
      hint: 'Each product overwrites the one before, so only the last is left: add them up (+=).',
      wrong: (x, kernel) => slideBy([x, kernel], (term, [h, w]) => term(h - 1, w - 1)),
    },
    {
      hint: 'This is the mean of the products. A convolution is their sum.',
      wrong: (x, kernel) => slideBy([x, kernel], (term, [h, w]) => total(term, [h, w]) / (h * w)),
    },
    {
      hint: 'The sum is not set back to 0 for the next window: each answer contains those before it.',
      wrong: (x, kernel) => {
        let sum = 0;
        return slideBy([x, kernel], (term, size) => (sum += total(term, size)));
      },
    },
    {
      hint: 'Zeros are put around the picture, so that the window also goes over the border. Here it stays inside.',
      wrong: (x, kernel) =>
        rowsOf(conv2d(imageFromRows(x), kernelFromRows(kernel), undefined, { padding: 'same' })),
    },
  ],
});

type Layer = [x: NDArray, kernel: NDArray, bias: NDArray];

function layer(generator: Random, x: readonly number[], kernel: readonly number[]): Layer {
  return [drawnArray(generator, ...x), drawnArray(generator, ...kernel), drawnArray(generator, kernel[3])];
}

const layerExercise = functionExercise<Layer, NDArray>({
  title: 'a convolution of several channels with several kernels',
  signature: 'myLayer(x: NDArray, kernel: NDArray, bias: NDArray): NDArray',
  axes: imageAxes,
  cases: (generator) => [
    {
      name: 'one picture [[1, 2, 0], [3, 4, 5]] of one channel, the kernel [[1, 10]] and the bias 100',
      args: [imageFromRows([[1, 2, 0], [3, 4, 5]]), kernelFromRows([[1, 10]]), ndarray([100])], // prettier-ignore
    },
    { name: 'three channels and one kernel', args: layer(generator, [1, 4, 4, 3], [2, 2, 3, 1]) },
    { name: 'one channel and four kernels', args: layer(generator, [1, 5, 4, 1], [2, 3, 1, 4]) },
    { name: 'two images', args: layer(generator, [2, 4, 4, 1], [3, 3, 1, 2]) },
    {
      name: 'two images of 5 × 6 × 2 and three kernels of 3 × 2',
      args: layer(generator, [2, 5, 6, 2], [3, 2, 2, 3]),
    },
  ],
  right: conv2d,
  mistakes: [
    { hint: 'Right up to the bias: it is not added.', wrong: (x, kernel) => conv2d(x, kernel) },
    {
      hint: 'The bias is added with every product of the window. Add it once to each sum.',
      wrong: (x, kernel, bias) => {
        const products = kernel.shape[0] * kernel.shape[1] * kernel.shape[2];
        return conv2d(
          x,
          kernel,
          mapped(bias, (b) => b * products),
        );
      },
    },
    {
      hint: 'All kernels get the bias of the first: kernel f has bias f.',
      wrong: (x, kernel, bias) =>
        conv2d(
          x,
          kernel,
          mapped(bias, () => bias.data[0]),
        ),
    },
    {
      hint: 'Only the first channel is summed up: the sum goes over all channels of the picture.',
      wrong: (x, kernel, bias) => conv2d(onlyAt(x, 3, 0), kernel, bias),
    },
    {
      hint: 'Every channel meets the kernel’s table for the first channel: kernel[u, v, c, f] belongs to channel c.',
      wrong: (x, kernel, bias) => {
        const [height, width, channels, filters] = kernel.shape;
        const first = mapped(kernel, (_, at) => {
          const tap = Math.floor(at / (channels * filters));
          return kernel.data[tap * channels * filters + (at % filters)];
        });
        return conv2d(x, { shape: [height, width, channels, filters], data: first.data }, bias);
      },
    },
    {
      hint: 'The axes are [images, channels, rows, columns]: the library wants the channels last.',
      wrong: (x, kernel, bias) => permuted(conv2d(x, kernel, bias), 0, 3, 1, 2),
    },
    {
      hint: 'The picture’s numbers are read as if all of one channel came before the next. Here the channels of a pixel lie side by side: [images, rows, columns, channels].',
      wrong: (x, kernel, bias) => conv2d(misread(x, 0, 3, 1, 2), kernel, bias),
    },
    {
      hint: 'The kernel is read in PyTorch’s order [outChannels, inChannels, kernelHeight, kernelWidth]. Here it is [kernelHeight, kernelWidth, inChannels, outChannels].',
      wrong: (x, kernel, bias) => conv2d(x, misread(kernel, 3, 2, 0, 1), bias),
    },
    {
      hint: 'This is true convolution: the kernel is flipped. Here kernel[u, v] meets the pixel at (i + u, j + v).',
      wrong: (x, kernel, bias) => conv2d(x, flipKernel(kernel), bias),
    },
    {
      hint: 'Only the first image of the batch is computed.',
      wrong: (x, kernel, bias) => onlyAt(conv2d(x, kernel, bias), 0, 0),
    },
  ],
});

export const convolutionExercises: Exercises = {
  '01.1': valueExercise('what two kernels do to a picture', {
    first: {
      answer: [[4, 8], [9, 3]], // prettier-ignore
      mistakes: [
        { answer: [[2, 5], [1, 7]], hint: 'That is the pixel to the left: the kernel flipped, as in true convolution.' }, // prettier-ignore
        { answer: [[5, 4], [7, 9]], hint: 'That is the pixel in the middle of the window; the 1 is to the right of it.' }, // prettier-ignore
        { answer: [[7, 9], [0, 2]], hint: 'That is the pixel below and to the right: the 1 is in the middle row of the kernel.' }, // prettier-ignore
        { answer: [[4, 9], [8, 3]], hint: 'Transposed: the first number is the row.' }, // prettier-ignore
      ],
    },
    second: {
      answer: [[-1, 4], [2, -6]], // prettier-ignore
      mistakes: [
        { answer: [[1, -4], [-2, 6]], hint: 'Right up to the sign: the middle has −1, the pixel to its right has +1.' }, // prettier-ignore
        { answer: [[-3, 1], [-6, -2]], hint: 'That is the pixel to the left minus the middle: the kernel flipped, as in true convolution.' }, // prettier-ignore
        { answer: [[9, 12], [16, 12]], hint: 'Those are sums: the number in the middle of the kernel is −1.' }, // prettier-ignore
      ],
    },
  }),
  '01.2': valueExercise('sizes of a layer on a colour photograph', {
    places: {
      answer: 60,
      mistakes: [
        { answer: 59, hint: 'Count the first place too: 64 − 5 + 1.' },
        { answer: 64, hint: 'That is the size of the photograph: the window of 5 must stay inside.' },
        { answer: 3600, hint: 'That is for both axes together; give the number along one.' },
      ],
    },
    parameters: {
      answer: 1216,
      mistakes: [
        { answer: 1200, hint: 'The biases are missing, one for each kernel.' },
        { answer: 416, hint: 'A kernel has a table for each of the three colours.' },
        { answer: 400, hint: 'A kernel has a table for each of the three colours, and a bias.' },
        { answer: 1248, hint: 'One bias for each kernel, not one for each table of it.' },
      ],
    },
    multiplyAdds: {
      answer: 4_320_000,
      mistakes: [
        { answer: 1_440_000, hint: 'Each answer sums over three colours: 75 products.' },
        { answer: 270_000, hint: 'That is for one kernel; there are 16.' },
        { answer: 4_915_200, hint: 'That is with 64 × 64 places; the window takes 60 × 60.' },
        { answer: 8_640_000, hint: 'A multiplication and its addition count as one.' },
      ],
    },
    denseWeights: {
      answer: 12_288,
      mistakes: [
        { answer: 4096, hint: 'Three colours: each pixel has three numbers.' },
        { answer: 12_289, hint: 'That includes the bias, which is not a weight.' },
      ],
    },
  }),
  '01.3': slideExercise,
  '01.4': layerExercise,
};
