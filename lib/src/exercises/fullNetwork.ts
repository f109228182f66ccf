/** Exercises of notebook 8: shapes on paper, a split, a network to build, Adam, and the confusion matrix. */
import type { Random } from '../random';
import { adamExercise } from './adamStep';
import { drawn, transposed, upTo } from './arrays';
import { builtExercise } from './builtNetwork';
import type { Case, Exercises } from './exercise';
import { functionExercise, valueExercise } from './exercise';
import { splitExercise } from './splitting';

type Answers = [labels: readonly number[], answers: readonly number[], classes: number];

/** `table[a][b]` counts where `row` gives a and `column` gives b. */
function counted(
  [labels, answers, classes]: Answers,
  place: (label: number, answer: number) => readonly [number, number] = (label, answer) => [label, answer],
): number[][] {
  const table = upTo(classes).map(() => upTo(classes).map(() => 0));
  labels.forEach((label, i) => {
    const [row, column] = place(label, answers[i]);
    if (row >= 0) table[row][column]++;
  });
  return table;
}

function answersCase(generator: Random, name: string, length: number, classes: number): Case<Answers> {
  const labels = upTo(length).map(() => drawn(generator, 0, classes - 1));
  const answers = labels.map((label) => (generator.below(3) > 0 ? label : drawn(generator, 0, classes - 1)));
  return { name, args: [labels, answers, classes] };
}

const confusionExercise = functionExercise<Answers, number[][]>({
  title: 'the confusion matrix',
  signature: 'myConfusion(labels: number[], answers: number[], classes: number): number[][]',
  axes: ['labels', 'answers'],
  cases: (generator) => [
    { name: 'the labels 0, 0, 1, 2 and the answers 0, 1, 1, 0', args: [[0, 0, 1, 2], [0, 1, 1, 0], 3] }, // prettier-ignore
    answersCase(generator, '40 answers in 4 classes', 40, 4),
    { name: 'a class that does not occur', args: [[0, 0, 3, 3], [3, 0, 3, 3], 4] }, // prettier-ignore
    answersCase(generator, '300 answers in 10 classes', 300, 10),
  ],
  right: (...given) => counted(given),
  mistakes: [
    {
      hint: 'Transposed: the row is the label, the column the answer.',
      wrong: (...given) => transposed(counted(given)),
    },
    {
      hint: 'Only the wrong answers are counted: the right ones belong on the diagonal.',
      wrong: (...given) => counted(given, (label, answer) => (label === answer ? [-1, 0] : [label, answer])),
    },
    {
      hint: 'Only the right answers are counted.',
      wrong: (...given) => counted(given, (label, answer) => (label === answer ? [label, answer] : [-1, 0])),
    },
    {
      hint: 'The rows are divided by their sums: leave them as numbers of images.',
      wrong: (...given) =>
        counted(given).map((row) =>
          row.map(
            (n) =>
              n /
              Math.max(
                1,
                row.reduce((a, b) => a + b),
              ),
          ),
        ),
    },
    {
      hint: 'A cell is set to 1 and not raised by 1 (++).',
      wrong: (...given) => counted(given).map((row) => row.map((n) => Math.min(n, 1))),
    },
    {
      hint: 'All rows are the same list: Array(n).fill([…]) puts one list into all places. Make a new one for each row.',
      wrong: (...given) => {
        const rows = counted(given);
        const sums = upTo(given[2]).map((column) => rows.reduce((sum, row) => sum + row[column], 0));
        return rows.map(() => sums);
      },
    },
    {
      hint: 'The table is only as large as the labels that occur: it has a row and a column for each class.',
      wrong: (...given) => {
        const occurring = [...new Set([...given[0], ...given[1]])].sort((a, b) => a - b);
        const rows = counted(given);
        return occurring.map((label) => occurring.map((answer) => rows[label][answer]));
      },
    },
  ],
});

export const networkExercises: Exercises = {
  '08.1': valueExercise('the network with a padding of 2', {
    sizes: {
      answer: [28, 14, 14, 7],
      mistakes: [
        {
          answer: [28, 28, 14, 14],
          hint: 'In the order of the layers: convolution, pooling, convolution, pooling.',
        },
        { answer: [26, 13, 11, 5], hint: 'That is with a padding of 1.' },
        { answer: [28, 14, 10, 5], hint: 'The second convolution has the padding of 2 as well.' },
      ],
    },
    dense1: {
      answer: 49_050,
      mistakes: [
        { answer: 49_000, hint: 'The biases are missing, one for each of the 50 units.' },
        { answer: 25_050, hint: 'That is with a padding of 1, on 5 × 5 × 20.' },
        { answer: 2500, hint: 'There are 20 maps of 7 × 7, and 50 biases.' },
      ],
    },
    all: {
      answer: 54_840,
      mistakes: [
        { answer: 30_840, hint: 'That is the network with a padding of 1.' },
        { answer: 54_330, hint: 'The output layer is missing: (50 + 1) · 10.' },
        { answer: 54_800, hint: 'The biases of the other layers are missing.' },
        { answer: 54_750, hint: 'The biases are missing.' },
      ],
    },
  }),
  '08.2': splitExercise,
  '08.3': builtExercise,
  '08.4': adamExercise,
  '08.5': confusionExercise,
};
