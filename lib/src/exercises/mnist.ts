/** Exercises of notebook 5: IDX headers, shifted digits, normalised pixels. */
import { drawn, drawnList, meanOf, sumOf } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';

type Shift = [pixels: readonly number[], width: number, by: number];

/** Each pixel from another place of its row, or of the whole list; 0 where `from` gives none. */
function moved(
  [pixels, width]: Shift,
  from: (column: number, row: number) => readonly [row: number, column: number] | undefined,
): number[] {
  return pixels.map((_, at) => {
    const source = from(at % width, Math.floor(at / width));
    return source === undefined ? 0 : (pixels[source[0] * width + source[1]] ?? 0);
  });
}

const shiftExercise = functionExercise<Shift, number[]>({
  title: 'a picture moved to the right',
  signature: 'myShiftRight(pixels: number[], width: number, by: number): number[]',
  axes: ['pixels'],
  cases: (generator) => [
    { name: 'the picture 1 2 3 / 4 5 6 / 7 8 9, moved by 1', args: [[1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 1] },
    { name: 'a picture of 4 × 5, moved by 2', args: [drawnList(generator, 20), 5, 2] },
    { name: 'a picture of 5 × 3, moved by 1', args: [drawnList(generator, 15), 3, 1] },
    { name: 'a picture that stays where it is', args: [drawnList(generator, 12), 4, 0] },
    { name: 'a picture of 28 × 28, moved by 3', args: [drawnList(generator, 784), 28, 3] },
  ],
  right: (...shift) =>
    moved(shift, (column, row) => (column >= shift[2] ? [row, column - shift[2]] : undefined)),
  mistakes: [
    {
      hint: 'What leaves a row on the right comes back in the next row on the left: the rows have to be moved one by one, with zeros on their left.',
      wrong: (...shift) => shift[0].map((_, at) => shift[0][at - shift[2]] ?? 0),
    },
    {
      hint: 'What leaves a row on the right comes back in the same row on the left; it should be gone.',
      wrong: (...shift) => moved(shift, (column, row) => [row, (column + shift[1] - shift[2]) % shift[1]]),
    },
    {
      hint: 'The picture has moved to the left: the pixel at column j comes from column j − by.',
      wrong: (...shift) =>
        moved(shift, (column, row) => (column + shift[2] < shift[1] ? [row, column + shift[2]] : undefined)),
    },
    {
      hint: 'The picture has moved down: rows are `width` apart in the list, columns 1.',
      wrong: (...shift) =>
        moved(shift, (column, row) => (row >= shift[2] ? [row - shift[2], column] : undefined)),
    },
    {
      hint: 'The first column is repeated on the left, where zeros should be.',
      wrong: (...shift) => moved(shift, (column, row) => [row, Math.max(0, column - shift[2])]),
    },
    {
      hint: 'The left columns are emptied, but nothing has moved.',
      wrong: (...shift) => moved(shift, (column, row) => (column >= shift[2] ? [row, column] : undefined)),
    },
    {
      hint: 'The first column that should move is lost: column `by` comes from column 0 (≥, not >).',
      wrong: (...shift) =>
        moved(shift, (column, row) => (column > shift[2] ? [row, column - shift[2]] : undefined)),
    },
  ],
});

type Pixels = [pixels: readonly number[]];

function varianceOf(values: readonly number[], divisor = values.length): number {
  const mean = meanOf(values);
  return sumOf(values.map((value) => (value - mean) ** 2)) / divisor;
}

const normaliseExercise = functionExercise<Pixels, number[]>({
  title: 'pixels of mean 0 and variance 1',
  signature: 'myNormalise(pixels: number[]): number[]',
  axes: ['pixels'],
  cases: (generator) => [
    { name: 'the pixels 1, 1, 5, 5', args: [[1, 1, 5, 5]] },
    { name: 'the pixels 0, 0, 0, 4', args: [[0, 0, 0, 4]] },
    { name: 'ten random pixels', args: [drawnList(generator, 10)] },
    { name: 'pixels far from 0', args: [drawnList(generator, 6).map((value) => value + 1000)] },
  ],
  right: (pixels) => pixels.map((v) => (v - meanOf(pixels)) / Math.sqrt(varianceOf(pixels))),
  mistakes: [
    {
      hint: 'The mean is forgotten: subtract it before you divide.',
      wrong: (pixels) => pixels.map((v) => v / Math.sqrt(varianceOf(pixels))),
    },
    {
      hint: 'The pixels are divided by the variance: divide by its square root, the standard deviation.',
      wrong: (pixels) => pixels.map((v) => (v - meanOf(pixels)) / varianceOf(pixels)),
    },
    {
      hint: 'The mean is 0 now, the variance is what it was: divide by the standard deviation.',
      wrong: (pixels) => pixels.map((v) => v - meanOf(pixels)),
    },
    {
      hint: 'The variance is divided by n − 1. Here it is the mean of the squares: divided by n.',
      wrong: (pixels) =>
        pixels.map((v) => (v - meanOf(pixels)) / Math.sqrt(varianceOf(pixels, pixels.length - 1))),
    },
    {
      hint: 'The whole mean is subtracted from pixels that are already divided: subtract first, then divide.',
      wrong: (pixels) => pixels.map((v) => v / Math.sqrt(varianceOf(pixels)) - meanOf(pixels)),
    },
    {
      hint: 'This is the root of the mean square around 0: the variance is measured around the mean.',
      wrong: (pixels) =>
        pixels.map((v) => (v - meanOf(pixels)) / Math.sqrt(meanOf(pixels.map((p) => p * p)))),
    },
    {
      hint: 'The pixels are scaled to 0..1, smallest to largest. That gives neither mean 0 nor variance 1.',
      wrong: (pixels) => {
        const [low, high] = [Math.min(...pixels), Math.max(...pixels)];
        return pixels.map((v) => (v - low) / (high - low));
      },
    },
    {
      hint: 'The pixels are divided by their mean distance from the mean: the standard deviation is the root of the mean squared distance.',
      wrong: (pixels) => {
        const mean = meanOf(pixels);
        return pixels.map((v) => (v - mean) / meanOf(pixels.map((p) => Math.abs(p - mean))));
      },
    },
    {
      hint: 'The variance is the mean of the squares minus the square of the mean: the mean is not squared.',
      wrong: (pixels) => {
        const mean = meanOf(pixels);
        return pixels.map((v) => (v - mean) / Math.sqrt(meanOf(pixels.map((p) => p * p)) - mean));
      },
    },
    {
      hint: 'The pixels are divided by 255. That scales bytes to 0..1; here they get mean 0 and variance 1.',
      wrong: (pixels) => pixels.map((v) => v / 255),
    },
    {
      hint: 'The squares are added up and not averaged: divide the sum by the number of pixels before you take the root.',
      wrong: (pixels) => pixels.map((v) => (v - meanOf(pixels)) / Math.sqrt(varianceOf(pixels, 1))),
    },
  ],
});

type Header = [bytes: Uint8Array];

function headerCase(name: string, shape: readonly number[]): Case<Header> {
  const bytes = [
    0,
    0,
    8,
    shape.length,
    ...shape.flatMap((n) => [n >> 24, n >> 16, n >> 8, n].map((byte) => byte & 255)),
  ];
  // What follows a header is pixels, which are no part of it.
  return { name, args: [Uint8Array.from([...bytes, 9, 9, 9, 9, 9])] };
}

function lengths(axes: number, valueAt: (from: number) => number, start = 4): number[] {
  return Array.from({ length: axes }, (_, axis) => valueAt(start + 4 * axis));
}

const bigEndian =
  (bytes: Uint8Array) =>
  (from: number): number =>
    ((bytes[from] * 256 + bytes[from + 1]) * 256 + bytes[from + 2]) * 256 + bytes[from + 3];

const headerExercise = functionExercise<Header, number[]>({
  title: 'the shape in the header of an IDX file',
  signature: 'myIdxShape(bytes: Uint8Array): number[]',
  axes: ['axes'],
  cases: (generator) => [
    headerCase('a file of 2 pictures of 3 × 4', [2, 3, 4]),
    headerCase('a file of 7 labels', [7]),
    headerCase('a file of 60,000 pictures of 28 × 28', [60_000, 28, 28]),
    headerCase('a file of 50,000 colour pictures', [50_000, 32, 32, 3]),
    headerCase('a table of random size', [
      drawn(generator, 300, 1_000_000),
      drawn(generator, 300, 1_000_000),
    ]),
    headerCase('a list of more than 2 billion numbers', [3_000_000_000]),
  ],
  right: (bytes) => lengths(bytes[3], bigEndian(bytes)),
  mistakes: [
    {
      hint: 'The bytes are read from the wrong end: in IDX the most significant byte comes first.',
      wrong: (bytes) =>
        lengths(
          bytes[3],
          (from) => ((bytes[from + 3] * 256 + bytes[from + 2]) * 256 + bytes[from + 1]) * 256 + bytes[from],
        ),
    },
    {
      hint: 'Only the last byte of each length is read: it has four.',
      wrong: (bytes) => lengths(bytes[3], (from) => bytes[from + 3]),
    },
    {
      hint: 'Only the last two bytes of each length are read: it has four.',
      wrong: (bytes) => lengths(bytes[3], (from) => bytes[from + 2] * 256 + bytes[from + 3]),
    },
    {
      hint: 'The pixels are read as lengths too: there are only as many lengths as the fourth byte says.',
      wrong: (bytes) => lengths(Math.floor(bytes.length / 4) - 1, bigEndian(bytes)),
    },
    {
      hint: 'The magic number is read as a length too: the lengths begin at byte 4.',
      wrong: (bytes) => lengths(bytes[3] + 1, bigEndian(bytes), 0),
    },
    {
      hint: 'The lengths begin at byte 4, after the magic number: the last length is missing, and the magic number is read as the first.',
      wrong: (bytes) => lengths(bytes[3], bigEndian(bytes), 0),
    },
    {
      hint: 'The number of axes is in the fourth byte; the third, 8, says that the values are bytes.',
      wrong: (bytes) =>
        lengths(bytes[2], (from) => (from + 4 <= bytes.length ? bigEndian(bytes)(from) : NaN)),
    },
    {
      hint: 'Four bytes put together with << and | are a number with a sign, and what is above 2³¹ becomes negative: multiply by 256, or end with >>> 0.',
      wrong: (bytes) => lengths(bytes[3], (from) => bigEndian(bytes)(from) | 0),
    },
    {
      hint: 'Each byte counts 256 times the next, not 255 times.',
      wrong: (bytes) =>
        lengths(
          bytes[3],
          (from) => ((bytes[from] * 255 + bytes[from + 1]) * 255 + bytes[from + 2]) * 255 + bytes[from + 3],
        ),
    },
  ],
});

export const mnistExercises: Exercises = {
  '05.2': valueExercise('the file of 50,000 colour pictures of 32 × 32', {
    bytes: {
      answer: 153_600_020,
      mistakes: [
        { answer: 153_600_016, hint: 'That is a header for three axes: this file has four.' },
        { answer: 153_600_000, hint: 'Those are the pixels: the header comes in front of them.' },
        {
          answer: 153_600_004,
          hint: 'That is the magic number and the pixels: the lengths of the axes are in the header too.',
        },
        { answer: 153_600_008, hint: 'Each of the four lengths has four bytes.' },
        { answer: 51_200_020, hint: 'Three colours: a pixel has three bytes.' },
      ],
    },
    magic: {
      answer: [0, 0, 8, 4],
      mistakes: [
        { answer: [0, 0, 8, 3], hint: 'That is for three axes: the colours are a fourth.' },
        { answer: [0, 0, 4, 8], hint: 'First the type of the values, then the number of axes.' },
        { answer: [4, 8, 0, 0], hint: 'The most significant byte comes first.' },
      ],
    },
  }),
  '05.3': shiftExercise,
  '05.4': normaliseExercise,
  '05.5': headerExercise,
};
