/** Exercises of notebook 14: what a loss should be, and the instruments that find why a training fails. */
import type { Random } from '../random';
import { drawn, sumOf, table, transposed, upTo } from './arrays';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';

const losses = valueExercise('what a loss should be', {
  letters: {
    answer: Math.log(26),
    tolerance: 1e-3,
    mistakes: [
      {
        answer: 1 / 26,
        hint: 'That is the probability of guessing right. The loss is minus its natural logarithm.',
      },
      { answer: Math.log10(26), hint: 'The cross-entropy takes the natural logarithm, not that to base 10.' },
      { answer: Math.log2(26), hint: 'The cross-entropy takes the natural logarithm, not that to base 2.' },
      { answer: Math.log(10), hint: 'That is for ten classes; there are 26 letters.' },
    ],
  },
  softmaxTwice: {
    answer: Math.log(Math.E + 9) - 1,
    tolerance: 1e-3,
    mistakes: [
      {
        answer: 0,
        hint: 'With one softmax, yes. Here the scores are 1 and nine times 0, and softmax is taken of them.',
      },
      { answer: Math.log(10), hint: 'That is for equal scores; here the right one is 1, the others are 0.' },
      {
        answer: Math.E / (Math.E + 9),
        hint: 'That is the probability. The loss is minus its natural logarithm.',
      },
      { answer: Math.log(Math.E + 10) - 1, hint: 'Ten classes: the right one and nine others.' },
    ],
  },
});

type Confusion = [confusion: readonly (readonly number[])[]];

/** The place of the largest number that `counted` keeps, the first of equals. */
function largestPlace(
  [rows]: Confusion,
  counted: (row: number, column: number) => boolean = (row, column) => row !== column,
  valueAt: (row: number, column: number) => number = (row, column) => rows[row][column],
): number[] {
  const places = upTo(rows.length).flatMap((row) =>
    upTo(rows.length).map((column) => [row, column] as const),
  );
  const kept = places.filter(([row, column]) => counted(row, column));
  return [...kept.reduce((best, place) => (valueAt(...place) > valueAt(...best) ? place : best))];
}

const confusedExercise = functionExercise<Confusion, number[]>({
  title: 'the digits confused most often',
  signature: 'myMostConfused(confusion: number[][]): number[]',
  cases: (generator) => {
    // No two counts are equal, and most images are right.
    const tenClasses = table(10, 10, (row, column) => 10 * drawn(generator, 0, 9) + row + 100 * column).map(
      (counts, label) => counts.map((wrong, predicted) => (label === predicted ? 5000 : wrong)),
    );
    return [
      { name: 'three classes', args: [[[9, 2, 0], [1, 7, 5], [3, 1, 8]]] }, // prettier-ignore
      { name: 'the largest count below the diagonal', args: [[[9, 2, 0], [1, 7, 1], [6, 1, 8]]] }, // prettier-ignore
      { name: 'a class with few images', args: [[[90, 8, 2], [1, 80, 19], [5, 0, 5]]] }, // prettier-ignore
      { name: 'a class that is wrong more often than right', args: [[[40, 0, 3], [30, 10, 4], [2, 1, 50]]] }, // prettier-ignore
      { name: 'ten classes', args: [tenClasses] },
    ];
  },
  right: (confusion) => largestPlace([confusion]),
  mistakes: [
    {
      hint: 'The diagonal counts the right answers: leave it out.',
      wrong: (confusion) => largestPlace([confusion], () => true),
    },
    {
      hint: 'The two are exchanged: the row is the label, the column the answer of the network.',
      wrong: (confusion) => largestPlace([confusion]).reverse(),
    },
    {
      hint: 'Only one half is looked at: below the diagonal there are other confusions than above it.',
      wrong: (confusion) => largestPlace([confusion], (row, column) => row < column),
    },
    {
      hint: 'Only one half is looked at: above the diagonal there are other confusions than below it.',
      wrong: (confusion) => largestPlace([confusion], (row, column) => row > column),
    },
    {
      hint: 'That is the largest share of a row; the largest count is asked for.',
      wrong: (confusion) =>
        largestPlace([confusion], undefined, (row, column) => confusion[row][column] / sumOf(confusion[row])),
    },
    {
      hint: 'The two directions are added up: taking a 4 for a 9 is not the same mistake as taking a 9 for a 4.',
      wrong: (confusion) =>
        largestPlace(
          [confusion],
          undefined,
          (row, column) => confusion[row][column] + confusion[column][row],
        ),
    },
  ],
});

type Outputs = [outputs: readonly (readonly number[])[]];

const count = (values: readonly boolean[]): number => values.filter(Boolean).length;

const deadExercise = functionExercise<Outputs, number>({
  title: 'dead units',
  signature: 'myDeadUnits(outputs: number[][]): number',
  cases: (generator) => [
    { name: 'two images and three units', args: [[[0, 1, 0], [2, 0, 0]]] }, // prettier-ignore
    { name: 'an image for which all units give 0', args: [[[0, 0, 0, 0], [3, 0, 1, 2], [0, 1, 1, 1]]] }, // prettier-ignore
    { name: 'outputs below 0, as tanh gives them', args: [[[-1, 0, 2], [1, 0, -2]]] }, // prettier-ignore
    { name: 'units that never give more than 0', args: [[[-1, 0, 0], [0, 0, 0], [-2, 0, 1]]] }, // prettier-ignore
    { name: 'a unit that gives very little', args: [[[0.0005, 0], [0, 0]]] }, // prettier-ignore
    { name: 'one unit', args: [[[0], [0], [4]]] },
    { name: 'six images and eight units', args: [reluOutputs(generator)] },
  ],
  right: (outputs) => count(transposed(outputs).map((unit) => unit.every((value) => value === 0))),
  mistakes: [
    {
      hint: 'These are the images for which no unit is above 0. A unit is a column: the same unit, image after image.',
      wrong: (outputs) => count(outputs.map((image) => image.every((value) => value === 0))),
    },
    {
      hint: 'A unit that gives 0 for some images is not dead: it is above 0 for others.',
      wrong: (outputs) => count(transposed(outputs).map((unit) => unit.some((value) => value === 0))),
    },
    {
      hint: 'All zeros are counted; a dead unit counts once, and only if all its outputs are 0.',
      wrong: (outputs) => count(outputs.flat().map((value) => value === 0)),
    },
    {
      hint: 'Only the first image is looked at.',
      wrong: (outputs) => count(outputs[0].map((value) => value === 0)),
    },
    {
      hint: 'These are the units that are alive.',
      wrong: (outputs) => count(transposed(outputs).map((unit) => unit.some((value) => value !== 0))),
    },
    {
      hint: 'Outputs below 0 add up to 0 with those above: look at each of them.',
      wrong: (outputs) => count(transposed(outputs).map((unit) => sumOf(unit) === 0)),
    },
    {
      hint: 'A unit that gives something below 0 is alive: dead means exactly 0 for every image.',
      wrong: (outputs) => count(transposed(outputs).map((unit) => unit.every((value) => value <= 0))),
    },
    {
      hint: 'A small output is taken for 0: dead means exactly 0 for every image.',
      wrong: (outputs) =>
        count(transposed(outputs).map((unit) => unit.every((value) => Math.abs(value) < 1e-3))),
    },
    {
      hint: 'That is a share; how many units are dead is asked for.',
      wrong: (outputs) =>
        count(transposed(outputs).map((unit) => unit.every((value) => value === 0))) / outputs[0].length,
    },
  ],
});

/** Eight units for six images, of which three are dead. */
function reluOutputs(generator: Random): number[][] {
  return table(6, 8, (image, unit) => {
    if ([1, 4, 6].includes(unit)) return 0;
    return image === unit % 6 ? 3 : Math.max(0, drawn(generator, -4, 4));
  });
}

type TwoSets = [training: readonly (readonly number[])[], test: readonly (readonly number[])[]];

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((pixel, i) => pixel === b[i]);

const sharedExercise = functionExercise<TwoSets, number[]>({
  title: 'test images among the training images',
  signature: 'mySharedImages(training: number[][], test: number[][]): number[]',
  axes: ['shared images'],
  cases: (generator): Case<TwoSets>[] => {
    const images = (n: number): number[][] => table(n, 9, () => drawn(generator, 0, 3));
    const [known, fresh] = [images(7), images(5).map((image) => image.map((pixel) => pixel + 10))];
    return [
      { name: 'one image of two in both', args: [[[1, 2], [3, 4]], [[5, 6], [1, 2]]] }, // prettier-ignore
      { name: 'the same pixels in another order', args: [[[1, 2, 0], [4, 4, 1]], [[2, 1, 0], [4, 4, 1], [1, 4, 4]]] }, // prettier-ignore
      { name: 'pixels of one digit and of two', args: [[[1, 12], [5, 6]], [[11, 2], [5, 6]]] }, // prettier-ignore
      { name: 'an image that is in training twice', args: [[[1, 2], [3, 4], [1, 2]], [[5, 6], [1, 2]]] }, // prettier-ignore
      { name: 'images that begin alike', args: [[[7, 7, 1], [7, 7, 2]], [[7, 7, 3], [7, 7, 2], [7, 7, 2]]] }, // prettier-ignore
      {
        name: 'five images of 3 × 3, two of them known',
        args: [known, [fresh[0], known[4], fresh[1], fresh[2], known[1]]],
      },
    ];
  },
  right: (training, test) => upTo(test.length).filter((i) => training.some((image) => same(image, test[i]))),
  mistakes: [
    {
      hint: 'An image is compared only with the one at its own place: look for it among all of them.',
      wrong: (training, test) =>
        upTo(test.length).filter((i) => i < training.length && same(training[i], test[i])),
    },
    {
      hint: 'Nothing is found. `===` and `includes`, if lists are compared with them, ask whether two lists are one and the same object, which they never are: compare their pixels. If they are not, is a `push` missing?',
      wrong: () => [],
    },
    {
      hint: 'Written one after another, 1, 12 and 11, 2 are the same text: put something between the pixels, as join() does.',
      wrong: (training, test) =>
        upTo(test.length).filter((i) => training.some((image) => image.join('') === test[i].join(''))),
    },
    {
      hint: 'These are places among the training images; the places among the test images are asked for.',
      wrong: (training, test) =>
        upTo(training.length).filter((i) => test.some((image) => same(image, training[i]))),
    },
    {
      hint: 'Two images with the same sum of pixels are not yet the same.',
      wrong: (training, test) =>
        upTo(test.length).filter((i) => training.some((image) => sumOf(image) === sumOf(test[i]))),
    },
    {
      hint: 'Images that begin alike are not yet the same: compare all pixels.',
      wrong: (training, test) =>
        upTo(test.length).filter((i) => training.some((image) => image[0] === test[i][0])),
    },
    {
      hint: 'These are the test images that are new; those that are known are asked for.',
      wrong: (training, test) =>
        upTo(test.length).filter((i) => !training.some((image) => same(image, test[i]))),
    },
    {
      hint: 'A test image that is among the training images twice is named twice: stop looking for it once it is found.',
      wrong: (training, test) =>
        upTo(test.length).flatMap((i) => training.filter((image) => same(image, test[i])).map(() => i)),
    },
    {
      hint: 'An image that is in the test set twice is missing the second time.',
      wrong: (training, test) =>
        upTo(test.length).filter(
          (i) =>
            training.some((image) => same(image, test[i])) &&
            !test.slice(0, i).some((image) => same(image, test[i])),
        ),
    },
  ],
});

export const whatWentWrongExercises: Exercises = {
  '14.1': losses,
  '14.2': confusedExercise,
  '14.3': deadExercise,
  '14.4': sharedExercise,
};
