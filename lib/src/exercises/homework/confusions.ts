/** An exercise of assignment 4: what a confusion matrix says of each class, and which mistake is the most frequent. */
import type { Random } from '../../random';
import { drawn, sumOf, table, transposed } from '../arrays';
import type { Case } from '../exercise';
import { functionExercise } from '../exercise';

/** `matrix[a][b]` images of class a were taken for class b. */
type Matrix = readonly (readonly number[])[];

interface Reading {
  readonly [part: string]: number | number[];
  readonly recall: number[];
  readonly precision: number[];
  readonly label: number;
  readonly answer: number;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

const recallOf = (matrix: Matrix): number[] => matrix.map((row, i) => shareOf(row[i], sumOf(row)));

/** The place of the largest number, by rows; of equals the first, unless the last is to be found. */
function placeOfLargest(
  rows: Matrix,
  find: 'indexOf' | 'lastIndexOf' = 'indexOf',
): { label: number; answer: number } {
  const all = rows.flat();
  const at = all[find](Math.max(...all));
  return { label: Math.floor(at / rows.length), answer: at % rows.length };
}

/** Every number off the diagonal by `weight`; the diagonal too, if it is to count. */
function weighed(
  matrix: Matrix,
  weight: (count: number, row: number, column: number) => number,
  withDiagonal = false,
): number[][] {
  return matrix.map((row, i) => row.map((count, j) => (i === j && !withDiagonal ? -1 : weight(count, i, j))));
}

const shareOfRow = (matrix: Matrix) => (count: number, row: number) => shareOf(count, sumOf(matrix[row]));
const shareOfColumn = (matrix: Matrix) => (count: number, _: number, column: number) =>
  shareOf(count, sumOf(matrix.map((row) => row[column])));

function read(matrix: Matrix): Reading {
  return {
    recall: recallOf(matrix),
    precision: recallOf(transposed(matrix)),
    ...placeOfLargest(weighed(matrix, shareOfRow(matrix))),
  };
}

const byHand: Matrix = [[8, 2, 0], [3, 16, 1], [0, 4, 6]]; // prettier-ignore

function matrixCase(generator: Random, classes: number): Case<[Matrix]> {
  const counts = table(classes, classes, (i, j) =>
    i === j ? drawn(generator, 30, 90) : drawn(generator, 0, 20),
  );
  // Classes of different sizes: the largest count is not the largest share.
  const matrix = counts.map((row, i) => row.map((count) => count * (i === 0 ? 7 : 1)));
  return { name: `a random matrix of ${classes} classes`, args: [matrix] };
}

export const readingConfusions = functionExercise<[Matrix], Reading>({
  title: 'what a confusion matrix says',
  signature:
    'readMatrix(matrix: number[][]): { recall: number[]; precision: number[]; label: number; answer: number }',
  axes: { recall: ['classes'], precision: ['classes'] },
  cases: (generator) => [
    { name: 'the matrix [[8, 2, 0], [3, 16, 1], [0, 4, 6]]', args: [byHand] },
    { name: 'the matrix [[5, 0], [5, 0]], in which nothing is taken for 1', args: [[[5, 0], [5, 0]]] }, // prettier-ignore
    { name: 'the matrix [[8, 2], [1, 4]], with two shares of a fifth', args: [[[8, 2], [1, 4]]] }, // prettier-ignore
    matrixCase(generator, 3),
    matrixCase(generator, 4),
    matrixCase(generator, 6),
    matrixCase(generator, 10),
  ],
  right: read,
  mistakes: [
    {
      hint: 'Recall and precision are exchanged: recall is the share of a row, of what is of the class.',
      wrong: (matrix) => {
        const { recall, precision, ...pair } = read(matrix);
        return { recall: precision, precision: recall, ...pair };
      },
    },
    {
      hint: 'Rows and columns are exchanged: the row is the label, the column the answer.',
      wrong: (matrix) => read(transposed(matrix)),
    },
    {
      hint: 'Where nothing is taken for a class, 0/0 is no number: its precision is 0 here.',
      wrong: (matrix) => ({
        ...read(matrix),
        precision: matrix.map((_, j) => matrix[j][j] / sumOf(matrix.map((row) => row[j]))),
      }),
    },
    {
      hint: 'Recall and precision are shares of all images: they are shares of one row and of one column.',
      wrong: (matrix) => {
        const shares = matrix.map((row, i) => row[i] / sumOf(matrix.flat()));
        return { ...read(matrix), recall: shares, precision: shares };
      },
    },
    {
      hint: 'That is how many are wrong: recall and precision are the shares that are right.',
      wrong: (matrix) => {
        const { recall, precision, ...pair } = read(matrix);
        const rest = (shares: readonly number[]): number[] => shares.map((share) => 1 - share);
        return { recall: rest(recall), precision: rest(precision), ...pair };
      },
    },
    {
      hint: 'Recall and precision are in percent: shares from 0 to 1 are asked for.',
      wrong: (matrix) => {
        const { recall, precision, ...pair } = read(matrix);
        const inPercent = (shares: readonly number[]): number[] => shares.map((share) => 100 * share);
        return { recall: inPercent(recall), precision: inPercent(precision), ...pair };
      },
    },
    {
      hint: 'The pair is that of the largest number: a class with many images makes many mistakes, so compare shares of a row.',
      wrong: (matrix) => ({ ...read(matrix), ...placeOfLargest(weighed(matrix, (count) => count)) }),
    },
    {
      hint: 'The pair is that of the largest share of a column: compare shares of a row.',
      wrong: (matrix) => ({ ...read(matrix), ...placeOfLargest(weighed(matrix, shareOfColumn(matrix))) }),
    },
    {
      hint: 'The pair is on the diagonal: there the answer is right.',
      wrong: (matrix) => ({ ...read(matrix), ...placeOfLargest(weighed(matrix, shareOfRow(matrix), true)) }),
    },
    {
      hint: 'Of pairs with the same share the first counts, by rows.',
      wrong: (matrix) => ({
        ...read(matrix),
        ...placeOfLargest(weighed(matrix, shareOfRow(matrix)), 'lastIndexOf'),
      }),
    },
    {
      hint: 'The pair is turned round: the label is the row, the answer the column.',
      wrong: (matrix) => {
        const { label, answer, ...shares } = read(matrix);
        return { ...shares, label: answer, answer: label };
      },
    },
  ],
});
