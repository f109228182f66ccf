/** Notebook 6: how many hidden units learn 200 digits by heart, and how they read others. */
import { smallNetwork } from 'convlab';
import { digits, part } from './digits';
import type { Arm, Experiment } from './experiment';
import { trainNet, wrongBy } from './hidden';

const arm = (hidden: number, suffix: string, rates: readonly number[]): Arm => {
  const settings = { hidden, images: 200, epochs: 20, batchSize: 20 };
  return {
    name: `${hidden} units, ${suffix}`,
    settings,
    rates,
    async run({ seed, learningRate, on }) {
      const data = await digits();
      const few = part(data.train, 0, settings.images);
      const net = trainNet(smallNetwork.start(hidden, seed), few, { ...settings, learningRate });
      return { wrong: wrongBy(net, data[on]), 'wrong of learned': wrongBy(net, few) };
    },
  };
};

const hidden = [4, 8, 16, 32];

export const memorising: Experiment = {
  name: 'memorising',
  question: 'How many hidden units learn 200 digits by heart, and do more of them overfit more?',
  arms: [
    ...hidden.map((units) => arm(units, 'as in the notebook', [0.15])),
    ...hidden.map((units) => arm(units, 'best rate', [0.05, 0.1, 0.2, 0.4, 0.8])),
  ],
};
