/** Notebook 5: whether normalised pixels are worth more than a better learning rate. */
import { meanAndVariance, smallNetwork, type Dataset } from 'convlab';
import { digits, part } from './digits';
import type { Arm, Experiment } from './experiment';
import { trainNet, wrongBy } from './hidden';

const arm = (isNormalised: boolean, suffix: string, rates: readonly number[]): Arm => ({
  name: `${isNormalised ? 'normalised' : '0 to 1'}, ${suffix}`,
  settings: { hidden: 32, images: 2500, epochs: 1, normalised: isNormalised },
  rates,
  async run({ seed, learningRate, on }) {
    const data = await digits();
    const { mean, variance } = meanAndVariance(data.train);
    const seen = (images: Dataset): Dataset =>
      isNormalised
        ? { ...images, images: images.images.map((value) => (value - mean) / Math.sqrt(variance)) }
        : images;
    const lesson = seen(part(data.train, 0, 2500));
    const net = trainNet(smallNetwork.start(32, seed), lesson, { learningRate, epochs: 1 });
    return { wrong: wrongBy(net, seen(data[on])) };
  },
});

const both = (suffix: string, rates: readonly number[]): Arm[] =>
  [false, true].map((isNormalised) => arm(isNormalised, suffix, rates));

export const normalising: Experiment = {
  name: 'normalising',
  question: 'Are normalised pixels worth more than a better learning rate?',
  arms: [
    ...both('rate 0.01', [0.01]),
    ...both('rate 0.1', [0.1]),
    ...both('best rate', [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8]),
  ],
};
