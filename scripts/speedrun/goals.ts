/** The goals of the speedrun, and the recipe for each, chosen in search.json by validation images alone. */
import type { Experiment, Recipe } from '../accuracy/experiments';
import { networkOf, type Shape } from './network';

export interface SpeedRecipe extends Recipe {
  /** Training images, drawn by the seed, of which an epoch consists: 42,000 of the 60,000 are 0.7 of an epoch. */
  readonly images: number;
}

export interface Goal extends Experiment {
  readonly recipe: SpeedRecipe;
  /** Also its name on the command line: the mean test accuracy to reach, in percent. */
  readonly name: '99.0' | '99.4' | '99.5';
  readonly shape: Shape;
  readonly seeds: number;
  /** Of two quiet cores, for one run with all around it: tells in advance how long a command takes. */
  readonly expectedSeconds: number;
}

const affine = { shift: 2, rotate: 10, scale: 0.1 };

function goal(
  name: Goal['name'],
  shape: Shape,
  recipe: Pick<SpeedRecipe, 'images' | 'epochs' | 'augment'>,
  seeds: number,
  expectedSeconds: number,
): Goal {
  return {
    name,
    title: `${shape.kernels.join(' and ')} kernels, ${shape.units} units`,
    shape,
    model: ({ seed }) => networkOf(shape, seed),
    recipe: {
      name: 'speedrun',
      batchSize: 64,
      learningRate: { oneCyclePeak: 0.008, rising: 0.2 },
      adam: { beta1: 0.7, beta2: 0.9 },
      labelSmoothing: 0.2,
      ...recipe,
    },
    seeds,
    expectedSeconds,
  };
}

const wide: Shape = { kernels: [24, 32], units: 256 };

export const goals: readonly Goal[] = [
  goal('99.0', { kernels: [16, 32], units: 64 }, { images: 42_000, epochs: 1 }, 10, 6),
  goal('99.4', wide, { images: 60_000, epochs: 3, augment: affine }, 10, 23),
  // The recipe before it for twice as long: by extension, not by validation images of its own.
  goal('99.5', wide, { images: 60_000, epochs: 6, augment: affine }, 5, 42),
];
