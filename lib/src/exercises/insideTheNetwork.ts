/** Exercises of notebook 10: feature maps, occlusion, likeness. */
import type { NDArray } from '../ndarray';
import type { Random } from '../random';
import type { Rows } from '../rows';
import { rowsOf } from '../rows';
import {
  drawnArray,
  drawnList,
  drawnRows,
  meanOf,
  misread,
  permuted,
  sumOf,
  table,
  transposed,
} from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';

type MapOf = [volume: NDArray, channel: number];

const mapExercise = functionExercise<MapOf, number[][]>({
  title: 'one feature map out of a volume',
  signature: 'myFeatureMap(volume: NDArray, channel: number): number[][]',
  axes: ['rows', 'columns'],
  cases: (generator) => [
    {
      name: 'the volume of 2 × 2 pixels and 3 channels that holds 0 … 11, channel 1',
      args: [{ shape: [1, 2, 2, 3], data: Float64Array.from({ length: 12 }, (_, at) => at) }, 1],
    },
    { name: 'the first channel of 4', args: [drawnArray(generator, 1, 3, 5, 4), 0] },
    { name: 'the last channel of 4, of a tall map', args: [drawnArray(generator, 1, 5, 3, 4), 3] },
    { name: 'a volume of one channel', args: [drawnArray(generator, 1, 3, 4, 1), 0] },
    { name: 'a volume of 6 × 6 × 5, channel 2', args: [drawnArray(generator, 1, 6, 6, 5), 2] },
  ],
  right: (volume, channel) => rowsOf(volume, channel),
  mistakes: [
    {
      hint: 'The map is read as if the channels came first, [channels, height, width]: the library wants channels last, so neighbours in a row are as far apart as there are channels.',
      wrong: (volume, channel) => rowsOf(misread(volume, 0, 3, 1, 2), channel),
    },
    {
      hint: 'The map is transposed: rows come first.',
      wrong: (volume, channel) => transposed(rowsOf(volume, channel)),
    },
    {
      hint: 'The rows are read as columns: a row is width · channels numbers long, not height · channels.',
      wrong: (volume, channel) => rowsOf(permuted(misread(volume, 0, 2, 1, 3), 0, 1, 2, 3), channel),
    },
    { hint: 'The channel is left out: this is the first one.', wrong: (volume) => rowsOf(volume, 0) },
    {
      hint: 'The channels are counted from 1: here the first is channel 0.',
      wrong: (volume, channel) => rowsOf(volume, (channel + volume.shape[3] - 1) % volume.shape[3]),
    },
    {
      hint: 'The channels are averaged: pick one of them.',
      wrong: (volume) =>
        table(volume.shape[1], volume.shape[2], (i, j) => {
          const at = (i * volume.shape[2] + j) * volume.shape[3];
          return meanOf(Array.from(volume.data.subarray(at, at + volume.shape[3])));
        }),
    },
  ],
});

type Occlusion = [x: Rows, size: number, score: (x: number[][]) => number];

const covered = (x: Rows, inside: (i: number, j: number) => boolean, value = 0): number[][] =>
  x.map((row, i) => row.map((v, j) => (inside(i, j) ? value : v)));

/** The score lost, or what else `told` makes of the two scores, for each place of a patch of `size`. */
function occlusionBy(
  [x, size, score]: Occlusion,
  {
    told = (whole, rest) => whole - rest,
    span = size,
    step = 1,
    value = 0,
  }: { told?: (whole: number, rest: number) => number; span?: number; step?: number; value?: number } = {},
): number[][] {
  const whole = score(x.map((row) => [...row]));
  const places = (length: number): number => Math.floor((length - size) / step) + 1;
  return table(places(x.length), places(x[0].length), (i, j) => {
    const [top, left] = [i * step, j * step];
    return told(
      whole,
      score(covered(x, (a, b) => a >= top && a < top + span && b >= left && b < left + span, value)),
    );
  });
}

/** A score in which every pixel counts differently, and not by itself: the whole is not the sum of its parts. */
const score = (x: number[][]): number => {
  const sum = sumOf(x.map((row, i) => sumOf(row.map((v, j) => (1 + i + 2 * j) * v))));
  return sum + (sum * sum) / 64;
};

const occlusionCase = (
  generator: Random,
  name: string,
  height: number,
  width: number,
  size: number,
): Case<Occlusion> => ({
  name,
  args: [drawnRows(generator, height, width), size, score],
});

const occlusionExercise = functionExercise<Occlusion, number[][]>({
  title: 'an occlusion map',
  signature: 'myOcclusionMap(x: number[][], size: number, score: (x: number[][]) => number): number[][]',
  axes: ['rows', 'columns'],
  cases: (generator) => [
    {
      name: 'the picture [[1, 2, 3], [4, 5, 6]], a patch of 1 and the sum of all pixels as the score',
      args: [[[1, 2, 3], [4, 5, 6]], 1, (x) => sumOf(x.flat())], // prettier-ignore
    },
    occlusionCase(generator, 'a picture of 5 × 5 and a patch of 2', 5, 5, 2),
    occlusionCase(generator, 'a picture of 4 × 7 and a patch of 3', 4, 7, 3),
    occlusionCase(generator, 'a patch as large as its picture of 3 × 3', 3, 3, 3),
  ],
  right: (...given) => occlusionBy(given),
  mistakes: [
    {
      hint: 'Right up to the sign: what matters is how much the score falls, the whole picture’s minus the covered one’s.',
      wrong: (...given) => occlusionBy(given, { told: (whole, rest) => rest - whole }),
    },
    {
      hint: 'Those are the scores of the covered pictures: subtract them from the score of the whole one.',
      wrong: (...given) => occlusionBy(given, { told: (_, rest) => rest }),
    },
    {
      hint: 'The patches of earlier places are still there: cover a fresh copy of the picture each time.',
      wrong: (x, size, rate) => {
        let sofar: Rows = x;
        return table(x.length - size + 1, x[0].length - size + 1, (i, j) => {
          sofar = covered(sofar, (a, b) => a >= i && a < i + size && b >= j && b < j + size);
          return rate(x.map((row) => [...row])) - rate(sofar.map((row) => [...row]));
        });
      },
    },
    {
      hint: 'Only one pixel is covered: the patch is size × size.',
      wrong: (...given) => occlusionBy(given, { span: 1 }),
    },
    {
      hint: 'The patch is one pixel too large: it ends before i + size.',
      wrong: (...given) => occlusionBy(given, { span: given[1] + 1 }),
    },
    {
      hint: 'The patch is filled with 1: black is 0.',
      wrong: (...given) => occlusionBy(given, { value: 1 }),
    },
    {
      hint: 'The patch moves by its own size: it goes over the picture one pixel at a time.',
      wrong: (...given) => occlusionBy(given, { step: given[1] }),
    },
    {
      hint: 'Everything but the patch is covered: cover the patch and keep the rest.',
      wrong: (x, size, rate) => {
        const whole = rate(x.map((row) => [...row]));
        return table(
          x.length - size + 1,
          x[0].length - size + 1,
          (i, j) => whole - rate(covered(x, (a, b) => !(a >= i && a < i + size && b >= j && b < j + size))),
        );
      },
    },
    {
      hint: 'The fall is divided by the score of the whole picture: return the fall itself.',
      wrong: (...given) => occlusionBy(given, { told: (whole, rest) => (whole - rest) / whole }),
    },
  ],
});

type Vectors = [a: readonly number[], b: readonly number[]];

const dot = (a: readonly number[], b: readonly number[]): number => sumOf(a.map((value, i) => value * b[i]));
const lengthOf = (a: readonly number[]): number => Math.sqrt(dot(a, a));
const cosine = (...[a, b]: Vectors): number => dot(a, b) / (lengthOf(a) * lengthOf(b));
const centred = (a: readonly number[]): number[] => a.map((value) => value - meanOf(a));

const cosineExercise = functionExercise<Vectors, number>({
  title: 'the cosine of two lists of features',
  signature: 'myCosine(a: number[], b: number[]): number',
  cases: (generator) => [
    { name: 'a = 3, 4 and b = 4, 3', args: [[3, 4], [4, 3]] }, // prettier-ignore
    { name: 'a = 1, 2, 2 and b twice as long', args: [[1, 2, 2], [2, 4, 4]] }, // prettier-ignore
    { name: 'a = 1, 0 and b = 0, 5, at a right angle', args: [[1, 0], [0, 5]] }, // prettier-ignore
    { name: 'a = 1, 2 and b = −1, −2, opposite', args: [[1, 2], [-1, -2]] }, // prettier-ignore
    { name: 'fifty random features', args: [drawnList(generator, 50), drawnList(generator, 50)] },
  ],
  right: cosine,
  mistakes: [
    { hint: 'This is the sum of products: divide it by both lengths.', wrong: dot },
    { hint: 'Only the length of the first is divided out.', wrong: (a, b) => dot(a, b) / lengthOf(a) },
    { hint: 'Only the length of the second is divided out.', wrong: (a, b) => dot(a, b) / lengthOf(b) },
    {
      hint: 'The roots are missing: this is divided by the squares of the lengths.',
      wrong: (a, b) => dot(a, b) / (dot(a, a) * dot(b, b)),
    },
    {
      hint: 'The sum is divided by the number of features: divide it by both lengths, √Σa² and √Σb².',
      wrong: (a, b) => dot(a, b) / a.length,
    },
    {
      hint: 'This is the distance of the two: a cosine does not care how long they are.',
      wrong: (a, b) => lengthOf(a.map((value, i) => value - b[i])),
    },
    {
      hint: 'This is 1 minus the cosine, a distance: the exercise wants the likeness.',
      wrong: (a, b) => 1 - cosine(a, b),
    },
    {
      hint: 'This is the angle: return its cosine.',
      wrong: (a, b) => Math.acos(Math.max(-1, Math.min(1, cosine(a, b)))),
    },
    {
      hint: 'The means are subtracted first: that is the correlation.',
      wrong: (a, b) => cosine(centred(a), centred(b)),
    },
  ],
});

export const insideExercises: Exercises = {
  '10.1': valueExercise('a convolution in place of a dense layer', {
    inputs: {
      answer: 1176,
      mistakes: [
        { answer: 49, hint: 'The neuron reads all 24 channels.' },
        { answer: 1177, hint: 'That includes the bias, which is not a connection.' },
        { answer: 11_760, hint: 'That is for all ten kernels.' },
      ],
    },
    parameters: {
      answer: 11_770,
      mistakes: [
        { answer: 11_760, hint: 'The biases are missing, one for each kernel.' },
        { answer: 1177, hint: 'That is one kernel: there are ten.' },
        { answer: 500, hint: 'Each kernel has a table for each of the 24 channels.' },
      ],
    },
    shape: {
      answer: [1, 8, 10],
      mistakes: [
        { answer: [1, 1, 10], hint: 'That is for 28 × 28: a wider picture has more room for the window.' },
        { answer: [1, 2, 10], hint: 'The window moves one step at a time: it takes 14 − 7 + 1 places.' },
        {
          answer: [1, 14, 10],
          hint: 'That is the width of the volume that comes in: a window of 7 takes fewer places.',
        },
        { answer: [1, 7, 10], hint: 'Count the first place too: 14 − 7 + 1.' },
        { answer: [8, 1, 10], hint: 'Height first: 28 × 56 is 28 high.' },
      ],
    },
  }),
  '10.2': mapExercise,
  '10.3': occlusionExercise,
  '10.4': cosineExercise,
};
