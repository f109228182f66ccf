/** The exercise of notebook 8 on a stratified split: each class is shared out in the same proportion. */
import type { Random } from '../random';
import { isListLike } from './answers';
import { drawn, upTo } from './arrays';
import type { Case } from './exercise';
import { functionExercise } from './exercise';

type Given = [labels: readonly number[], order: readonly number[], part: number];

type Parts = Readonly<Record<'train' | 'validation', number[]>>;

/** Both lists from the smallest image to the largest: which images are in a part counts, not their order. */
function parts(train: readonly number[], validation: readonly number[]): Parts {
  const upward = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);
  return { train: upward(train), validation: upward(validation) };
}

function readParts(value: unknown): unknown {
  const { train, validation } = (value ?? {}) as Partial<Record<keyof Parts, unknown>>;
  if (!isListLike(train) || !isListLike(validation)) return value;
  return parts(Array.from(train as ArrayLike<number>), Array.from(validation as ArrayLike<number>));
}

/** How many images of each class. */
function counted(labels: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Goes through `order` and takes an image for `train` while `train` has fewer than `quota(images of its class)` of that class. */
function shared(
  [labels, order]: Given,
  quota: (images: number) => number,
  place: (image: number, at: number) => number = (image) => image,
): Parts {
  const counts = counted(labels);
  const taken = new Map<number, number>();
  const train: number[] = [];
  const validation: number[] = [];
  order.forEach((image, at) => {
    const label = labels[image];
    const before = taken.get(label) ?? 0;
    const isTaken = before < quota(counts.get(label) ?? 0);
    if (isTaken) taken.set(label, before + 1);
    (isTaken ? train : validation).push(place(image, at));
  });
  return parts(train, validation);
}

const right = (given: Given): Parts => shared(given, (images) => Math.round(given[2] * images));

/** `counts[c]` images of class c, their labels mixed, and another order of them. */
function splitCase(generator: Random, name: string, counts: readonly number[], part: number): Case<Given> {
  const shuffled = (list: readonly number[]): number[] => {
    const rest = [...list];
    return list.map(() => rest.splice(drawn(generator, 0, rest.length - 1), 1)[0]);
  };
  const labels = shuffled(counts.flatMap((count, label) => Array.from({ length: count }, () => label)));
  return { name, args: [labels, shuffled(upTo(labels.length)), part] };
}

export const splitExercise = functionExercise<Given, Parts>({
  title: 'a stratified split',
  signature:
    'mySplit(\n  labels: number[],\n  order: number[],\n  part: number,\n): { train: number[]; validation: number[] }',
  axes: { train: ['images'], validation: ['images'] },
  unordered: true,
  read: readParts,
  cases: (generator) => [
    {
      name: 'the labels 7, 7, 7, 7, 1, 1, the order 5, 0, 2, 3, 4, 1 and half of them',
      args: [[7, 7, 7, 7, 1, 1], [5, 0, 2, 3, 4, 1], 0.5],
    },
    splitCase(generator, '20 and 60 images, three quarters of them', [20, 60], 0.75),
    splitCase(generator, 'ten classes of 8 to 80 images, seven eighths of them', [8, 80, 40, 16, 24, 8, 32, 16, 48, 8], 0.875), // prettier-ignore
    splitCase(generator, '100 images of each class and a part of 0.57', [100, 100], 0.57),
    splitCase(generator, '100 images of each class and a part of 0.07', [100, 100], 0.07),
  ],
  right: (...given) => right(given),
  mistakes: [
    {
      hint: 'The classes are not shared out in proportion: the first images of `order` are taken, whatever their labels. Count each class by itself.',
      wrong: (...[labels, order, part]) => {
        const size = Math.round(part * labels.length);
        return parts(order.slice(0, size), order.slice(size));
      },
    },
    {
      hint: 'The images are taken in the order of the data set: go through `order`.',
      wrong: (...[labels, , part]) => right([labels, upTo(labels.length), part]),
    },
    {
      hint: 'The first images of the data set are taken, neither drawn nor shared out by class: go through `order`, and count each class by itself.',
      wrong: (...[labels, , part]) => {
        const size = Math.round(part * labels.length);
        return parts(upTo(size), upTo(labels.length).slice(size));
      },
    },
    {
      hint: 'The two parts are exchanged: `part` is the share of the training images.',
      wrong: (...given) => {
        const { train, validation } = right(given);
        return { train: validation, validation: train };
      },
    },
    {
      hint: 'The training images are validation images as well: no image may be in both parts.',
      wrong: (...given) => parts(right(given).train, given[1]),
    },
    {
      hint: 'These are places in `order`, not the images found there: take order[k], not k.',
      wrong: (...given) =>
        shared(
          given,
          (images) => Math.round(given[2] * images),
          (_image, at) => at,
        ),
    },
    {
      hint: 'These are the labels of the images: return the images themselves, the numbers in `order`.',
      wrong: (...given) =>
        shared(
          given,
          (images) => Math.round(given[2] * images),
          (image) => given[0][image],
        ),
    },
    {
      hint: 'Every class gives the same number of training images: a class with more images should give more.',
      wrong: (...given) => {
        const [labels, , part] = given;
        return shared(given, () => Math.round((part * labels.length) / counted(labels).size));
      },
    },
    {
      hint: '0.57 * 100 is 56.99999999999999 in a program: round it with Math.round, not down.',
      wrong: (...given) => shared(given, (images) => Math.floor(given[2] * images)),
    },
    {
      hint: '0.07 * 100 is 7.000000000000001 in a program, and 7 is less than that: round it with Math.round first.',
      wrong: (...given) => shared(given, (images) => given[2] * images),
    },
  ],
});
