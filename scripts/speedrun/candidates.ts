/** What `npm run speedrun:search` tries. */
import type { Recipe } from '../accuracy/experiments';
import type { Shape } from './network';

export interface Candidate {
  readonly network: Shape | 'twoConvLayers';
  /** How many images are seen, each as often as it comes: not always whole epochs. */
  readonly images: number;
  readonly recipe: Omit<Recipe, 'name' | 'epochs' | 'learningRate'> & { readonly learningRate: Rate };
}

/** One cycle. */
export interface Rate {
  readonly oneCyclePeak: number;
  readonly rising: number;
}

const course = 'twoConvLayers';
const small: Shape = { kernels: [16, 32], units: 64 };
const normalized: Shape = { ...small, norm: true };
const wide: Shape = { kernels: [24, 32], units: 256 };
const large: Shape = { kernels: [24, 48], units: 128 };

const quick = { beta1: 0.7, beta2: 0.9 };
const affine = { shift: 2, rotate: 10, scale: 0.1 };
const cycle = (oneCyclePeak: number): Rate => ({ oneCyclePeak, rising: 0.2 });

const EPOCH = 60_000;

function candidate(
  network: Candidate['network'],
  images: number,
  o: Partial<Candidate['recipe']> = {},
): Candidate {
  return { network, images, recipe: { batchSize: 64, learningRate: cycle(0.008), ...o } };
}

/** In the order in which they were tried. */
export const candidates: readonly Candidate[] = [
  // For 99.0 %: Adam's decays, the network, its rate, label smoothing, fewer images.
  candidate(course, EPOCH),
  candidate(course, EPOCH, { adam: quick }),
  candidate(normalized, EPOCH, { adam: quick }),
  candidate(normalized, EPOCH, { adam: quick, learningRate: cycle(0.016) }),
  candidate(small, EPOCH, { adam: quick }),
  candidate(small, EPOCH, { adam: quick, learningRate: cycle(0.004) }),
  candidate(wide, EPOCH, { adam: quick }),
  candidate(normalized, EPOCH, { adam: quick, labelSmoothing: 0.1 }),
  candidate(course, EPOCH, { adam: quick, labelSmoothing: 0.1 }),
  candidate(small, EPOCH, { adam: quick, labelSmoothing: 0.1 }),
  candidate(wide, EPOCH, { adam: quick, labelSmoothing: 0.1 }),
  candidate(small, EPOCH, { adam: quick, labelSmoothing: 0.1, learningRate: cycle(0.012) }),
  candidate(small, 48_000, { adam: quick, labelSmoothing: 0.1 }),
  candidate(small, EPOCH, { adam: quick, labelSmoothing: 0.2 }),
  candidate(small, 42_000, { adam: quick, labelSmoothing: 0.2 }),
  candidate(small, 36_000, { adam: quick, labelSmoothing: 0.2 }),
  // For 99.4 and 99.5 %, with changed copies of the images.
  candidate(wide, 4 * EPOCH, { adam: quick, labelSmoothing: 0.1, augment: affine }),
  candidate(large, 6 * EPOCH, { adam: quick, labelSmoothing: 0.1, augment: affine }),
  candidate(wide, 3 * EPOCH, { adam: quick, labelSmoothing: 0.2, augment: affine }),
  candidate(wide, 6 * EPOCH, { adam: quick, labelSmoothing: 0.2, augment: affine }),
];
