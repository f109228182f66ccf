/** Notebook 10, section 10.8: who still reads a digit that is moved to the right. */
import { models, transform } from 'convlab';
import type { Arm, Experiment } from './experiment';
import { trained, wrongOf, type Measure, type TrainedArm } from './network';

const networks: Readonly<Record<string, TrainedArm['build']>> = {
  'max pooling': models.twoConvLayers,
  'stride instead': ({ seed }) => models.withoutPooling({ seed, stride: 2 }),
  neither: models.withoutPooling,
  'dense network': models.denseNetwork,
};

const whenMoved: Measure = async (model, read) => {
  const wrong: Record<string, number> = {};
  for (const right of [1, 2, 3, 4, 5]) {
    wrong[`wrong moved by ${right}`] = await wrongOf(model, transform(read, { shift: [0, right] }));
  }
  return wrong;
};

/** Four candidates each, around the one that wins. */
const candidates = (name: string): number[] =>
  name === 'stride instead' ? [0.002, 0.004, 0.008, 0.016] : [0.001, 0.002, 0.004, 0.008];

const arms = (suffix: string, ratesOf: (name: string) => readonly number[]): Arm[] =>
  Object.entries(networks).map(([name, build]) =>
    trained({
      name: `${name}, ${suffix}`,
      network: name,
      build,
      recipe: { epochs: 2, batchSize: 16 },
      rates: ratesOf(name),
      images: 1500,
      measure: whenMoved,
    }),
  );

export const tolerance: Experiment = {
  name: 'tolerance',
  question: 'Which networks still read a digit that is moved?',
  // The rates are chosen on digits that stand where they should: of the others nobody knows beforehand.
  arms: [...arms('as in the notebook', () => [0.001]), ...arms('best rate', candidates)],
};
