/** Notebook 8: whether pooling lessens overfitting, with a control of equal parameters. */
import { models } from 'convlab';
import type { Arm, Experiment } from './experiment';
import { trained, wrongOf, type TrainedArm } from './network';

type Build = TrainedArm['build'];
const networks: Readonly<Record<string, Build>> = {
  'max pooling': models.twoConvLayers,
  'no pooling': models.withoutPooling,
  'stride instead': ({ seed }) => models.withoutPooling({ seed, stride: 2 }),
};

const candidates = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016];

const arms = (suffix: string, images: number, drawn: boolean, rates: readonly number[]): Arm[] =>
  Object.entries(networks).map(([name, build]) =>
    trained({
      name: `${name}, ${suffix}`,
      network: name,
      build,
      recipe: { epochs: 16, batchSize: 8 },
      rates,
      images,
      drawn,
      measure: async (model, _, learned) => ({ 'wrong of learned': await wrongOf(model, learned) }),
    }),
  );

export const pooling: Experiment = {
  name: 'pooling',
  question: 'Does pooling lessen overfitting?',
  arms: [
    ...arms('50 images', 50, false, [0.002]),
    ...arms('50 drawn images, best rate', 50, true, candidates),
    ...arms('500 drawn images, best rate', 500, true, candidates),
  ],
};
