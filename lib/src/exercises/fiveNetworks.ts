/** Exercises of notebook 11: work, votes, and a dense layer as a convolution. */
import type { NDArray } from '../ndarray';
import type { Random } from '../random';
import { convCost } from '../cost';
import { drawn, drawnArray, drawnList, indexOfLargest, misread, permuted, sumOf, upTo } from './arrays';
import type { Case, Exercises } from './exercise';
import { countText } from './words';
import { functionExercise, valueExercise } from './exercise';

interface WorkOptions {
  readonly kernel: number;
  readonly filters: number;
  readonly stride: number;
  readonly padding: number;
}
type Work = [input: readonly [height: number, width: number, channels: number], o: WorkOptions];

function workCase(input: Work[0], kernel: number, filters: number, stride = 1, padding = 0): Case<Work> {
  const more = `${stride > 1 ? `, stride ${stride}` : ''}${padding > 0 ? `, padding ${padding}` : ''}`;
  return {
    name: `${input.join(' × ')} and ${countText(filters, 'kernels')} of ${kernel} × ${kernel}${more}`,
    args: [input, { kernel, filters, stride, padding }],
  };
}

function work([input, { kernel, filters, stride, padding }]: Work): number {
  return convCost({ input, kernel, filters, stride, padding }).multiplyAdds;
}

function placesOf([[height, width], { kernel, stride, padding }]: Work): number {
  const places = (length: number): number => Math.floor((length + 2 * padding - kernel) / stride) + 1;
  return places(height) * places(width);
}

const workExercise = functionExercise<Work, number>({
  title: 'the multiply-adds of a convolution',
  signature:
    'myMultiplyAdds(\n  input: [height: number, width: number, channels: number],\n  o: { kernel: number; filters: number; stride: number; padding: number },\n): number',
  cases: (generator) => [
    workCase([4, 4, 1], 3, 1),
    workCase([28, 28, 1], 5, 10, 1, 1),
    workCase([13, 13, 10], 5, 20, 1, 1),
    workCase([8, 12, 3], 3, 4, 2),
    workCase(
      [drawn(generator, 10, 20), drawn(generator, 10, 20), drawn(generator, 2, 5)],
      3,
      drawn(generator, 2, 9),
      2,
      1,
    ),
    workCase([224, 224, 3], 7, 64, 2, 3),
  ],
  right: (...given) => work(given),
  mistakes: [
    {
      hint: 'Each answer sums over all channels: kernel² · channels products.',
      wrong: (...given) => work(given) / given[0][2],
    },
    {
      hint: 'That is for one kernel: multiply by their number.',
      wrong: (...given) => work(given) / given[1].filters,
    },
    {
      hint: 'That is with a window at every pixel: count the places that the window takes.',
      wrong: (...given) => (work(given) / placesOf(given)) * given[0][0] * given[0][1],
    },
    {
      hint: 'That is the work at one place: the kernels work at every place of the window.',
      wrong: (...given) => work(given) / placesOf(given),
    },
    {
      hint: 'The stride is left out: a stride of 2 leaves a quarter of the places.',
      wrong: (input, o) => work([input, { ...o, stride: 1 }]),
    },
    { hint: 'The padding is left out.', wrong: (input, o) => work([input, { ...o, padding: 0 }]) },
    {
      hint: 'The additions are counted on their own: a multiplication and its addition are one.',
      wrong: (...given) => 2 * work(given),
    },
    {
      hint: 'The biases are counted too: they are only added.',
      wrong: (...given) => work(given) + placesOf(given) * given[1].filters,
    },
    {
      hint: 'A kernel of k × k has k² numbers, not k.',
      wrong: (...given) => work(given) / given[1].kernel,
    },
  ],
});

type Votes = [probabilities: readonly (readonly (readonly number[])[])[]];

const normalised = (list: readonly number[]): number[] =>
  list.map((v) => Math.abs(v) / sumOf(list.map(Math.abs)));

function votesCase(
  generator: Random,
  name: string,
  networks: number,
  images: number,
  classes: number,
): Case<Votes> {
  return {
    name,
    args: [upTo(networks).map(() => upTo(images).map(() => normalised(drawnList(generator, classes))))],
  };
}

/** For each image the class that wins when the networks' rows are made into one by `join`. */
function votedBy(
  [probabilities]: Votes,
  join: (rows: readonly (readonly number[])[]) => readonly number[],
): number[] {
  return probabilities[0].map((_, image) =>
    indexOfLargest(join(probabilities.map((network) => network[image]))),
  );
}

const summed = (rows: readonly (readonly number[])[]): number[] =>
  rows[0].map((_, c) => sumOf(rows.map((row) => row[c])));

const voteExercise = functionExercise<Votes, number[]>({
  title: 'a vote by summed probabilities',
  signature: 'myVote(probabilities: number[][][]): number[]',
  axes: ['images'],
  cases: (generator) => [
    {
      name: 'three networks and one image, [0.6, 0.4], [0.6, 0.4] and [0.1, 0.9]',
      args: [[[[0.6, 0.4]], [[0.6, 0.4]], [[0.1, 0.9]]]],
    },
    votesCase(generator, 'two networks, five images and three classes', 2, 5, 3),
    votesCase(generator, 'five networks, forty images and ten classes', 5, 40, 10),
  ],
  right: (...given) => votedBy(given, summed),
  mistakes: [
    {
      hint: 'Each network has one vote, however confident it is: add up the probabilities instead.',
      wrong: (...given) =>
        votedBy(given, (rows) =>
          summed(rows.map((row) => row.map((_, c) => (c === indexOfLargest(row) ? 1 : 0)))),
        ),
    },
    {
      hint: 'The single most confident network decides: add up the probabilities of all.',
      wrong: (...given) =>
        votedBy(given, (rows) => rows[0].map((_, c) => Math.max(...rows.map((row) => row[c])))),
    },
    {
      hint: 'The probabilities are multiplied, so one network that says nearly 0 overrules all others: add them up.',
      wrong: (...given) =>
        votedBy(given, (rows) => rows[0].map((_, c) => rows.reduce((p, row) => p * row[c], 1))),
    },
    {
      hint: 'Those are the answers of the first network.',
      wrong: (...given) => votedBy(given, (rows) => rows[0]),
    },
    {
      hint: 'Those are the answers of the last network: the sums are overwritten and not added to.',
      wrong: (...given) => votedBy(given, (rows) => rows[rows.length - 1]),
    },
    {
      hint: 'The smallest sum wins: it is the largest.',
      wrong: (...given) => votedBy(given, (rows) => summed(rows).map((sum) => -sum)),
    },
    {
      hint: 'Those are the winning sums: return the classes that have them.',
      wrong: ([...networks]) =>
        networks[0].map((_, image) => Math.max(...summed(networks.map((network) => network[image])))),
    },
  ],
});

type AsConv = [weights: NDArray, volume: readonly [height: number, width: number, channels: number]];

const asConv = (...[weights, volume]: AsConv): NDArray => ({
  shape: [...volume, weights.shape[1]],
  data: weights.data.slice(),
});

const asConvExercise = functionExercise<AsConv, NDArray>({
  title: 'a dense layer as a convolution',
  signature:
    'myDenseAsConv(\n  weights: NDArray,\n  volume: [height: number, width: number, channels: number],\n): NDArray',
  axes: ['rows', 'columns', 'channels', 'kernels'],
  cases: (generator) => [
    {
      name: 'four weights 1, 2, 3, 4 of one unit, on a volume of 2 × 2 × 1',
      args: [{ shape: [4, 1], data: Float64Array.of(1, 2, 3, 4) }, [2, 2, 1]],
    },
    { name: 'two units on 2 × 3 × 1', args: [drawnArray(generator, 6, 2), [2, 3, 1]] },
    { name: 'one unit on 2 × 2 × 3', args: [drawnArray(generator, 12, 1), [2, 2, 3]] },
    { name: 'five units on 3 × 4 × 2', args: [drawnArray(generator, 24, 5), [3, 4, 2]] },
  ],
  right: asConv,
  mistakes: [
    {
      hint: 'The inputs are read as if all of one channel came before the next: flatten goes through [height, width, channels], the channels fastest.',
      wrong: (weights, [height, width, channels]) =>
        permuted({ shape: [channels, height, width, weights.shape[1]], data: weights.data }, 1, 2, 0, 3),
    },
    {
      hint: 'Rows and columns are exchanged: flatten goes through the rows, and within a row through its columns.',
      wrong: (weights, [height, width, channels]) =>
        permuted({ shape: [width, height, channels, weights.shape[1]], data: weights.data }, 1, 0, 2, 3),
    },
    {
      hint: 'The weights are read as [out, in]: here they are [in, out], one column for each unit.',
      wrong: (weights, volume) => asConv({ shape: weights.shape, data: misread(weights, 1, 0).data }, volume),
    },
    {
      hint: 'The kernel has PyTorch’s axes, [outChannels, inChannels, kernelHeight, kernelWidth]. Here it is [kernelHeight, kernelWidth, inChannels, outChannels].',
      wrong: (...given) => permuted(asConv(...given), 3, 2, 0, 1),
    },
    {
      hint: 'The kernel is flipped. conv2d does not flip: kernel[u, v] meets the pixel at (u, v).',
      wrong: (...given) => {
        const right = asConv(...given);
        const [height, width, channels, units] = right.shape;
        const taps = upTo(height * width).reverse();
        const step = channels * units;
        return {
          shape: right.shape,
          data: Float64Array.from(
            taps.flatMap((tap) => Array.from(right.data.subarray(tap * step, (tap + 1) * step))),
          ),
        };
      },
    },
  ],
});

export const fiveNetworksExercises: Exercises = {
  '11.2': valueExercise('network A on colour pictures of 200 × 200', {
    convolution: {
      answer: 1216,
      mistakes: [
        {
          answer: 416,
          hint: 'That is for grey pictures: a kernel has a table for each of the three colours.',
        },
        { answer: 1200, hint: 'The biases are missing.' },
      ],
    },
    flattened: {
      answer: 153_664,
      mistakes: [
        { answer: 9604, hint: 'There are 16 maps of 98 × 98.' },
        { answer: 614_656, hint: 'That is before the pooling.' },
        {
          answer: 160_000,
          hint: 'That is 100 × 100 × 16: without padding the convolution leaves 196 × 196.',
        },
      ],
    },
    all: {
      answer: 9_836_426,
      mistakes: [
        { answer: 9_835_776, hint: 'The output layer is missing: (64 + 1) · 10.' },
        { answer: 9_834_560, hint: 'That is the fully connected layer alone.' },
        { answer: 9_836_336, hint: 'The biases are missing.' },
      ],
    },
  }),
  '11.3': workExercise,
  '11.4': voteExercise,
  '11.5': asConvExercise,
};
