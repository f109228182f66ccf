/** Notebook 11, sections 11.7 and 11.9: six networks and two dense ones, trained alike and with the best rate of each. */
import { loadMnist, models, split } from 'convlab';
import type { Digits } from './digits';
import type { Arm, Experiment } from './experiment';
import { trained, type TrainedArm } from './network';

interface Network {
  readonly build: TrainedArm['build'];
  /** Four for each, around the one that suits it. */
  readonly candidates: readonly number[];
}

const candidates = [0.002, 0.004, 0.008, 0.016];

const networks: Readonly<Record<string, Network>> = {
  'A five layers': { build: models.conv16Dense64, candidates },
  'B two convolutions': { build: models.twoConvLayers, candidates },
  'C volumes': { build: models.fullyConvolutional, candidates: [0.004, 0.008, 0.016, 0.032] },
  'D Keras convnet': { build: models.kerasConvnet, candidates },
  'E linear': { build: models.linear, candidates: [0.004, 0.008, 0.016, 0.032] },
  'E two stages': { build: models.conv16Conv32, candidates },
  '784-128-10': { build: ({ seed }) => models.denseNetwork({ hidden: [128], seed }), candidates },
  '784-128-64-10': { build: ({ seed }) => models.denseNetwork({ hidden: [128, 64], seed }), candidates },
};

let loaded: Promise<Digits> | undefined;

/** The notebook's parts: 6,000 images to train with, 2,000 split off. */
function parts(): Promise<Digits> {
  loaded ??= loadMnist({ source: 'subset' }).then(({ train, test }) => {
    const [learned, validation] = split(train, 6000, 1);
    return { train: learned, validation, test };
  });
  return loaded;
}

const arms = (suffix: string, ratesOf: (network: Network) => readonly number[]): Arm[] =>
  Object.entries(networks).map(([name, network]) =>
    trained({
      name: `${name}, ${suffix}`,
      network: name,
      build: network.build,
      recipe: { epochs: 3, batchSize: 32, schedule: 'cosine' },
      rates: ratesOf(network),
      images: 6000,
      from: parts,
    }),
  );

export const sixNetworks: Experiment = {
  name: 'networks',
  question: 'Which of the six networks makes the fewest errors?',
  arms: [...arms('as in the notebook', () => [0.008]), ...arms('best rate', (network) => network.candidates)],
};
