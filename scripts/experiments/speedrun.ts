/**
 * Notebook 15: what made the speedrun's recipe for 99.0 % (scripts/speedrun/goals.ts) faster than notebook 8's, one change
 * at a time. On the official files: 50,000 of the training images to learn from, the other 10,000 to count errors on, the
 * split of `npm run speedrun:search`. The test images choose nothing and are not read.
 */
import { loadMnist, split } from 'convlab';
import { networkOf, type Shape } from '../speedrun/network';
import type { Digits } from './digits';
import type { Arm, Experiment } from './experiment';
import { trained, type Recipe } from './network';

let loaded: Promise<Digits> | undefined;

function official(): Promise<Digits> {
  loaded ??= loadMnist({ source: 'full' }).then(({ train: all }) => {
    const [train, validation] = split(all, TRAINING_IMAGES, 1);
    // The protocol counts the errors of a result in `test`.
    return { train, validation, test: validation };
  });
  return loaded;
}

/** One step of the ladder: a recipe, and all that it is measured with. */
interface Step {
  readonly network?: Shape | 'twoConvLayers';
  readonly recipe: Omit<Recipe, 'epochs'>;
  /** Candidates; a single one is not chosen. */
  readonly rates: readonly number[];
  /** Seen in one pass, drawn by the seed. */
  readonly images?: number;
}

const TRAINING_IMAGES = 50_000;
const small: Shape = { kernels: [16, 32], units: 64 };
const affine = { shift: 2, rotate: 10, scale: 0.1 };
const constantRates = [0.001, 0.002, 0.003, 0.004, 0.006];
const cycle = { schedule: 'oneCycle', rising: 0.2 } as const;
/** Of one cycle: what is compared in the end has its own peak chosen, on either side. */
const peaks = [0.004, 0.006, 0.008, 0.012, 0.016];

const plain: Step = { recipe: { batchSize: 32 }, rates: [0.001] };
/** Its peak is that of the recipe for 99.0 %. */
const oneCycle: Step = { recipe: { batchSize: 32, ...cycle }, rates: [0.008] };
const batches: Step = changed(oneCycle, { batchSize: 64 });
const decays: Step = changed(batches, { optimizer: { kind: 'adam', beta1: 0.7, beta2: 0.9 } });
const smoothed: Step = changed(decays, { labelSmoothing: 0.2 });
const wider: Step = { ...smoothed, network: small };
/** The recipe for 99.0 %. */
const last: Step = { ...wider, images: 42_000 };

/** It with one change taken back; `peaks` unless others are named. */
const takenBack: readonly (readonly [change: string, step: Step, peaks?: readonly number[]])[] = [
  ['batches of 64', changed(last, { batchSize: 32 })],
  ['shorter memory', changed(last, { optimizer: 'adam' }), [...peaks.slice(1), 0.024]],
  ['label smoothing', changed(last, { labelSmoothing: 0 })],
  ['another network', { ...last, network: 'twoConvLayers' }],
];

function changed(step: Step, recipe: Partial<Step['recipe']>): Step {
  return { ...step, recipe: { ...step.recipe, ...recipe } };
}

function arm(name: string, step: Step): Arm {
  const { network = 'twoConvLayers', recipe, rates, images = TRAINING_IMAGES } = step;
  return trained({
    name,
    network:
      network === 'twoConvLayers'
        ? network
        : `${network.kernels.join(' and ')} kernels, ${network.units} units` +
          (network.norm ? ', normalised' : ''),
    build: ({ seed }) => networkOf(network, seed),
    recipe: { epochs: 1, ...recipe },
    rates,
    images,
    drawn: true,
    from: official,
  });
}

export const speedrun: Experiment = {
  name: 'speedrun',
  question: 'Which changes let a network reach 99 % with fewer images seen?',
  arms: [
    // Each step is the one before with one change.
    arm('plain', plain),
    arm('a better rate', { ...plain, rates: constantRates }),
    arm('one cycle', oneCycle),
    arm('batches of 64', batches),
    arm('shorter memory', decays),
    arm('label smoothing', smoothed),
    arm('another network', wider),
    arm('fewer images', last),
    // The last step with one thing more that is known to help elsewhere.
    arm('and batch norm', { ...last, network: { ...small, norm: true } }),
    arm('and averaged weights', changed(last, { average: { decay: 0.9, every: 6 } })),
    arm('and changed images', changed(last, { augment: affine })),
    // The last step, and what it is without one of the changes, each at the best of five rates.
    arm('last, best peak', { ...last, rates: peaks }),
    arm('without one cycle', { ...changed(last, { schedule: 'constant' }), rates: constantRates }),
    ...takenBack.map(([change, step, rates = peaks]) => arm(`without ${change}`, { ...step, rates })),
    // And at the last step's peak, which was chosen with all the changes.
    ...takenBack.map(([change, step]) => arm(`without ${change}, same peak`, step)),
    // The error by the number of images seen, fixed beforehand.
    arm('last, 12,500 images', { ...last, images: 12_500 }),
    arm('last, 25,000 images', { ...last, images: 25_000 }),
  ],
};
