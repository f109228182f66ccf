/** Exercises of notebook 13: places in memory, work, a convolution as a matrix product. */
import type { NDArray } from '../ndarray';
import { im2col } from '../ops';
import type { Random } from '../random';
import { imageFromRows } from '../rows';
import { drawnArray, misread, permuted } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';

type Place = [shape: readonly number[], index: readonly number[]];

const right = (...[shape, index]: Place): number =>
  index.reduce((place, at, axis) => place * shape[axis] + at, 0);

const placeExercise = functionExercise<Place, number>({
  title: 'where a number is in memory',
  signature: 'myPlace(shape: number[], index: number[]): number',
  cases: () => [
    { name: 'shape [3, 4] and index [1, 2]', args: [[3, 4], [1, 2]] }, // prettier-ignore
    { name: 'shape [3, 4] and index [0, 0]', args: [[3, 4], [0, 0]] }, // prettier-ignore
    { name: 'shape [7] and index [5]', args: [[7], [5]] },
    { name: 'shape [2, 3, 5] and index [1, 2, 3]', args: [[2, 3, 5], [1, 2, 3]] }, // prettier-ignore
    { name: 'shape [5, 5, 10, 20] and index [2, 3, 4, 7]', args: [[5, 5, 10, 20], [2, 3, 4, 7]] }, // prettier-ignore
  ],
  right,
  mistakes: [
    {
      hint: 'The first axis changes fastest here: in this course it is the last one.',
      wrong: (shape, index) => right([...shape].reverse(), [...index].reverse()),
    },
    {
      hint: 'Each index is multiplied by the length of its own axis: it is multiplied by the lengths of all axes after it.',
      wrong: (shape, index) =>
        index.reduce((place, at, axis) => place + (axis < index.length - 1 ? at * shape[axis] : at), 0),
    },
    {
      hint: 'Each index is multiplied only by the length of the next axis: it is multiplied by the lengths of all axes after it.',
      wrong: (shape, index) => index.reduce((place, at, axis) => place + at * (shape[axis + 1] ?? 1), 0),
    },
    {
      hint: 'The places are counted from 1: the first number is at 0.',
      wrong: (...given) => right(...given) + 1,
    },
    {
      hint: 'That is in bytes: each number has eight, but the data is a Float64Array, which counts numbers.',
      wrong: (...given) => 8 * right(...given),
    },
    {
      hint: 'Those are all the indices added up.',
      wrong: (_shape, index) => index.reduce((a, b) => a + b, 0),
    },
  ],
});

interface MatrixOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}
type Matrix = [x: NDArray, o: MatrixOptions];

const matrixOf = (x: NDArray, { kernel, stride, padding }: MatrixOptions): NDArray =>
  im2col(x, { kernel, stride, padding });

function matrixCase(generator: Random, name: string, x: readonly number[], o: MatrixOptions): Case<Matrix> {
  return { name, args: [drawnArray(generator, ...x), o] };
}

/** The numbers of each row of the matrix in another order of (row, column, channel). */
function reordered(x: NDArray, o: MatrixOptions, ...order: readonly number[]): NDArray {
  const matrix = matrixOf(x, o);
  const windows = { shape: [matrix.shape[0], o.kernel, o.kernel, x.shape[3]], data: matrix.data };
  const inOrder = permuted(windows, 0, ...order.map((axis) => axis + 1));
  return { shape: matrix.shape, data: inOrder.data };
}

const matrixExercise = functionExercise<Matrix, NDArray>({
  title: 'the windows of a picture as a matrix',
  signature: 'myIm2col(x: NDArray, o: { kernel: number; stride: number; padding: number }): NDArray',
  axes: ['windows', 'numbers'],
  cases: (generator) => [
    {
      name: 'the picture [[1, 2, 3], [4, 5, 6]], kernel 2, stride 1 and no padding',
      args: [imageFromRows([[1, 2, 3], [4, 5, 6]]), { kernel: 2, stride: 1, padding: 0 }], // prettier-ignore
    },
    matrixCase(generator, 'two channels', [1, 3, 4, 2], { kernel: 2, stride: 1, padding: 0 }),
    matrixCase(generator, 'stride 2', [1, 5, 7, 1], { kernel: 3, stride: 2, padding: 0 }),
    matrixCase(generator, 'padding 1', [1, 3, 3, 1], { kernel: 3, stride: 1, padding: 1 }),
    matrixCase(generator, 'two images of 4 × 5 × 3, stride 2 and padding 1', [2, 4, 5, 3], {
      kernel: 3,
      stride: 2,
      padding: 1,
    }),
  ],
  right: matrixOf,
  mistakes: [
    {
      hint: 'The matrix is transposed: each window is a row of it.',
      wrong: (x, o) => permuted(matrixOf(x, o), 1, 0),
    },
    {
      hint: 'Within a window the channels come first: the order is row, column, channel, as in the kernel.',
      wrong: (x, o) => reordered(x, o, 2, 0, 1),
    },
    {
      hint: 'Within a window the columns are read before the rows: the order is row, column, channel.',
      wrong: (x, o) => reordered(x, o, 1, 0, 2),
    },
    {
      hint: 'The windows are listed down the columns: they go along the rows of the output first.',
      wrong: (x, o) => {
        const matrix = matrixOf(x, o);
        const places = (length: number): number =>
          Math.floor((length + 2 * o.padding - o.kernel) / o.stride) + 1;
        const [rows, columns] = [places(x.shape[1]), places(x.shape[2])];
        const windows = { shape: [x.shape[0], rows, columns, matrix.shape[1]], data: matrix.data };
        return { shape: matrix.shape, data: permuted(windows, 0, 2, 1, 3).data };
      },
    },
    {
      hint: 'The picture’s numbers are read as if all of one channel came before the next: the channels of a pixel lie side by side.',
      wrong: (x, o) => matrixOf(misread(x, 0, 3, 1, 2), o),
    },
    { hint: 'The padding is left out.', wrong: (x, o) => matrixOf(x, { ...o, padding: 0 }) },
    { hint: 'The stride is left out.', wrong: (x, o) => matrixOf(x, { ...o, stride: 1 }) },
    {
      hint: 'The windows lie side by side: the kernel’s size is taken for the stride.',
      wrong: (x, o) => matrixOf(x, { ...o, stride: o.kernel }),
    },
  ],
});

export const speedExercises: Exercises = {
  '13.1': valueExercise('how far apart the weights of neighbouring filters are', {
    tensorFlow: {
      answer: 1,
      mistakes: [
        { answer: 0, hint: 'They are two numbers, one after the other.' },
        { answer: 20, hint: 'That is from one input channel to the next: the filters are the last axis.' },
        { answer: 8, hint: 'That is in bytes.' },
      ],
    },
    pyTorch: {
      answer: 250,
      mistakes: [
        {
          answer: 1,
          hint: 'In PyTorch’s order the filters are the first axis: between two of them lies a whole filter.',
        },
        { answer: 25, hint: 'A filter has a table of 25 for each of its ten input channels.' },
        { answer: 5000, hint: 'That is the whole kernel.' },
        { answer: 1000, hint: 'That is in bytes of float32.' },
      ],
    },
  }),
  '13.2': valueExercise('the first convolution as work and as a matrix', {
    flop: {
      answer: 338_000,
      mistakes: [
        { answer: 169_000, hint: 'A multiplication and its addition are two FLOP.' },
        {
          answer: 392_000,
          hint: 'That is with 28 × 28 places: a padding of 1 and a kernel of 5 leave 26 × 26.',
        },
        { answer: 33_800, hint: 'There are ten kernels.' },
      ],
    },
    matrix: {
      answer: [676, 25],
      mistakes: [
        { answer: [25, 676], hint: 'Each window is a row.' },
        { answer: [784, 25], hint: 'The window takes 26 × 26 places.' },
        { answer: [676, 250], hint: 'The kernels are another matrix: this one holds the windows.' },
      ],
    },
    times: {
      answer: 16_900 / 900,
      tolerance: 0.01,
      mistakes: [
        { answer: 25, hint: 'Nearly: a pixel near the border is in fewer windows.' },
        { answer: 16_900 / 784, hint: 'That is against the picture without its padding.' },
      ],
    },
    seconds: {
      answer: (60_000 * 338_000) / 40e9,
      tolerance: 0.02,
      mistakes: [
        { answer: (60_000 * 169_000) / 40e9, hint: 'A multiplication and its addition are two FLOP.' },
        { answer: 338_000 / 40e9, hint: 'That is one digit.' },
        { answer: 40e9 / (60_000 * 338_000), hint: 'Inverted: time is work divided by speed.' },
      ],
    },
  }),
  '13.3': placeExercise,
  '13.4': matrixExercise,
};
