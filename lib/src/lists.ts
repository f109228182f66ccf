/** Lists of numbers: indices to go through, and the place of the largest number. */
import { checkNumbers, checkWhole } from './check';

/** More indices than any list in memory has. */
const mostIndices = 2 ** 30;

/**
 * The first n whole numbers.
 *
 * @returns `[0, 1, …, n − 1]`
 * @throws RangeError unless n is a whole number of at least 0
 * @example take(train, upTo(32)) // the first 32 images
 */
export function upTo(n: number): number[] {
  checkWhole('upTo', 'n', n, 0, mostIndices);
  return Array.from({ length: n }, (_, i) => i);
}

/**
 * The index of the largest number, the first of equals; NaN is never the largest.
 *
 * @throws TypeError unless `values` is a list of numbers
 * @throws RangeError when it is empty, or has nothing but NaN
 * @example argmax([0.1, 0.7, 0.2]) // 1
 */
export function argmax(values: ArrayLike<number>): number {
  checkNumbers('argmax', 'values', values, 1);
  let largest = -1;
  for (let i = 0; i < values.length; i++) {
    if (largest < 0 ? !Number.isNaN(values[i]) : values[i] > values[largest]) largest = i;
  }
  if (largest < 0) throw new RangeError('argmax: values has nothing but NaN, expected a number');
  return largest;
}

/**
 * What a classifier answers: for each image the class with the largest score or probability, the first of equals.
 *
 * @param outputs `[n, classes]`, row after row, as `predict` gives them
 * @param classes default 10
 * @throws RangeError when `outputs` is not a whole number of rows, or a row has nothing but NaN
 * @example answersOf([0.9, 0.1, 0.3, 0.7], 2) // [0, 1]
 */
export function answersOf(outputs: ArrayLike<number>, classes = 10): number[] {
  checkNumbers('answersOf', 'outputs', outputs);
  checkWhole('answersOf', 'classes', classes, 1, mostIndices);
  if (outputs.length % classes !== 0) {
    throw new RangeError(
      `answersOf: outputs has ${outputs.length} numbers, expected a multiple of the ${classes} classes`,
    );
  }
  return upTo(outputs.length / classes).map((i) => {
    const row = upTo(classes).map((c) => outputs[i * classes + c]);
    if (row.every(Number.isNaN)) {
      throw new RangeError(`answersOf: row ${i} of outputs has nothing but NaN, expected a number`);
    }
    return argmax(row);
  });
}
